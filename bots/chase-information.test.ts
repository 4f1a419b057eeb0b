import { afterAll, beforeAll, expect, it } from 'vitest';
import { nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { onSqlite } from '../test/harness/databases.ts';
import { refer } from '../test/harness/referral.ts';
import { businessStatus, rungsOf, startTwoParties, type TwoParties } from '../test/harness/two-parties.ts';

onSqlite('questions on a referral', database => {
  let world: TwoParties;
  beforeAll(async () => {
    world = await startTwoParties(database);
  });
  afterAll(() => world.hub.stop());

  it('ask a question, whose answer the hub does not wait for without an end; the clock of the answer goes on', async () => {
    await world.monday();
    const { task } = await refer(world.hospital, world.center.organization);
    world.hub.clock.advance({ hours: 20 });
    const asked = await world.answer(world.center, {
      ...task,
      businessStatus: businessStatus('info-requested'),
    });
    expect(nextStepOf(asked)).toMatchObject({
      turn: 'hospital',
      action: 'provide-information',
      waiting: 'answer',
    });
    await world.later(1);
    expect(rungsOf(await world.current(task))).toEqual(['reminder']);
    await world.later(1, 1, 1, 3);
    const back = await world.current(task);
    expect(back.status).not.toBe('requested');
    expect((back.note ?? []).map(({ text }) => text).join()).toMatch(/decides with what is there/);
  });

  it('without a failure', () => world.expectNothingParked());
});
