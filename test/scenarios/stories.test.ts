import { describe, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import type { Manner } from './participant.ts';
import { openStage, type Stage } from './stage.ts';
import { parallelRace, questionAndAnswer, redirected } from './stories/answers.ts';
import { cancelAsked, lateOutcome } from './stories/cancellations.ts';
import { consentRevoked } from './stories/consent.ts';
import { duplicate } from './stories/duplicate.ts';
import { linkOnly } from './stories/link-only.ts';
import { declinedByAll, expired } from './stories/nobody.ts';
import { threeParties } from './stories/three-parties.ts';
import { noShowTwice, waitlist } from './stories/work.ts';

const stories: Record<string, (stage: Stage) => Promise<void>> = {
  'goes from a hospital to a center to a shelter': threeParties,
  'is declined by all': declinedByAll,
  'is answered by nobody': expired,
  'raises a question': questionAndAnswer,
  'is accepted by two at once': parallelRace,
  'is sent on by who was asked': redirected,
  'meets somebody who does not come': noShowTwice,
  'waits for an opening': waitlist,
  'is called off, and the center agrees': cancelAsked,
  'is called off at once, and has an outcome': lateOutcome,
  'loses its consent on the way': consentRevoked,
  'is sent twice': duplicate,
  'goes to a shelter that has nothing but an address': linkOnly,
};

eachDatabase('a referral', database => {
  // Everybody sees the same whichever way it is said: each database hears one, and both in the full check.
  const usual: Manner = database.name === 'sqlite' ? 'by operations' : 'by plain writes';
  const manners: Manner[] = process.env.CHECK_FULL ? ['by operations', 'by plain writes'] : [usual];

  describe.each(manners)('%s', manner => {
    it.each(Object.entries(stories))('%s', async (_title, story) => {
      const stage = await openStage(database, manner);
      try {
        await story(stage);
      } finally {
        await stage.ends();
      }
    });
  });
});
