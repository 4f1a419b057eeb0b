import type { CriterionName, Excluded, Ranked, Reason } from '../../../referral/routing/rank.ts';

/** What a criterion is about, as people call it; in the order in which they read. */
export const criterionLabels: Readonly<Record<CriterionName, string>> = {
  opening: 'First visit',
  distance: 'Distance',
  answering: 'Answers',
  capacity: 'Room',
  wishes: 'Wishes',
  access: 'Access',
  language: 'Language',
  payer: 'Payer',
  packet: 'Asks for',
  verified: 'Entry',
  level: 'Level of care',
  program: 'Program',
  licence: 'Licence',
  catchment: 'Area',
  age: 'Age',
  population: 'For whom',
  load: 'Open work',
  refusals: 'Earlier answers',
  service: 'Service',
  active: 'Open',
  another: 'Organization',
  notAskedYet: 'Asked before',
  notAvoided: 'Not to be asked',
  shown: 'Consent',
};

const order = Object.keys(criterionLabels) as CriterionName[];

/** Shown of each place at once; the other reasons are folded, unless they speak against it. */
const first: readonly CriterionName[] = ['opening', 'distance', 'answering', 'capacity', 'packet', 'wishes'];

/** How much a reason speaks for a place. */
export type Weight = 'for' | 'open' | 'against';

export const weightOf = ({ value }: Pick<Reason, 'value'>): Weight =>
  value >= 0.6 ? 'for' : value >= 0.35 ? 'open' : 'against';

/** The reasons for a place that one reads first, and the others. */
export function readingOf({ reasons }: Ranked): { first: Reason[]; more: Reason[] } {
  const sorted = [...reasons].sort((a, b) => order.indexOf(a.criterion) - order.indexOf(b.criterion));
  const isFirst = (one: Reason) => first.includes(one.criterion) || weightOf(one) === 'against';
  return { first: sorted.filter(isFirst), more: sorted.filter(one => !isFirst(one)) };
}

/** The criteria by which any of these was judged, in the order in which people read. */
export const criteriaOf = (places: readonly Ranked[]): CriterionName[] =>
  order.filter(name => places.some(({ reasons }) => reasons.some(({ criterion }) => criterion === name)));

export const reasonOf = ({ reasons }: Ranked, name: CriterionName): Reason | undefined =>
  reasons.find(({ criterion }) => criterion === name);

/** Excluded services that could do it otherwise come first; those that offer something else tell a planner nothing. */
export function tellingExcluded(excluded: readonly Excluded[]): Excluded[] {
  const silent: readonly CriterionName[] = ['service', 'active', 'another'];
  return excluded
    .filter(({ facts }) => !facts.some(({ criterion }) => silent.includes(criterion)))
    .sort((a, b) => a.facts.length - b.facts.length);
}
