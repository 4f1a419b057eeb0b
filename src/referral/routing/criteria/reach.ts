import type { CapacityFact } from '../facts.ts';
import { distanceKm } from '../place.ts';
import { type Criterion, counts, day, daysUntil, falling, measured, saidOnce } from './criterion.ts';

const kmInMile = 1.609344;

/** From the nearest known home to the nearest place of the service, as the crow flies. */
export const distance: Criterion = (need, { positions }, { rules }) => {
  const from = need.homes.map(home => home.position).filter(position => position !== undefined);
  const all = from.flatMap(home => positions.map(position => distanceKm(home, position)));
  if (all.length === 0) {
    return counts(rules.unknown, 'How far away it is, is not known.');
  }
  const km = Math.min(...all);
  return counts(falling(km, rules.halfDistanceKm), `${farAway(km, rules.distanceUnit)}.`);
};

function farAway(km: number, unit: 'mile' | 'kilometer'): string {
  const amount = Math.round(unit === 'mile' ? km / kmInMile : km);
  return amount < 1 ? `Less than a ${unit} away` : `About ${measured(amount, unit)} away`;
}

/** The first free slot, or else the day the service states, or the one its waiting time makes. A day that has passed says nothing. */
export const opening: Criterion = (_need, { firstSlot, capacity }, { rules, now }) => {
  const first = firstSlot ?? capacity?.firstOpening ?? afterWaiting(capacity);
  const days = first === undefined ? -1 : daysUntil(first, now);
  if (first === undefined || days < 0) {
    return counts(rules.unknown, 'When the first visit could be is not known.');
  }
  const when = days === 0 ? 'today' : `on ${day(first)}`;
  return counts(falling(days, rules.halfOpeningDays), `The first visit could be ${when}.`);
};

const dayMs = 24 * 60 * 60 * 1000;

/** A waiting time counts from the day it was told. */
function afterWaiting(capacity: CapacityFact | undefined): string | undefined {
  const { confirmed, waitDays } = capacity ?? {};
  if (confirmed === undefined || waitDays === undefined) return undefined;
  return dayAfter(`${confirmed} ${waitDays}`);
}

const dayAfter = saidOnce(told => {
  const [confirmed = '', waitDays] = told.split(' ');
  return new Date(Date.parse(confirmed) + Number(waitDays) * dayMs).toISOString().slice(0, 10);
});
