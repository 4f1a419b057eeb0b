import { expect, it } from 'vitest';
import { bots } from '../../../events/registry.ts';
import { scheduleWords } from './schedule-words.ts';

it.each([
  ['* * * * *', 'Each minute'],
  ['*/5 * * * *', 'Every 5 minutes'],
  ['7 * * * *', 'Once an hour'],
  ['20 6 * * *', 'Once a day, at 06:20 UTC'],
  ['0 0 * * 1', '0 0 * * 1'],
  ['0 */2 * * *', '0 */2 * * *'],
])('%s is "%s"', (schedule, words) => {
  expect(scheduleWords(schedule)).toBe(words);
});

it('every bot that is shipped is told in words', () => {
  for (const { schedule, name } of bots)
    if (schedule) expect(scheduleWords(schedule), name).not.toBe(schedule);
});
