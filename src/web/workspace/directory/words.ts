import type { HealthcareService } from '@medplum/fhirtypes';
import weights from '../../../../terminology/routing-weights.json' with { type: 'json' };
import { routingSystem, words } from '../../../referral/routing/codes.ts';
import { daysUntil, measured } from '../../../referral/routing/criteria/criterion.ts';
import type { CapacityStatus } from '../../../referral/routing/directory-entries.ts';
import type { AgeRange, CapacityFact } from '../../../referral/routing/facts.ts';
import { routingRules } from '../../../referral/routing/rules.ts';
import type { Tone } from '../../components/mark.tsx';

const { capacityBelievedDays, distanceUnit } = routingRules(weights);

const kmPerMile = 1.609344;

/** `2.4 miles`, in the unit of the network. */
export function distanceWords(km: number): string {
  const amount = distanceUnit === 'mile' ? km / kmPerMile : km;
  return measured(amount < 10 ? Math.round(amount * 10) / 10 : Math.round(amount), distanceUnit);
}

export const statusWords: Record<CapacityStatus, { tone: Tone; words: string }> = {
  capacity: { tone: 'good', words: 'Has room' },
  waitlist: { tone: 'attention', words: 'Waiting list' },
  'no-capacity': { tone: 'late', words: 'No room' },
  'additional-assessment-required': { tone: 'plain', words: 'After an assessment' },
};

export interface RoomWords {
  tone: Tone;
  words: string;
  /** Free places, the wait, the first opening. */
  more: string[];
  /** The day (YYYY-MM-DD) on which it was said. */
  said?: string;
}

/** How much room a service has, as far as that is still believed. */
export function roomWords(capacity: CapacityFact | undefined, now: Date): RoomWords {
  if (!capacity?.confirmed) return { tone: 'plain', words: 'Room not known', more: [] };
  const { status, confirmed, slots, waitDays, firstOpening } = capacity;
  if (-daysUntil(confirmed, now) > capacityBelievedDays)
    return { tone: 'plain', words: 'Room not known', more: ['What it said is too old.'], said: confirmed };
  const opens = firstOpening !== undefined && daysUntil(firstOpening, now) >= 0 ? firstOpening : undefined;
  return {
    ...statusWords[status],
    more: [
      ...(slots === undefined ? [] : [slots === 1 ? '1 free place' : `${slots} free places`]),
      ...(waitDays === undefined ? [] : [`about ${measured(waitDays, 'day')} of waiting`]),
      ...(opens ? [`first opening ${dayWords(opens, now)}`] : []),
    ],
    said: confirmed,
  };
}

const calendar = new Intl.DateTimeFormat('en-US', {
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
});

/** A calendar date as people say one that is near: `today`, `Tue, Nov 24`. */
function dayWords(date: string, now: Date): string {
  const away = daysUntil(date, now);
  if (away === 0) return 'today';
  return away === 1 ? 'tomorrow' : calendar.format(new Date(date));
}

/** `18 and older`, `4 to 21`. */
export function agesWords({ low, high }: AgeRange): string {
  const shown = (age: number) => `${Math.round(age * 10) / 10}`;
  if (low !== undefined && high !== undefined) return `Ages ${shown(low)} to ${shown(high)}`;
  if (low !== undefined) return `Ages ${shown(low)} and older`;
  return high === undefined ? 'All ages' : `Up to age ${shown(high)}`;
}

const languageNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** The English name of a BCP-47 tag; the tag itself where it is none. */
export function languageName(tag: string): string {
  try {
    return languageNames.of(tag) ?? tag;
  } catch {
    // Somebody's own code: shown as it is.
    return tag;
  }
}

/** BCP-47 tags of a service, as they are written in it. */
export const languagesOf = ({ communication = [] }: HealthcareService): string[] =>
  communication.flatMap(({ coding = [] }) =>
    coding.flatMap(one => (one.system === routingSystem.language && one.code ? [one.code] : [])),
  );

export const languageWords = (service: HealthcareService): string =>
  (service.communication ?? [])
    .map(one => words(one))
    .filter(Boolean)
    .join(', ') || 'English';

const fees: Record<string, string> = {
  free: 'Free',
  disc: 'Less for those with a small income',
  cost: 'Has a price',
};

export const feeWords = (provision: readonly string[]): string[] => provision.map(code => fees[code] ?? code);

/** How long ago a calendar date (YYYY-MM-DD) was: `today`, `yesterday`, `12 days ago`. */
export function daysAgoWords(date: string, now: Date): string {
  const days = -daysUntil(date, now);
  if (days <= 0) return 'today';
  return days === 1 ? 'yesterday' : `${days} days ago`;
}
