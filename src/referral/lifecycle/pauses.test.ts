import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type Ask, asks } from '../../../test/cases/lifecycle-asks.ts';
import { createReferralWorld, placeNetwork, referralTask } from '../../../test/harness/referral-world.ts';
import { system } from '../../fhir/canonical.ts';
import { nextStepOf } from './next-step.ts';

type Move = Ask | 'question' | 'reply';

const question = { businessStatus: { coding: [{ system: system.referralStatus, code: 'info-requested' }] } };

/** Where a referral sent on Monday, 4 May 2026, 14:00 UTC stands after what happened when. */
async function played(
  moves: readonly (readonly [at: string, by: string, move: Move])[],
  more: Partial<Task> = {},
) {
  const world = createReferralWorld();
  const { request } = placeNetwork(world);
  let task = (await world.write('source', referralTask(request.id, more))).stored;
  for (const [at, by, move] of moves) {
    world.now = new Date(`2026-05-${at}:00Z`);
    const reply = { note: [...(task.note ?? []), { text: `Here it is (${at}).` }] };
    const change = move === 'question' ? question : move === 'reply' ? reply : asks[move];
    task = (await world.write(by, { ...task, ...change } as typeof task)).stored;
  }
  return nextStepOf(task);
}

describe('a clock that stands goes on with what was left', () => {
  it.each<[string, Parameters<typeof played>, Partial<ReturnType<typeof nextStepOf>>]>([
    [
      'a question stops the clock of the answer',
      [[['04T20:00', 'target', 'question']]],
      { action: 'provide-information', waiting: 'answer', pauses: [{ start: '2026-05-04T20:00:00.000Z' }] },
    ],
    [
      'business hours: three of four were left, when somebody is at work again',
      [
        [
          ['04T15:00', 'target', 'question'],
          ['06T09:30', 'source', 'reply'],
        ],
        { priority: 'urgent' },
      ],
      { action: 'answer', due: '2026-05-06T16:00:00.000Z' },
    ],
    [
      'twice: half an hour was left',
      [
        [
          ['04T15:00', 'target', 'question'],
          ['05T15:00', 'source', 'reply'],
          ['05T17:30', 'target', 'question'],
          ['09T03:00', 'source', 'reply'],
        ],
        { priority: 'urgent' },
      ],
      { action: 'answer', due: '2026-05-11T13:30:00.000Z' },
    ],
    [
      'an end of the offer that is the rule’s own goes by the rule: an hour was left in the evening',
      [
        [
          ['04T17:00', 'target', 'question'],
          ['04T23:00', 'source', 'reply'],
        ],
        { priority: 'urgent', restriction: { period: { end: '2026-05-04T18:00:00Z' } } },
      ],
      { action: 'answer', due: '2026-05-05T14:00:00.000Z' },
    ],
    [
      'an end that the sender wants sooner waits as long as the question did',
      [
        [
          ['04T15:00', 'target', 'question'],
          ['04T20:00', 'source', 'reply'],
        ],
        { priority: 'urgent', restriction: { period: { end: '2026-05-04T16:00:00Z' } } },
      ],
      { action: 'answer', due: '2026-05-04T21:00:00.000Z' },
    ],
    [
      'a hold: two of three business days were left',
      [
        [
          ['04T14:00', 'target', 'accept'],
          ['05T15:00', 'target', 'hold'],
          ['12T15:00', 'target', 'start'],
        ],
      ],
      { turn: 'target', action: 'schedule', due: '2026-05-14T14:00:00.000Z' },
    ],
    [
      'what was overdue before is due at once',
      [
        [
          ['04T15:00', 'target', 'accept'],
          ['20T15:00', 'target', 'hold'],
          ['21T15:00', 'target', 'start'],
        ],
      ],
      { action: 'schedule', due: '2026-05-21T15:00:00.000Z' },
    ],
    [
      'a visit keeps its own time',
      [
        [
          ['04T15:00', 'target', 'accept'],
          ['04T16:00', 'target', 'schedule'],
          ['05T15:00', 'target', 'hold'],
          ['05T16:00', 'target', 'start'],
        ],
      ],
      { action: 'record-visit', due: '2026-05-07T16:00:00.000Z' },
    ],
  ])('%s', async (_what, story, expected) => {
    expect(await played(...story)).toMatchObject({ ...expected });
  });
});
