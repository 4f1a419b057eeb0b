import { describe, expect, it } from 'vitest';
import { agoWords, dueWords, exactWords, isOverdue } from './due-words.ts';

const now = new Date('2026-03-02T15:00:00.000Z');

describe('due', () => {
  it.each([
    ['2026-03-02T15:00:59.999Z', 'Due now'],
    ['2026-03-02T14:59:30.000Z', 'Due now'],
    ['2026-03-02T15:01:00.000Z', 'Due in 1 minute'],
    ['2026-03-02T15:59:59.000Z', 'Due in 59 minutes'],
    ['2026-03-02T16:00:00.000Z', 'Due in 1 hour'],
    ['2026-03-04T14:59:00.000Z', 'Due in 47 hours'],
    ['2026-03-04T15:00:00.000Z', 'Due in 2 days'],
    ['2026-03-02T14:59:00.000Z', '1 minute overdue'],
    ['2026-03-01T16:00:00.000Z', '23 hours overdue'],
    ['2026-02-25T15:00:00.000Z', '5 days overdue'],
  ])('%s is "%s"', (due, words) => {
    expect(dueWords(new Date(due), now)).toBe(words);
  });

  it('is late from the moment after', () => {
    expect(isOverdue(now, now)).toBe(false);
    expect(isOverdue(new Date(now.getTime() - 1), now)).toBe(true);
  });

  it('says when something was', () => {
    expect(agoWords(now, now)).toBe('Just now');
    expect(agoWords(new Date('2026-02-28T15:00:00.000Z'), now)).toBe('2 days ago');
  });

  it('is told exactly in the time zone in which due times are counted', () => {
    expect(exactWords(now)).toBe('Monday, March 2, 2026 at 9:00 AM CST');
  });
});
