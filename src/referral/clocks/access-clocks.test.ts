import { describe, expect, it } from 'vitest';
import { asks } from '../../../test/cases/lifecycle-asks.ts';
import {
  createReferralWorld,
  placeNetwork,
  placeRequest,
  referralTask,
} from '../../../test/harness/referral-world.ts';
import { dueRules } from '../lifecycle/due.ts';
import { accessClocks, clockEnds } from './access-clocks.ts';

const friday = new Date('2026-05-22T20:00:00Z');

it.each([
  ['crisis', '2026-05-22T23:00:00.000Z'],
  ['urgent-evaluation', '2026-05-27T04:59:59.999Z'],
  ['routine-evaluation', '2026-06-09T04:59:59.999Z'],
  ['comprehensive-evaluation', '2026-07-22T04:59:59.999Z'],
  ['plan-review', '2026-11-23T05:59:59.999Z'],
  ['contact-after-discharge', '2026-05-23T20:00:00.000Z'],
])('%s from the Friday before Memorial Day ends at %s', (code, end) => {
  expect(clockEnds(code, friday, dueRules)?.toISOString()).toBe(end);
});

it('has no clock that is not among these', () => {
  expect(accessClocks.map(one => one.code)).toHaveLength(6);
  expect(() => clockEnds('leisure', friday, dueRules)).toThrow('no clock "leisure"');
});

it('has no end while it is paused without one', () => {
  expect(clockEnds('routine-evaluation', friday, dueRules, [{ start: friday }])).toBeUndefined();
});

describe('a referral to a program with times of access', () => {
  const program = { system: 'https://warmhandoff.example/fhir/CodeSystem/routing-program', code: 'ccbhc' };

  /** What a Task says of its clock: by when, and when it was met. */
  async function clockOf(priority: 'routine' | 'urgent', visited = false) {
    const world = createReferralWorld('2026-05-08T20:00:00Z');
    placeNetwork(world);
    const request = placeRequest(world, { category: [{ coding: [program] }], priority });
    let task = (await world.write('source', referralTask(request.id))).stored;
    const path = visited
      ? (['accept', 'schedule', 'recordVisit', 'schedule'] as const)
      : (['accept'] as const);
    for (const ask of path)
      task = (await world.write('target', { ...task, ...asks[ask] } as typeof task)).stored;
    const parts = task.extension?.find(({ url }) => url.endsWith('/access-clock'))?.extension ?? [];
    const part = (url: string) => parts.find(one => one.url === url);
    return [part('clock')?.valueCode, part('until')?.valueDateTime, part('met')?.valueDateTime];
  }

  it('says by when the person has to be seen, and when that was', async () => {
    expect(await clockOf('routine')).toEqual(['routine-evaluation', '2026-05-23T04:59:59.999Z', undefined]);
    expect(await clockOf('urgent')).toEqual(['urgent-evaluation', '2026-05-12T04:59:59.999Z', undefined]);
    expect((await clockOf('routine', true))[2]).toBe('2026-05-06T15:00:00Z');
  });

  it('others have none', async () => {
    const world = createReferralWorld();
    const { request } = placeNetwork(world);
    const { stored } = await world.write('source', referralTask(request.id));
    expect(stored.extension?.map(({ url }) => url.split('/').at(-1))).toEqual(['next-step']);
  });
});
