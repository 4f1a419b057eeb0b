import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type CaseState, type StateName, states } from '../../../test/cases/lifecycle.ts';
import { asks } from '../../../test/cases/lifecycle-asks.ts';
import {
  createReferralWorld,
  placeNetwork,
  type ReferralWorld,
  referralTask,
} from '../../../test/harness/referral-world.ts';
import { nextStepExtension, nextStepOf } from './next-step.ts';

async function arrive(world: ReferralWorld, name: StateName, more: Partial<Task> = {}): Promise<Task> {
  const state: CaseState = states[name];
  const { request } = placeNetwork(world);
  const created = referralTask(request.id, {
    ...(state.created === 'draft' ? { status: 'draft' } : {}),
    ...more,
  });
  if (state.created === 'unowned') delete created.owner;
  let task: Task = (await world.write('source', created)).stored;
  for (const [party, ask] of state.path) task = (await world.write(party, { ...task, ...asks[ask] })).stored;
  return task;
}

const shown = (task: Task): string => {
  const step = nextStepOf(task);
  return step ? `${step.turn}: ${step.action} by ${step.due}` : 'nobody';
};

// Now is Monday, 4 May 2026, 14:00 UTC; the visit is on Wednesday, 15:00 to 16:00.
describe('whose turn it is', () => {
  it.each<[StateName, string]>([
    ['draft', 'source: send by 2026-05-05T14:00:00.000Z'],
    ['unowned', 'source: choose-recipient by 2026-05-05T14:00:00.000Z'],
    ['requested', 'target: answer by 2026-05-05T14:00:00.000Z'],
    ['accepted', 'target: schedule by 2026-05-07T14:00:00.000Z'],
    ['started', 'target: schedule by 2026-05-07T14:00:00.000Z'],
    ['scheduled', 'target: record-visit by 2026-05-07T16:00:00.000Z'],
    ['missed', 'target: reschedule by 2026-05-05T14:00:00.000Z'],
    ['visitCancelled', 'target: reschedule by 2026-05-05T14:00:00.000Z'],
    ['visited', 'target: report-outcome by 2026-05-18T14:00:00.000Z'],
    ['resting', 'target: review-hold by 2026-05-18T14:00:00.000Z'],
    ['leaving', 'target: confirm-cancellation by 2026-05-05T14:00:00.000Z'],
    ['rejected', 'source: choose-again by 2026-05-05T14:00:00.000Z'],
    ['failed', 'source: choose-again by 2026-05-05T14:00:00.000Z'],
    ['withdrawn', 'source: choose-again by 2026-05-05T14:00:00.000Z'],
    ['cancelled', 'source: close-request by 2026-05-11T14:00:00.000Z'],
    ['cut', 'source: close-request by 2026-05-11T14:00:00.000Z'],
    ['completed', 'source: close-request by 2026-05-11T14:00:00.000Z'],
    ['error', 'nobody'],
  ])('%s: %s', async (state, expected) => {
    expect(shown(await arrive(createReferralWorld(), state))).toBe(expected);
  });

  it.each([
    ['urgent', 'target: answer by 2026-05-04T18:00:00.000Z'],
    ['stat', 'target: answer by 2026-05-04T15:00:00.000Z'],
  ] as const)('sooner when %s', async (priority, expected) => {
    expect(shown(await arrive(createReferralWorld(), 'requested', { priority }))).toBe(expected);
  });

  it('sooner when the sender says so, never later', async () => {
    const until = async (end: string) =>
      shown(await arrive(createReferralWorld(), 'requested', { restriction: { period: { end } } }));
    expect(await until('2026-05-04T20:00:00Z')).toBe('target: answer by 2026-05-04T20:00:00.000Z');
    expect(await until('2026-06-04T20:00:00Z')).toBe('target: answer by 2026-05-05T14:00:00.000Z');
    expect(await until('2026-05-01T20:00:00Z')).toBe('target: answer by 2026-05-05T14:00:00.000Z');
  });

  it('a visit without a date has a due time all the same', async () => {
    const world = createReferralWorld();
    const task = await arrive(world, 'accepted');
    const { executionPeriod: _none, ...untimed } = asks.schedule;
    const { stored } = await world.write('target', { ...task, ...untimed } as Task);
    expect(shown(stored)).toBe('target: record-visit by 2026-05-18T14:00:00.000Z');
  });
});

describe('a due time', () => {
  it('is not moved by a note, and is counted anew from a change of status', async () => {
    const world = createReferralWorld();
    const task = await arrive(world, 'requested');
    world.now = new Date('2026-05-04T20:00:00Z');
    const { stored: noted } = await world.write('target', {
      ...task,
      note: [{ text: 'We are looking at it.' }],
    });
    expect(shown(noted)).toBe(shown(task));
    const { stored: accepted } = await world.write('target', { ...noted, status: 'accepted' as const });
    expect(shown(accepted)).toBe('target: schedule by 2026-05-07T20:00:00.000Z');
  });

  it('is counted anew when the request becomes urgent', async () => {
    const world = createReferralWorld();
    const task = await arrive(world, 'requested');
    const { stored } = await world.write('source', { ...task, priority: 'urgent' as const });
    expect(shown(stored)).toBe('target: answer by 2026-05-04T18:00:00.000Z');
  });

  it('cannot be changed by a party, and needs not be sent back', async () => {
    const world = createReferralWorld();
    const task = await arrive(world, 'requested');
    const later = nextStepExtension({ turn: 'source', action: 'send', due: '2030-01-01T00:00:00.000Z' });
    const { stored } = await world.write('target', { ...task, extension: [later] });
    expect(shown(stored)).toBe(shown(task));
    const { extension: _dropped, ...bare } = stored;
    expect(shown((await world.write('target', bare)).stored)).toBe(shown(task));
  });

  it("is the visit's, and moves with it", async () => {
    const world = createReferralWorld();
    const task = await arrive(world, 'scheduled');
    const moved = { ...task, executionPeriod: { start: '2026-05-08T15:00:00Z' } };
    expect(shown((await world.write('target', moved)).stored)).toBe(
      'target: record-visit by 2026-05-11T15:00:00.000Z',
    );
  });
});

describe("a question of the receiver's", () => {
  const asksForMore = {
    coding: [
      { system: 'https://warmhandoff.example/fhir/CodeSystem/referral-status', code: 'info-requested' },
    ],
  };

  it("is the sender's turn, until the sender answers", async () => {
    const world = createReferralWorld();
    const task = await arrive(world, 'requested');
    const { stored: asked } = await world.write('target', { ...task, businessStatus: asksForMore });
    expect(asked.status).toBe('requested');
    expect(asked.businessStatus?.coding?.map(one => one.code)).toEqual(['2.0', 'info-requested']);
    expect(shown(asked)).toBe('source: provide-information by 2026-05-05T14:00:00.000Z');
    const { stored: answered } = await world.write('source', {
      ...asked,
      note: [{ text: 'The list of medication follows.' }],
    });
    expect(answered.businessStatus?.coding?.map(one => one.code)).toEqual(['2.0']);
    expect(shown(answered)).toBe('target: answer by 2026-05-05T14:00:00.000Z');
  });
});

describe('of several Tasks for one request', () => {
  it('one alone says that the sender chooses again, and it gives way to a new one', async () => {
    const world = createReferralWorld();
    const { request } = placeNetwork(world, ['target', 'second']);
    const ask = async (owner: string) =>
      (
        await world.write(
          'source',
          referralTask(request.id, { owner: { reference: `Organization/${owner}` } }),
        )
      ).stored;
    const [first, second] = [await ask('target'), await ask('second')];
    const now = (task: { id: string }) => shown(world.read<Task>(`Task/${task.id}`));
    await world.write('target', { ...first, ...asks.decline });
    expect([now(first), now(second)]).toEqual(['nobody', 'second: answer by 2026-05-05T14:00:00.000Z']);
    world.now = new Date('2026-05-04T15:00:00Z');
    await world.write('second', { ...second, ...asks.decline });
    expect([now(first), now(second)]).toEqual(['nobody', 'source: choose-again by 2026-05-05T15:00:00.000Z']);
    const third = await ask('target');
    expect([now(first), now(second)]).toEqual(['nobody', 'nobody']);
    await world.write('source', { ...third, ...asks.cancel });
    expect([now(first), now(second), now(third)].filter(one => one !== 'nobody')).toHaveLength(1);
  });

  it('a draft that is thrown away gives the turn back', async () => {
    const world = createReferralWorld();
    const task = await arrive(world, 'rejected');
    const draft = { ...referralTask(task.focus?.reference?.split('/')[1] ?? ''), status: 'draft' as const };
    const { stored } = await world.write('source', draft);
    expect(shown(world.read(`Task/${task.id}`))).toBe('nobody');
    await world.remove('source', `Task/${stored.id}`);
    expect(shown(world.read(`Task/${task.id}`))).toBe('source: choose-again by 2026-05-05T14:00:00.000Z');
  });
});
