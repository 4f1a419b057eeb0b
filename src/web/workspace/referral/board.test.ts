import { describe, expect, it } from 'vitest';
import type { Referral } from '../../referrals.ts';
import { addressOf, facets, grouped, groupOf, isLate, readFilter, withChoice } from './board.ts';

const now = new Date('2026-03-02T15:00:00Z');
const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

const row = (
  id: string,
  more: Partial<Referral> & { due?: number; turnOf?: 'us' | 'them' | 'hub' } = {},
): Referral => {
  const { due = 5, turnOf = 'us', ...rest } = more;
  const turn = {
    yours: turnOf === 'us',
    hub: turnOf === 'hub',
    name: 'X',
    action: 'Answer',
    due: inHours(due),
  };
  return {
    id,
    urgency: 'routine',
    direction: 'sent',
    stage: 'asked',
    from: 'A',
    to: 'B',
    throughHub: false,
    status: 'Asked',
    turn,
    changed: now,
    ...rest,
  };
};

const over = (id: string, hoursAgo: number): Referral => {
  const { turn: _, ...rest } = row(id, { stage: 'ended', changed: inHours(-hoursAgo) });
  return rest;
};

describe('whose turn it is', () => {
  it.each([
    ['ours', row('1'), 'yours'],
    ['theirs', row('1', { turnOf: 'them' }), 'others'],
    ['the hub’s', row('1', { turnOf: 'hub' }), 'hub'],
    ['nobody’s any more', over('1', 1), 'finished'],
    [
      'the sender’s, after the receiver has ended it',
      row('1', { direction: 'received', stage: 'ended', turnOf: 'them' }),
      'finished',
    ],
    ['the sender’s own, to close', row('1', { stage: 'ended' }), 'yours'],
  ] as const)('%s', (_name, referral, group) => {
    expect(groupOf(referral)).toBe(group);
  });
});

describe('the groups', () => {
  it('have the soonest due first, and the latest finished first', () => {
    const rows = [row('late', { due: 9 }), row('soon', { due: 1 }), over('old', 9), over('new', 1)];
    const found = grouped(rows, {}, now);
    expect(found.get('yours')?.map(({ id }) => id)).toEqual(['soon', 'late']);
    expect(found.get('finished')?.map(({ id }) => id)).toEqual(['new', 'old']);
  });

  it('have what fits every part of the filter', () => {
    const rows = [
      row('a', { urgency: 'urgent', due: -1 }),
      row('b', { urgency: 'urgent' }),
      row('c', { due: -1, direction: 'received' }),
    ];
    const ids = (filter: Parameters<typeof grouped>[1]) =>
      [...grouped(rows, filter, now).values()].flat().map(({ id }) => id);
    expect(ids({ urgency: 'urgent', late: 'yes' })).toEqual(['a']);
    expect(ids({ direction: 'received' })).toEqual(['c']);
    expect(ids({ stage: 'working' })).toEqual([]);
  });
});

it('what is over is never overdue', () => {
  expect(isLate(row('1', { due: -1 }), now)).toBe(true);
  expect(isLate(row('1', { due: 1 }), now)).toBe(false);
  expect(isLate(row('1', { due: -1, stage: 'ended' }), now)).toBe(false);
});

describe('choices', () => {
  it('count what they would show beside what the other parts choose', () => {
    const rows = [row('a', { urgency: 'urgent' }), row('b', { urgency: 'urgent', turnOf: 'them' }), row('c')];
    const of = (filter: Parameters<typeof facets>[1], part: string) =>
      facets(rows, filter, now)
        .filter(one => one.part === part)
        .map(({ value, count, chosen }) => [value, count, chosen]);
    expect(of({}, 'group')).toEqual([
      ['yours', 2, false],
      ['others', 1, false],
    ]);
    expect(of({ urgency: 'urgent' }, 'group')).toEqual([
      ['yours', 1, false],
      ['others', 1, false],
    ]);
    expect(of({ group: 'others' }, 'urgency')).toEqual([['urgent', 1, false]]);
    // What is chosen can be taken away, also where it shows nothing any more.
    expect(of({ group: 'hub' }, 'group')).toContainEqual(['hub', 0, true]);
  });

  it('stand in the address as codes, and nothing else does', () => {
    expect(
      readFilter({ group: 'yours', urgency: 'urgent', stage: 'Okonjo', late: 'no', text: 'Okonjo' }),
    ).toEqual({
      group: 'yours',
      urgency: 'urgent',
    });
    expect(addressOf({})).toBe('/referrals');
    expect(addressOf({ urgency: 'urgent', group: 'yours' })).toBe('/referrals?group=yours&urgency=urgent');
  });

  it('are taken away by choosing them again', () => {
    expect(withChoice({ group: 'yours' }, 'late', 'yes')).toBe('/referrals?group=yours&late=yes');
    expect(withChoice({ group: 'yours', late: 'yes' }, 'late', 'yes')).toBe('/referrals?group=yours');
    expect(withChoice({ group: 'yours' }, 'group', 'others')).toBe('/referrals?group=others');
  });
});
