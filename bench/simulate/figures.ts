import type { Measures } from './measures.ts';
import type { Done, WayName } from './task.ts';

/** How a measure is shown, and what is asked of it. */
export interface Figure {
  name: keyof Measures;
  title: string;
  unit: 'days' | 'share' | 'km' | '';
  better: 'less' | 'more' | 'nearer to 0';
  /** better: the hub is better in every seed; no worse: not worse by more than the tolerance. Absent: told only. */
  asked?: 'better' | 'no worse';
}

export const figures: readonly Figure[] = [
  { name: 'mean', title: 'Time to first visit, mean', unit: 'days', better: 'less', asked: 'better' },
  { name: 'median', title: 'Time to first visit, median', unit: 'days', better: 'less', asked: 'better' },
  { name: 'p90', title: 'Time to first visit, 90th percentile', unit: 'days', better: 'less' },
  { name: 'meanRoutine', title: 'Time to first visit, mean, routine', unit: 'days', better: 'less' },
  { name: 'meanUrgent', title: 'Time to first visit, mean, urgent', unit: 'days', better: 'less' },
  { name: 'seen7', title: 'Seen within 7 days', unit: 'share', better: 'more' },
  { name: 'seen30', title: 'Seen within 30 days', unit: 'share', better: 'more' },
  { name: 'overdueShare', title: 'Loops past due, share', unit: 'share', better: 'less', asked: 'better' },
  {
    name: 'overdueDays',
    title: 'Loops past due, days a referral',
    unit: 'days',
    better: 'less',
    asked: 'better',
  },
  { name: 'accessPastDue', title: 'Access clock past due', unit: 'share', better: 'less' },
  { name: 'kmMedian', title: 'Travel, median', unit: 'km', better: 'less', asked: 'no worse' },
  { name: 'kmP90', title: 'Travel, 90th percentile', unit: 'km', better: 'less', asked: 'no worse' },
  { name: 'gini', title: 'Fairness between places, Gini', unit: '', better: 'less', asked: 'no worse' },
  {
    name: 'languageGap',
    title: 'Gap of other languages',
    unit: 'days',
    better: 'nearer to 0',
    asked: 'no worse',
  },
  {
    name: 'payerGap',
    title: 'Gap of Medicaid and no coverage',
    unit: 'days',
    better: 'nearer to 0',
    asked: 'no worse',
  },
  { name: 'ruralGap', title: 'Gap of rural homes', unit: 'days', better: 'nearer to 0', asked: 'no worse' },
  { name: 'unserved', title: 'Closed without service: nobody took it', unit: 'share', better: 'less' },
  { name: 'neverAttended', title: 'Closed without service: never attended', unit: 'share', better: 'less' },
  { name: 'asked', title: 'Places asked', unit: '', better: 'less' },
];

export function shown(value: number, unit: Figure['unit']): string {
  if (unit === 'share') return `${(100 * value).toFixed(1)} %`;
  return value.toFixed(unit === '' ? 3 : 2);
}

/** So small a difference is none: a hundredth of the other way's value, and of gaps a quarter of a day. */
function isWorse(mine: number, theirs: number, { better }: Figure): boolean {
  if (better === 'nearer to 0') return Math.max(0, mine) - Math.max(0, theirs) > 0.25;
  const worse = better === 'less' ? mine - theirs : theirs - mine;
  return worse > 0.01 * Math.abs(theirs);
}

const isBetter = (mine: number, theirs: number, { better }: Figure): boolean =>
  better === 'more' ? mine > theirs : mine < theirs;

/** In how many seeds the hub is better, and worse, than another way. */
export function compared(done: readonly Done[], figure: Figure, other: WayName) {
  const value = (seed: number, way: WayName) =>
    done.find(one => one.seed === seed && one.way === way)?.measures[figure.name];
  const pairs = [...new Set(done.map(({ seed }) => seed))].flatMap(seed => {
    const [mine, theirs] = [value(seed, 'hub'), value(seed, other)];
    return mine === undefined || theirs === undefined ? [] : [[mine, theirs] as const];
  });
  return {
    seeds: pairs.length,
    better: pairs.filter(([mine, theirs]) => isBetter(mine, theirs, figure)).length,
    worse: pairs.filter(([mine, theirs]) => isWorse(mine, theirs, figure)).length,
  };
}

/** What is asked, and whether it is so, against one other way; empty where nothing is asked. */
export function verdict(done: readonly Done[], figure: Figure, other: WayName): string {
  const { seeds, better, worse } = compared(done, figure, other);
  if (!figure.asked) return `better in ${better} of ${seeds}`;
  const holds = figure.asked === 'better' ? better === seeds : worse === 0;
  const told =
    figure.asked === 'better' ? `better in ${better} of ${seeds}` : `worse in ${worse} of ${seeds}`;
  return `${holds ? 'holds' : '**does not hold**'}: ${told}`;
}
