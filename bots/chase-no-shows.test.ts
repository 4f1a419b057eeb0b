import type { Bundle, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { onSqlite } from '../test/harness/databases.ts';
import { businessStatus, found, startTwoParties, type TwoParties } from '../test/harness/two-parties.ts';

onSqlite('a visit that somebody missed', database => {
  let world: TwoParties;
  beforeAll(async () => {
    world = await startTwoParties(database);
  });
  afterAll(() => world.hub.stop());

  it('have people looked for who missed a visit, then ask the sender', async () => {
    await world.monday();
    const visit = { executionPeriod: { start: world.hub.clock.now().toISOString() } };
    const scheduled = await world.answer(world.center, {
      ...(await world.accepted()),
      ...visit,
      status: 'in-progress',
      businessStatus: businessStatus('5.1.1'),
    });
    const missed = await world.answer(world.center, {
      ...scheduled,
      businessStatus: businessStatus('5.1.2'),
    });
    await world.later(1, 3);
    const outreach = (await world.center.get(`/Task?code=outreach&focus=Task/${missed.id}`))
      .json as Bundle<Task>;
    expect(found(outreach)).toHaveLength(1);
    expect(found(outreach)[0]).toMatchObject({
      owner: { reference: world.center.organization },
      status: 'requested',
    });
    await world.later(7, 5);
    expect(nextStepOf(await world.current(missed))).toMatchObject({ turn: 'hospital', action: 'decide' });
  });

  it('without a failure', () => world.expectNothingParked());
});
