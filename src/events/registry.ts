import { chaseInformation } from '../../bots/chase-information.ts';
import { chaseNoShows } from '../../bots/chase-no-shows.ts';
import { chaseOffers } from '../../bots/chase-offers.ts';
import { closeStaleLoops } from '../../bots/close-stale-loops.ts';
import { followUpAfterDischarge } from '../../bots/follow-up-after-discharge.ts';
import { notifyPeople } from '../../bots/notify-people.ts';
import { routeReferrals } from '../../bots/route-referrals.ts';
import { verifyDirectory } from '../../bots/verify-directory.ts';
import { watchWaitlists } from '../../bots/watch-waitlists.ts';
import type { Bot } from './bot.ts';

/** Every bot of the hub. */
export const bots: readonly Bot[] = [
  routeReferrals,
  chaseOffers,
  chaseInformation,
  chaseNoShows,
  watchWaitlists,
  closeStaleLoops,
  followUpAfterDischarge,
  notifyPeople,
  verifyDirectory,
];
