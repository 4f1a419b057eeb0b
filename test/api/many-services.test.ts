import type { HealthcareService, Parameters, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WriteOperation } from '../../src/fhir/repository.ts';
import { serviceType } from '../../src/referral/routing/codes.ts';
import { serviceCapacity } from '../../src/referral/routing/directory-entries.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, reference, treatingOrganization } from '../harness/referral.ts';

const kind = serviceType('548', 'Food relief');

onSqlite('a directory with many services of one kind', database => {
  let hub: TestHub;
  let hospital: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    await hub.party('pantries', { organization: treatingOrganization });
  });
  afterAll(() => hub.stop());

  async function add(from: number, to: number, status: 'capacity' | 'no-capacity'): Promise<void> {
    const service = (n: number): HealthcareService => ({
      resourceType: 'HealthcareService',
      active: true,
      name: `Pantry ${n}`,
      providedBy: { reference: 'Organization/pantries' },
      type: [kind],
      extension: [serviceCapacity({ status, confirmed: '2026-03-01' })],
    });
    const operations = Array.from(
      { length: to - from },
      (_, at): WriteOperation => ({ kind: 'create', resource: service(from + at), inNameOf: 'pantries' }),
    );
    const repository = hub.hub.repository(hub.hub.hubActor);
    while (operations.length > 0) await repository.write(operations.splice(0, 250));
  }

  async function matched() {
    const patient = await hospital.create({ resourceType: 'Patient', birthDate: '1980-01-01' });
    const request = {
      resourceType: 'ServiceRequest',
      status: 'draft',
      intent: 'order',
      code: kind,
      subject: reference(patient),
    };
    const body = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: request }] };
    const { parameter = [] } = (await hospital.request('POST', '/ServiceRequest/$match', body))
      .json as Parameters;
    const number = (name: string) => parameter.find(one => one.name === name)?.valueInteger;
    const best = parameter.find(one => one.name === 'candidate')?.part?.[1]?.valueReference?.display;
    return { best, excluded: number('excluded-count'), left: number('not-compared') };
  }

  it('is compared whole: the one with room is found among hundreds that are full', async () => {
    await add(0, 200, 'no-capacity');
    await add(200, 201, 'capacity');
    await add(201, 400, 'no-capacity');
    expect(await matched()).toEqual({
      best: 'pantries, Pantry 200',
      excluded: 399,
      left: undefined,
    });
  });

  it('beyond a thousand says how many were not compared, to who asks and to the sender', async () => {
    await add(400, 1_012, 'capacity');
    expect(await matched()).toMatchObject({ left: 12 });
    const { task } = await refer(hospital, 'Organization/hub', { request: { code: kind } });
    await hub.settle();
    const told = (await hospital.get(`/Task/${task.id}`)).json as Task;
    expect(told.note?.map(({ text }) => text).join()).toContain(
      'Up to 12 more services of this kind were not compared',
    );
  });
});
