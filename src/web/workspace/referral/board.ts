import { isOverdue } from '../../due-words.ts';
import type { Referral, Stage } from '../../referrals.ts';

/** By whose turn it is. */
export const groups = ['yours', 'others', 'hub', 'finished'] as const;
export type Group = (typeof groups)[number];

/** What each part of the filter may be: codes alone, so that an address tells of nobody. */
export const choices = {
  group: groups,
  direction: ['sent', 'received'],
  urgency: ['urgent', 'asap', 'stat'],
  stage: ['draft', 'asked', 'working', 'on-hold'],
  late: ['yes'],
} as const;

export type Part = keyof typeof choices;
export const parts = Object.keys(choices) as readonly Part[];

/** What is shown, of each part; absent: all of it. */
export type BoardFilter = { readonly [P in Part]?: (typeof choices)[P][number] };

/** One choice: how many rows it would show, beside what the other parts choose. */
export interface Facet {
  part: Part;
  value: string;
  count: number;
  chosen: boolean;
}

/** Reads a filter from an address; what is none of its codes says nothing. */
export function readFilter(query: Readonly<Record<string, string>>): BoardFilter {
  const known = parts.flatMap(part => {
    const values: readonly string[] = choices[part];
    const value = query[part];
    return value !== undefined && values.includes(value) ? [[part, value]] : [];
  });
  return Object.fromEntries(known);
}

/** The address of the board with another choice of one part; the same choice again takes it away. */
export function withChoice(filter: BoardFilter, part: Part, value: string): string {
  const { [part]: before, ...others } = filter;
  return addressOf(before === value ? others : { ...others, [part]: value });
}

/** The address of the board with a filter; `from` is where a later page begins. */
export function addressOf(filter: BoardFilter, from?: string): string {
  const query = new URLSearchParams({ ...filter, ...(from ? { from } : {}) });
  query.sort();
  return query.size ? `/referrals?${query}` : '/referrals';
}

/** Over is what has no next step, and for the receiver what it has ended itself: the rest is the sender's. */
export function groupOf({ turn, direction, stage }: Referral): Group {
  if (!turn || (stage === 'ended' && direction === 'received')) return 'finished';
  if (turn.yours) return 'yours';
  return turn.hub ? 'hub' : 'others';
}

export const isLate = ({ turn, stage }: Referral, now: Date): boolean =>
  turn !== undefined && stage !== 'ended' && isOverdue(turn.due, now);

function has(referral: Referral, part: Part, now: Date): string {
  switch (part) {
    case 'group':
      return groupOf(referral);
    case 'late':
      return isLate(referral, now) ? 'yes' : 'no';
    default:
      return referral[part] satisfies Stage | string;
  }
}

const fits = (referral: Referral, filter: BoardFilter, now: Date, except?: Part): boolean =>
  parts.every(
    part => part === except || filter[part] === undefined || filter[part] === has(referral, part, now),
  );

/** The rows that a filter shows, by group, the soonest due first, the latest finished first. */
export function grouped(rows: readonly Referral[], filter: BoardFilter, now: Date): Map<Group, Referral[]> {
  const shown = rows.filter(row => fits(row, filter, now)).sort(bySoonest);
  const found = new Map(groups.map(group => [group, shown.filter(row => groupOf(row) === group)]));
  found.get('finished')?.sort((a, b) => b.changed.getTime() - a.changed.getTime());
  return found;
}

const bySoonest = (a: Referral, b: Referral): number =>
  (a.turn?.due.getTime() ?? 0) - (b.turn?.due.getTime() ?? 0);

/** Every choice that shows something, or is chosen. */
export function facets(rows: readonly Referral[], filter: BoardFilter, now: Date): Facet[] {
  return parts.flatMap(part => {
    const others = rows.filter(row => fits(row, filter, now, part));
    const values: readonly string[] = choices[part];
    return values
      .map(value => ({
        part,
        value,
        count: others.filter(row => has(row, part, now) === value).length,
        chosen: filter[part] === value,
      }))
      .filter(({ count, chosen }) => count > 0 || chosen);
  });
}
