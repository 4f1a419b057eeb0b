import type { HealthcareService, Parameters, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { system } from '../src/fhir/canonical.ts';
import { nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { serviceCapacity } from '../src/referral/routing/directory-entries.ts';
import { onSqlite } from '../test/harness/databases.ts';
import { rungsOf, startTwoParties, type TwoParties } from '../test/harness/two-parties.ts';

onSqlite('referrals that wait', database => {
  let world: TwoParties;
  beforeAll(async () => {
    world = await startTwoParties(database);
  });
  afterAll(() => world.hub.stop());

  const service = (status: 'waitlist' | 'capacity', confirmed: string): HealthcareService => ({
    resourceType: 'HealthcareService',
    active: true,
    providedBy: { reference: world.center.organization },
    extension: [serviceCapacity({ status, confirmed })],
  });
  const hold = (task: Task) =>
    world.answer(world.center, {
      ...task,
      status: 'on-hold',
      statusReason: { coding: [{ system: system.declineReason, code: 'no-capacity' }] },
    });
  const named = async (task: Task) => rungsOf(await world.current(task)).includes('opening');

  it('on a list: the first is named when there is an opening, and the next when that one has left', async () => {
    await world.monday();
    const stored = await world.center.create(service('waitlist', '2026-03-01'));
    const first = await hold(await world.accepted());
    world.hub.clock.advance({ minutes: 1 });
    const second = await hold(await world.accepted());
    await world.later(1);
    expect(rungsOf(await world.current(first))).toEqual([]);
    const open = { ...service('capacity', '2026-04-01'), id: stored.id };
    expect((await world.center.update(open)).status).toBe(200);
    await world.later(1);
    expect([await named(first), await named(second)]).toEqual([true, false]);
    const resumed = await world.answer(world.center, {
      ...(await world.current(first)),
      status: 'in-progress',
    });
    expect(nextStepOf(resumed)).toMatchObject({ action: 'schedule', since: nextStepOf(first)?.since });
    await world.later(1);
    expect(await named(second)).toBe(true);
    await world.later(14, 4);
    expect(nextStepOf(await world.current(second))).toMatchObject({ turn: 'hospital', action: 'decide' });
    const { json } = await world.center.get(`/HealthcareService/${stored.id}`);
    expect((await world.center.update({ ...json, active: false })).status).toBe(200);
    await world.answer(world.hospital, { ...(await world.current(second)), status: 'cancelled' });
  });

  it('by urgency, then by when they were asked for, whatever order they were put on the list in', async () => {
    await world.monday();
    const stored = await world.center.create(service('waitlist', '2026-04-20'));
    const asked = async (priority: Task['priority']) => {
      world.hub.clock.advance({ minutes: 1 });
      const task = priority ? { priority } : {};
      return world.accepted({ task });
    };
    const [early, late, urgent, stat] = [
      await asked('routine'),
      await asked('routine'),
      await asked('urgent'),
      await asked('stat'),
    ];
    for (const task of [late, urgent, early, stat]) await hold(task);
    const place = async ({ id }: Task) => {
      const { json } = await world.center.get(`/Task/${id}/$available-actions`);
      const { parameter = [] } = json as Parameters;
      return parameter.find(({ name }) => name === 'waitlist-position')?.valuePositiveInt;
    };
    const order = [stat, urgent, early, late];
    expect(await Promise.all(order.map(place))).toEqual([1, 2, 3, 4]);
    const open = { ...service('capacity', world.hub.clock.now().toISOString().slice(0, 10)), id: stored.id };
    expect((await world.center.update(open)).status).toBe(200);
    for (const [at, next] of order.entries()) {
      world.hub.clock.advance({ minutes: 5 });
      await world.hub.settle();
      expect(await Promise.all(order.map(named))).toEqual(order.map((_, other) => other === at));
      await world.answer(world.center, { ...(await world.current(next)), status: 'in-progress' });
    }
  });

  it('without a failure', () => world.expectNothingParked());
});
