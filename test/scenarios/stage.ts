import type {
  Condition,
  HealthcareService,
  Observation,
  Organization,
  Patient,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { expect } from 'vitest';
import { type CapacityStatus, serviceCapacity } from '../../src/referral/routing/directory-entries.ts';
import type { TestDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type Receiver, startReceiver } from '../harness/receiver.ts';
import { communityOrganization, fulfill, reference, treatingOrganization } from '../harness/referral.ts';
import { loopback, onTopic, subscribe } from '../harness/subscriptions.ts';
import { type Manner, type Participant, participant } from './participant.ts';
import { disclosedTo, news, viewOf, writersOf } from './view.ts';

/** What each participant of a story has before it, by name; who is not named has nothing before it. */
export type ByName = Record<string, string[]>;

/** Where a story is told: a hub, a clock, a person, and the organizations that meet over them. */
export interface Stage {
  readonly hub: TestHub;
  /** Where everybody is told. */
  readonly receiver: Receiver;
  readonly person: Patient & { id: string };
  /** What the hospital sends with its request, and what it keeps. */
  readonly attached: Condition & { id: string };
  readonly kept: Observation & { id: string };
  joins(
    name: string,
    as: 'hospital' | 'center' | 'shelter',
    more?: Partial<Organization>,
  ): Promise<Participant>;
  /** Subscribes to what becomes of Tasks (everybody does who joins) or of requests, as far as one may see them. */
  listens(name: string, to: 'Task' | 'ServiceRequest'): Promise<void>;
  /** A service of the participant in the directory: 136 is case management, 127 support for who is homeless. */
  offers(who: Participant, what?: { code?: '136' | '127'; capacity?: CapacityStatus }): Promise<void>;
  /** A person comes to the hospital, with a record. */
  comes(to: Participant, who?: Partial<Patient>): Promise<void>;
  /** A request and the Task that asks: the hub (`Organization/hub`), or an organization itself. */
  refers(from: Participant, to: string | Participant, more?: Partial<ServiceRequest>): Promise<Sent>;
  /** One more is asked by the same request. */
  asksToo(
    from: Participant,
    request: ServiceRequest & { id: string },
    to: string | Participant,
  ): Promise<Task & { id: string }>;
  /** The hub does what is to be done now, and sends what is to be told. */
  settles(): Promise<void>;
  /** Time passes in one go, by so much or until then (an ISO instant), and the hub does what is due then. */
  passes(by: { minutes?: number; hours?: number; days?: number } | string): Promise<void>;
  /**
   * How it stands now: what every participant finds about the person through the API (lines as in view.ts), and what
   * subscriptions have told each of them since the scene before. Who is not named finds nothing, and is told nothing.
   */
  scene(what: string, sees: ByName, told: ByName): Promise<void>;
  /** In the end: to whom the record was disclosed (kinds of resources), and who has written what of the referral. */
  ledger(of: Participant, disclosed: ByName, wrote: ByName): Promise<void>;
  ends(): Promise<void>;
}

export interface Sent {
  request: ServiceRequest & { id: string };
  task: Task & { id: string };
}

const kinds = {
  hospital: treatingOrganization,
  center: treatingOrganization,
  shelter: communityOrganization,
};

export async function openStage(
  database: TestDatabase,
  manner: Manner,
  env: Record<string, string> = {},
): Promise<Stage> {
  const hub = await startTestHub(database, { ...loopback, HUB_LOG: 'silent', ...env });
  const receiver = await startReceiver();
  const cast = new Map<string, Participant>();
  const parties = new Map<string, Party>();
  const last = new Map<string, string>();
  const record: { -readonly [K in 'person' | 'attached' | 'kept']?: Stage[K] } = {};
  const there = <K extends keyof typeof record>(what: K) => {
    const found = record[what];
    if (!found) throw new Error('nobody has come yet');
    return found as NonNullable<(typeof record)[K]>;
  };

  const stage: Stage = {
    hub,
    receiver,
    get person() {
      return there('person');
    },
    get attached() {
      return there('attached');
    },
    get kept() {
      return there('kept');
    },
    async joins(name, as, more = {}) {
      const party = await hub.party(name, { organization: { ...kinds[as], ...more } });
      parties.set(name, party);
      await stage.listens(name, 'Task');
      const one = participant({ ...party, url: hub.url, manner, person: () => stage.person });
      cast.set(name, one);
      return one;
    },
    async listens(name, to) {
      const party = parties.get(name);
      if (!party) throw new Error(`${name} has not joined`);
      const path = to === 'Task' ? name : `${name}/requests`;
      await subscribe(party, onTopic(to, `${receiver.url}/${path}`, { content: 'full-resource' }));
    },
    async offers(who, { code = '136', capacity } = {}) {
      const confirmed = hub.clock.now().toISOString().slice(0, 10);
      await who.makes<HealthcareService>({
        resourceType: 'HealthcareService',
        ...(capacity ? { extension: [serviceCapacity({ status: capacity, confirmed })] } : {}),
        active: true,
        name: `Service of ${who.name}`,
        providedBy: { reference: who.organization },
        type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code }] }],
      });
    },
    async comes(to, who = {}) {
      const birthDate = '1985-07-01';
      record.person = await to.makes<Patient>({
        resourceType: 'Patient',
        name: [{ family: 'Rivera', given: ['Ida'] }],
        birthDate,
        ...who,
      });
      const subject = reference(record.person);
      record.attached = await to.makes<Condition>({
        resourceType: 'Condition',
        code: { text: 'Why they come' },
        subject,
      });
      record.kept = await to.makes<Observation>({
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'What was not sent along' },
        subject,
      });
    },
    async refers(from, to, more = {}) {
      const requester = { reference: from.organization };
      const request = await from.makes<ServiceRequest>({
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        priority: 'routine',
        code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '136' }] },
        subject: reference(stage.person),
        requester,
        reasonReference: [reference(stage.attached)],
        ...more,
      });
      const task = await stage.asksToo(from, request, to);
      return { request, task };
    },
    asksToo: (from, request, to) =>
      from.makes<Task>({
        resourceType: 'Task',
        status: 'requested',
        intent: 'order',
        code: fulfill,
        focus: reference(request),
        for: request.subject as NonNullable<Task['for']>,
        requester: { reference: from.organization },
        owner: { reference: typeof to === 'string' ? to : to.organization },
      }),
    async settles() {
      await hub.settle();
      await hub.hub.delivery.drain();
    },
    async passes(by) {
      if (typeof by === 'string') hub.clock.set(by);
      else hub.clock.advance(by);
      // A token lives for a day at most.
      const { authorization } = hub.hub;
      for (const { name, client } of cast.values())
        client.bearerToken = (await authorization.issueToken({ client: name, ttl: 86_400 })).token;
      await stage.settles();
    },
    async scene(what, sees, told) {
      await stage.settles();
      const took = receiver.received.splice(0);
      const views = await Promise.all(
        [...cast.values()].map(async one => [one.name, await viewOf(one, stage)] as const),
      );
      const seen = Object.fromEntries(views.filter(([, view]) => view.length > 0));
      const heard = [...cast.keys()].map(name => [name, news(took, name, last)] as const);
      const said = Object.fromEntries(heard.filter(([, lines]) => lines.length > 0));
      expect({ sees: seen, told: said }, what).toEqual({ sees, told });
    },
    async ledger(of, disclosed, wrote) {
      const told = {
        disclosed: await disclosedTo(of, stage.person.id),
        wrote: await writersOf(await auditor()),
      };
      expect(told).toEqual({ disclosed, wrote });
    },
    async ends() {
      await hub.stop();
      await receiver.close();
    },
  };
  return stage;

  /** Who reads the whole audit, for the network. */
  async function auditor(): Promise<Participant> {
    const party = await hub.party('auditor', { of: 'hub', scope: 'system/AuditEvent.rs' });
    return participant({ ...party, url: hub.url, manner, person: () => stage.person });
  }
}
