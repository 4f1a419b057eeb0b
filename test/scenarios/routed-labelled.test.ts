import type { Consent, ServiceRequest, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actor, written } from '../harness/consents.ts';
import { eachDatabase } from '../harness/databases.ts';
import type { Party } from '../harness/hub.ts';
import { type Referral, reference } from '../harness/referral.ts';
import { hubsOwn, type RoutedWorld, startRoutedWorld } from '../harness/routed-world.ts';

const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }];

eachDatabase('a labelled request that the hub routes', database => {
  let world: RoutedWorld;
  beforeAll(async () => {
    world = await startRoutedWorld(database);
  });
  afterAll(() => world.hub.stop());

  it('is declined by the first, and served by the second, as the sender’s own would be', async () => {
    const { referral } = await labelled(['near', 'far', 'hub']);
    expect(await asked(referral)).toEqual(['near']);
    const filler = await fillerOf(referral);
    expect(filler.meta?.security).toContainEqual(security[0]);
    expect(await whoSees(filler, referral)).toEqual(['near']);

    await world.answer(world.near, referral, { status: 'rejected', statusReason: { text: 'full' } });
    expect(await asked(referral)).toEqual(['near', 'far']);
    expect(await whoSees(filler, referral)).toEqual(['far']);

    const task = await offerTo(world.far, referral);
    await act(world.far, task, 'accept');
    await act(world.far, task, 'schedule', { start: { valueDateTime: '2026-03-04T10:00:00Z' } });
    expect(await whoSees(filler, referral)).toEqual(['far']);
  });

  /** A referral to the hub with labels, of a person whose consent names these organizations. */
  async function labelled(names: readonly string[]) {
    const { patient } = await world.send({ status: 'draft' });
    const { id: _id, ...permit } = written(
      { actor: names.map(name => actor(name)) },
      { patient: reference(patient) },
    );
    const consent = await world.hospital.create<Consent>(permit);
    const meta = { security };
    const referral = await world.send({ meta }, hubsOwn, { of: patient, request: { meta } });
    await world.hub.settle();
    return { referral, consent };
  }

  const names = (references: readonly (string | undefined)[]) =>
    references.map(one => one?.split('/').at(-1));
  const asked = async (referral: Referral) => names(await world.ownersOf(referral));

  async function fillerOf({ request }: Referral): Promise<ServiceRequest> {
    const [filler] = await world.found<ServiceRequest>(
      world.hospital,
      `/ServiceRequest?based-on=ServiceRequest/${request.id}`,
    );
    if (!filler) throw new Error('the sender does not see what the hub made of its request');
    return filler;
  }

  /** Of those who could be asked. */
  async function whoSees(filler: ServiceRequest, { patient }: Referral): Promise<string[]> {
    const seeing = [];
    for (const party of [world.near, world.far, world.elsewhere]) {
      const name = party.organization.split('/')[1] ?? '';
      const paths = [
        `/ServiceRequest/${filler.id}`,
        `/ServiceRequest/${filler.id}/_history/1`,
        `/ServiceRequest/${filler.id}/_history`,
        `/ServiceRequest/${filler.id}/$packet`,
      ];
      const found = await Promise.all(paths.map(async path => (await party.get(path)).status === 200));
      const searches = [
        `/ServiceRequest?_id=${filler.id}`,
        `/ServiceRequest?subject=Patient/${patient.id}&intent=filler-order`,
        `/ServiceRequest?_security=SUD&_id=${filler.id}`,
        `/Task?focus=ServiceRequest/${filler.id}&_include=Task:focus`,
      ];
      const results = await Promise.all(searches.map(one => party.get(one)));
      found.push(...results.map(({ text }) => text.includes(`"id":"${filler.id}"`)));
      expect(new Set(found).size, `${name}: ${found}`).toBe(1);
      if (found[0]) seeing.push(name);
    }
    return seeing;
  }

  async function offerTo(party: Party, referral: Referral): Promise<Task> {
    const [mine] = await world.found<Task>(
      party,
      `/Task?owner=${party.organization}&patient=Patient/${referral.patient.id}&_sort=-authored-on`,
    );
    if (!mine) throw new Error(`${party.name} is not asked`);
    return mine;
  }

  async function act(
    party: Party,
    task: Task,
    name: string,
    inputs: Record<string, object> = {},
  ): Promise<void> {
    const parameter = Object.entries(inputs).map(([input, value]) => ({ name: input, ...value }));
    const path = `/Task/${task.id}/$${name}`;
    const { status, text } = await party.request('POST', path, { resourceType: 'Parameters', parameter });
    expect(status, `$${name}: ${text}`).toBe(200);
    world.hub.clock.advance({ minutes: 1 });
    await world.hub.settle();
  }
});
