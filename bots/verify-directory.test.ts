import type { HealthcareService, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../test/harness/databases.ts';
import { found, startTwoParties, type TwoParties } from '../test/harness/two-parties.ts';

onSqlite('entries of the directory', database => {
  let world: TwoParties;
  beforeAll(async () => {
    world = await startTwoParties(database);
    await world.hub.settle();
  });
  afterAll(() => world.hub.stop());

  const entry = () =>
    world.center.create<HealthcareService>({
      resourceType: 'HealthcareService',
      active: true,
      providedBy: { reference: world.center.organization },
    });
  const asked = async ({ id }: { id: string }, by = world.center) =>
    found<Task>((await by.get(`/Task?code=verify-entry&focus=HealthcareService/${id}`)).json);

  it('are asked about before they sink, once, until they are confirmed', async () => {
    const service = await entry();
    await world.later(80);
    expect(await asked(service)).toEqual([]);
    await world.later(1);
    const [task, ...more] = await asked(service);
    expect(more).toEqual([]);
    expect(task).toMatchObject({ status: 'requested', owner: { reference: world.center.organization } });
    expect(await asked(service, world.hospital)).toEqual([]);
    await world.later(1);
    expect(await asked(service)).toHaveLength(1);
    const confirmed = await world.center.request('POST', `/HealthcareService/${service.id}/$confirm`);
    expect(confirmed.status, confirmed.text).toBe(200);
    await world.hub.settle();
    expect((await asked(service)).map(({ status }) => status)).toEqual(['completed']);
    await world.later(80);
    expect(await asked(service)).toHaveLength(1);
    await world.later(2);
    expect((await asked(service)).map(({ status }) => status).sort()).toEqual(['completed', 'requested']);
  });

  it('of one organization are asked about a few a day, so that somebody answers', async () => {
    const services: { id: string }[] = [];
    for (let n = 0; n < 7; n++) services.push(await entry());
    const open = async () => (await Promise.all(services.map(one => asked(one)))).flat().length;
    await world.later(82);
    expect(await open()).toBe(5);
    await world.later(1);
    expect(await open()).toBe(7);
    for (const { id } of services) await world.center.request('POST', `/HealthcareService/${id}/$confirm`);
    await world.hub.settle();
  });

  it('that are closed are asked about no more', async () => {
    const service = await entry();
    await world.later(82);
    expect((await asked(service)).map(({ status }) => status)).toEqual(['requested']);
    const { status } = await world.center.update({ ...service, active: false });
    expect(status).toBe(200);
    await world.hub.settle();
    expect((await asked(service)).map(one => one.status)).toEqual(['cancelled']);
  });

  it('without a failure', () => world.expectNothingParked());
});
