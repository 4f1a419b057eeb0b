import type {
  Consent,
  ConsentProvision,
  Parameters,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { expect } from 'vitest';
import { actor, written } from './consents.ts';
import type { Answer, Party } from './hub.ts';
import { type Referral, reference } from './referral.ts';
import { hubsOwn, type RoutedWorld } from './routed-world.ts';

export const substanceUse = {
  security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }],
};

/** Referrals that carry a label, of persons who consented, in a world that routes. */
export interface LabelledWorld {
  /** A person with the hospital's consent that names these organizations; nobody: none is recorded. */
  person(names: readonly string[], more?: Partial<ConsentProvision>): Promise<Agreed>;
  /** Request and Task labelled, unless said otherwise, sent to the hub. */
  send(agreed: Agreed, task?: Partial<Task>, request?: Partial<ServiceRequest>): Promise<Referral>;
  /** The hub's own request, as the hub itself sees it; undefined where there is none. */
  fillerOf(referral: Referral): Promise<ServiceRequest | undefined>;
  /** Names of the organizations of the world that find a resource: by all paths or by none. */
  whoSees(resource: Resource | undefined, referral: Referral): Promise<string[]>;
  /** Names of those whom the hub has asked. */
  asked(referral: Referral): Promise<string[]>;
  /** The Task by which a party was asked. */
  offerTo(party: Party, referral: Referral): Promise<Task>;
  /** Calls an operation of a Task; time passes and the bots run. */
  act(party: Party, task: Task, name: string, inputs?: Record<string, object>): Promise<Answer>;
}

interface Agreed {
  patient: Referral['patient'];
  consent?: Consent;
}

export function labelledWorld(world: RoutedWorld): LabelledWorld {
  const { hub } = world;
  const asHub = () => hub.hub.repository(hub.hub.hubActor);
  const inHub = async <R extends Resource>(type: string, query: string): Promise<R[]> =>
    (await asHub().search(type, new URLSearchParams(query))).entries.map(
      ({ stored }) => stored.resource() as R,
    );
  // A Task that the hub may no longer see is no parent to search by.
  const offersOf = async ({ task }: Referral) => {
    const own = await inHub<Task>('Task', 'requester=Organization/hub&_sort=authored-on&_count=1000');
    return own.filter(({ partOf }) => partOf?.[0]?.reference === `Task/${task.id}`);
  };

  return {
    async person(names, more = {}) {
      const { patient } = await world.send({ status: 'draft' });
      if (names.length === 0) return { patient };
      const { id: _id, ...permit } = written(
        { actor: names.map(name => actor(name)), ...more },
        { patient: reference(patient) },
      );
      return { patient, consent: await world.hospital.create<Consent>(permit) };
    },
    async send({ patient: of }, task = { meta: substanceUse }, request = { meta: substanceUse }) {
      const referral = await world.send(task, hubsOwn, { of, request });
      await hub.settle();
      return referral;
    },
    fillerOf: async ({ request }) =>
      (await inHub<ServiceRequest>('ServiceRequest', `based-on=ServiceRequest/${request.id}`))[0],
    async whoSees(resource, { patient }) {
      const seeing: string[] = [];
      if (!resource) return seeing;
      for (const party of [world.hospital, world.near, world.far, world.elsewhere]) {
        const name = party.organization.split('/')[1] ?? '';
        const found = await pathsTo(resource, patient.id, party);
        expect(new Set(Object.values(found)).size, `${name}: ${JSON.stringify(found)}`).toBe(1);
        if (found.read) seeing.push(name);
      }
      return seeing;
    },
    asked: async referral =>
      (await offersOf(referral)).map(({ owner }) => owner?.reference?.split('/')[1] ?? ''),
    async offerTo(party, referral) {
      const mine = (await offersOf(referral)).find(({ owner }) => owner?.reference === party.organization);
      if (!mine) throw new Error(`${party.name} is not asked`);
      return mine;
    },
    async act(party, task, name, inputs = {}) {
      const parameter = Object.entries(inputs).map(([input, value]) => ({ name: input, ...value }));
      const body = { resourceType: 'Parameters', parameter } as Parameters;
      const answer = await party.request('POST', `/Task/${task.id}/$${name}`, body);
      hub.clock.advance({ minutes: 1 });
      await hub.settle();
      return answer;
    },
  };
}

/** Whether a party finds a labelled resource, by each path there is. */
async function pathsTo({ resourceType, id }: Resource, patient: string, party: Party) {
  const path = `/${resourceType}/${id}`;
  const ok = async (at: string) => (await party.get(at)).status === 200;
  const has = async (at: string) => (await party.get(at)).text.includes(`"id":"${id}"`);
  const counted = await party.get(`/${resourceType}?_id=${id}&_summary=count`);
  const ofRequest = async () => ({
    packet: await ok(`${path}/$packet`),
    included: await has(`/Task?focus=${resourceType}/${id}&_include=Task:focus`),
    ofPatient: await has(`/${resourceType}?patient=Patient/${patient}`),
  });
  return {
    read: await ok(path),
    version: await ok(`${path}/_history/1`),
    history: await ok(`${path}/_history`),
    search: await has(`/${resourceType}?_id=${id}`),
    byLabel: await has(`/${resourceType}?_security=SUD&_id=${id}`),
    count: counted.json.total === 1,
    ...(resourceType === 'ServiceRequest' ? await ofRequest() : {}),
  };
}
