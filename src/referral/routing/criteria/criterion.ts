import type { Candidate, Need } from '../candidate.ts';
import type { RoutingRules } from '../rules.ts';

/** One thing to compare candidates by. Undefined: the need asks nothing of the kind, whoever the candidate. */
export type Criterion = (need: Need, candidate: Candidate, basis: Basis) => Judgement | undefined;

export interface Basis {
  rules: RoutingRules;
  now: Date;
}

/** `value` is 0 (worst) to 1 (best); `words` is a whole sentence a planner can read to a family. */
export type Judgement =
  /** `change`: what would have to be so for it not to exclude, as in "… if {change}"; absent: nothing anybody can do. */
  { excludes: true; words: string; change?: string } | { excludes: false; value: number; words: string };

export function excludes(words: string, change?: string): Judgement {
  return { excludes: true, words, ...(change === undefined ? {} : { change }) };
}

export function counts(value: number, words: string): Judgement {
  return { excludes: false, value, words };
}

/** 1 at nothing, a half at `half`, toward 0 beyond: less is always better, and nothing falls off a cliff. */
export function falling(amount: number, half: number): number {
  return half / (half + Math.max(0, amount));
}

/** How many words are kept at most. */
const kept = 10_000;

/** Words that are costly to make, made once for each text: of a hundred candidates most say the same. */
export function saidOnce(make: (text: string) => string): (text: string) => string {
  const said = new Map<string, string>();
  return text => {
    const known = said.get(text);
    if (known !== undefined) return known;
    if (said.size >= kept) said.clear();
    const words = make(text);
    said.set(text, words);
    return words;
  };
}

const disjunction = new Intl.ListFormat('en', { type: 'disjunction' });

/** Names as people list them: `English, Spanish or Vietnamese`. */
export function either(names: readonly string[]): string {
  return names.length === 1 ? (names[0] as string) : disjunction.format(names);
}

const calendar = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });

/** A calendar date (the day of an instant, in UTC) as people say it: `March 3, 2026`. */
export const day = saidOnce(date => calendar.format(new Date(date)));

const dayMs = 24 * 60 * 60 * 1000;

/** Days from `now` until the date; negative when it is past. Within the day itself: 0. */
export function daysUntil(date: string, now: Date): number {
  return Math.floor(Date.parse(date) / dayMs) - Math.floor(now.getTime() / dayMs);
}

type Unit = 'mile' | 'kilometer' | 'hour' | 'day';

const measures = new Map<Unit, (amount: string) => string>();

/** An amount as people say it: `3 miles`, `1 hour`. */
export function measured(amount: number, unit: Unit): string {
  const known = measures.get(unit) ?? measure(unit);
  measures.set(unit, known);
  return known(String(amount));
}

function measure(unit: Unit): (amount: string) => string {
  const format = new Intl.NumberFormat('en-US', { style: 'unit', unit, unitDisplay: 'long' });
  return saidOnce(amount => format.format(Number(amount)));
}
