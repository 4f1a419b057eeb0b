import type { AskedRun } from '../../../events/bot-desk.ts';
import type { ByHand } from '../../../events/by-hand.ts';
import { scheduleWords } from './schedule-words.ts';

/** When a bot runs: `Each minute; at each change of Task`. */
export const whenWords = ({
  schedule,
  on,
}: {
  schedule?: string | undefined;
  on?: readonly string[] | undefined;
}) =>
  [
    ...(schedule ? [scheduleWords(schedule)] : []),
    ...(on ? [`at each change of ${on.join(', ')}`] : []),
  ].join('; ');

/** `12 runs, 3 wrote something, 0 failed` */
export const countWords = ({
  runs,
  effects,
  failures,
}: {
  runs: number;
  effects: number;
  failures: number;
}): string => `${count(runs, 'run')}, ${effects} wrote something, ${failures} failed`;

/** What came of a run that somebody asked for. */
export function resultWords({ ended, result, error }: AskedRun): string {
  if (error) return `It could not run: ${error}`;
  if (!result) return ended ? 'It ended.' : 'It has not ended.';
  return byHandWords(result);
}

const byHandWords = ({ written, nothing, failed }: ByHand): string =>
  written + nothing + failed.length === 0
    ? 'Nothing was due.'
    : `${written} wrote something, ${nothing} had nothing to do, ${failed.length} failed.`;

const count = (number: number, what: string): string => `${number} ${number === 1 ? what : `${what}s`}`;
