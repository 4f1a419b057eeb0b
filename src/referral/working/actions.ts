import type { Action } from './action.ts';
import { answering } from './answering.ts';
import { contacting } from './contacting.ts';
import { ending } from './ending.ts';
import { passingOn } from './passing-on.ts';
import { pausing } from './pausing.ts';
import { questions } from './questions.ts';
import { visits } from './visits.ts';

/** Everything that people do with a referral, in the order in which a page shows it. */
export const actions: readonly Action[] = [
  ...answering,
  ...questions,
  ...visits,
  ...contacting,
  ...pausing,
  ...passingOn,
  ...ending,
];
