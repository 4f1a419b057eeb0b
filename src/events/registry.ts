import { chaseOffers } from '../../bots/chase-offers.ts';
import { notifyPeople } from '../../bots/notify-people.ts';
import { routeReferrals } from '../../bots/route-referrals.ts';
import type { Bot } from './bot.ts';

/** Every bot of the hub. */
export const bots: readonly Bot[] = [routeReferrals, chaseOffers, notifyPeople];
