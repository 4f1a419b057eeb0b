import type { Communication, PractitionerRole, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { system } from '../src/fhir/canonical.ts';
import { nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { onSqlite } from '../test/harness/databases.ts';
import { businessStatus, rungsOf, startTwoParties, type TwoParties } from '../test/harness/two-parties.ts';

onSqlite('referrals that nobody moves', database => {
  let world: TwoParties;
  beforeAll(async () => {
    world = await startTwoParties(database);
  });
  afterAll(() => world.hub.stop());

  it('are told of rung by rung, each once, until the sender decides and the operators know', async () => {
    await world.monday();
    const supervisor: PractitionerRole = {
      resourceType: 'PractitionerRole',
      active: true,
      organization: { reference: world.center.organization },
      code: [{ coding: [{ system: system.personRole, code: 'supervisor' }] }],
    };
    const { id } = await world.center.create(supervisor);
    const task = await world.accepted();
    await world.later(3);
    expect(rungsOf(await world.current(task))).toEqual(['reminder']);
    await world.later(1);
    expect(rungsOf(await world.current(task))).toEqual(['reminder', 'supervisor']);
    const notices = (await world.seen<Communication>('Communication', 'status=preparation')).map(one =>
      JSON.stringify(one),
    );
    expect(notices.filter(one => one.includes(`PractitionerRole/${id}`))).toHaveLength(1);
    await world.later(1, 3);
    const handed = await world.current(task);
    expect(nextStepOf(handed)).toMatchObject({ turn: 'hospital', action: 'decide' });
    expect(handed.status).toBe('accepted');
    await world.later(4, 4, 4);
    expect(rungsOf(await world.current(task))).toEqual([
      'reminder',
      'supervisor',
      'source',
      'reminder',
      'supervisor',
      'network',
    ]);
    const told = await world.seen<Task>('Task', `code=overdue&focus=Task/${task.id}`);
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('Rivera');
    const version = (await world.current(task)).meta?.versionId;
    await world.later(3);
    expect((await world.current(task)).meta?.versionId).toBe(version);
  });

  it('go back to who is at work when it moves, or when the sender says that it waits', async () => {
    await world.monday();
    const task = await world.accepted();
    await world.later(7, 3);
    const handed = await world.current(task);
    expect(nextStepOf(handed)?.action).toBe('decide');
    const waiting = await world.answer(world.hospital, {
      ...handed,
      note: [...(handed.note ?? []), { text: 'We wait.' }],
    });
    expect(nextStepOf(waiting)).toMatchObject({ turn: 'center', action: 'schedule' });
    expect(rungsOf(waiting)).toEqual([]);
    await world.later(7, 3);
    const moved = await world.answer(world.center, {
      ...(await world.current(task)),
      status: 'in-progress',
      businessStatus: businessStatus('5.1.1'),
      executionPeriod: { start: '2026-06-01T15:00:00Z' },
    });
    expect(nextStepOf(moved)).toMatchObject({ turn: 'center', action: 'record-visit' });
    expect(rungsOf(moved)).toEqual([]);
  });

  it('without a failure', () => world.expectNothingParked());
});
