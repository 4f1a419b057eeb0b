import { clockEnds } from '../../src/referral/clocks/access-clocks.ts';
import { dueRules, type Priority } from '../../src/referral/lifecycle/due.ts';
import { distanceKm } from '../../src/referral/routing/place.ts';
import { percentile } from '../table.ts';
import type { Sent } from './deeds.ts';
import { dayMs, type Network } from './network.ts';

/** Who was never seen counts as so many days, the same in all ways. */
export const longestDays = 60;

/** What came of all referrals of a seed, sent in one way (docs/simulation.md). Times in days, shares from 0 to 1. */
export interface Measures {
  mean: number;
  median: number;
  p90: number;
  meanRoutine: number;
  meanUrgent: number;
  seen7: number;
  seen30: number;
  overdueShare: number;
  overdueDays: number;
  accessPastDue: number;
  kmMedian: number;
  kmP90: number;
  gini: number;
  languageGap: number;
  payerGap: number;
  ruralGap: number;
  unserved: number;
  neverAttended: number;
  asked: number;
}

export function measure(all: readonly Sent[], network: Network): Measures {
  const days = all.map(daysToVisit);
  const km = all.flatMap(distance);
  const mine = (is: (sent: Sent) => boolean) => mean(days.filter((_, at) => is(all[at] as Sent)));
  const gap = (is: (sent: Sent) => boolean) => mine(is) - mine(sent => !is(sent));
  const share = (is: (sent: Sent) => boolean) => all.filter(is).length / all.length;
  return {
    mean: mean(days),
    median: percentile([...days], 0.5),
    p90: percentile([...days], 0.9),
    meanRoutine: mine(({ referral }) => referral.priority === 'routine'),
    meanUrgent: mine(({ referral }) => referral.priority === 'urgent'),
    seen7: share(sent => wasSeenWithin(sent, 7)),
    seen30: share(sent => wasSeenWithin(sent, 30)),
    overdueShare: share(({ outcome }) => outcome.overdueTurns > 0),
    overdueDays: mean(all.map(({ outcome }) => outcome.overdueMs / dayMs)),
    accessPastDue: share(isPastAccess),
    kmMedian: percentile([...km], 0.5),
    kmP90: percentile([...km], 0.9),
    gini: gini(loads(all, network)),
    languageGap: gap(({ referral }) => referral.languages[0] !== 'en'),
    payerGap: gap(({ referral }) => referral.payer === 'medicaid' || referral.payer === 'none'),
    ruralGap: gap(({ referral }) => referral.county.rural),
    unserved: share(({ outcome }) => outcome.end === 'unserved'),
    neverAttended: share(({ outcome }) => outcome.end === 'never-attended'),
    asked: mean(all.map(({ outcome }) => outcome.asked)),
  };
}

function daysToVisit({ referral, outcome }: Sent): number {
  const days = outcome.seenAt === undefined ? longestDays : (outcome.seenAt - referral.at) / dayMs;
  return Math.min(longestDays, days);
}

const wasSeenWithin = ({ referral, outcome }: Sent, days: number): boolean =>
  outcome.seenAt !== undefined && outcome.seenAt - referral.at <= days * dayMs;

/** The clocks of the CCBHC criteria, for everybody. */
const clockOf: Partial<Record<Priority, string>> = {
  routine: 'routine-evaluation',
  urgent: 'urgent-evaluation',
};

function isPastAccess({ referral, outcome }: Sent): boolean {
  const end = clockEnds(clockOf[referral.priority] ?? '', new Date(referral.at), dueRules);
  return outcome.seenAt === undefined || (end !== undefined && outcome.seenAt > end.getTime());
}

function distance({ referral, outcome }: Sent): number[] {
  const place = outcome.seenAt === undefined ? undefined : outcome.service?.place;
  return place ? [distanceKm(referral.home, place.position)] : [];
}

/** Accepted referrals over true room, of each service that exists. */
function loads(all: readonly Sent[], { services }: Network): number[] {
  const accepted = new Float64Array(services.length);
  for (const { outcome } of all)
    if (outcome.service) accepted[outcome.service.index] = (accepted[outcome.service.index] ?? 0) + 1;
  return services
    .filter(({ place }) => !place.truth.closed)
    .map(({ index, interval }) => (accepted[index] ?? 0) * interval);
}

/** 0: all the same; toward 1: all with one. */
export function gini(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const total = sorted.reduce((sum, one) => sum + one, 0);
  const ranked = sorted.reduce((sum, one, at) => sum + (at + 1) * one, 0);
  const count = sorted.length;
  return total === 0 ? 0 : (2 * ranked) / (count * total) - (count + 1) / count;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length;
