import { it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
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

type Story = (stage: Stage) => Promise<void>;

const stories: Record<string, Story> = {
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

/** Where the database decides something, or the way is longest. */
const alsoOnPostgres: readonly Story[] = [
  threeParties,
  parallelRace,
  questionAndAnswer,
  lateOutcome,
  consentRevoked,
];

/** Everybody sees the same, whichever way it is said: each database hears the one and the other in turns. */
const manners: readonly Manner[] = ['by operations', 'by plain writes'];

onSqlite('a referral', database => {
  const sqlite = database.name === 'sqlite';
  const told = Object.entries(stories).flatMap(([title, story], at) => {
    if (process.env.CHECK_FULL) return manners.map(manner => ({ title, story, manner }));
    if (!sqlite && !alsoOnPostgres.includes(story)) return [];
    const manner = manners[(at + (sqlite ? 0 : 1)) % 2] ?? 'by operations';
    return [{ title, story, manner }];
  });

  it.each(told)('$title ($manner)', async ({ story, manner }) => {
    const stage = await openStage(database, manner);
    try {
      await story(stage);
    } finally {
      await stage.ends();
    }
  });
});
