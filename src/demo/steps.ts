import { directory, services } from './directory.ts';
import type { Step } from './journey.ts';
import { journeys } from './journeys.ts';
import { instant, type Moment } from './moments.ts';
import { people } from './people.ts';
import { theHub } from './referral.ts';
import { stay } from './stay.ts';

/** The network is put together before anybody comes to a hospital. */
const beginning: Moment = { daysAgo: 40, at: '14:00' };
/** What services say of their capacity must be fresh to be believed. */
const confirmation: Moment = { daysAgo: 2, at: '13:00' };

const hub = theHub.reference.split('/')[1] as string;

/**
 * All that happens in the demo network, in the order of time. The order is the same whenever it is asked for, so
 * that a seed which was cut short can go on at its place.
 */
export function demoSteps(): Step[] {
  const network: Step[] = [
    { when: beginning, as: hub, write: async ({ now }) => directory(now) },
    { when: confirmation, as: hub, write: async ({ now }) => services(now) },
  ];
  return [...network, ...people.flatMap(stay), ...journeys()].sort(byTime);
}

const anyTime = new Date(0);

const byTime = (a: Step, b: Step): number =>
  instant(a.when, anyTime).getTime() - instant(b.when, anyTime).getTime();
