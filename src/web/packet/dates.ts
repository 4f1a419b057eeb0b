import { dueRules } from '../../referral/lifecycle/due.ts';

const date = /\b\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?(?![\w-])/g;

const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat('en-US', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZone: dueRules.timeZone,
  timeZoneName: 'short',
});

/** A text whose dates are told as data does, with them as people write them: `Mar 3, 2026, 9:00 AM CST`. */
export const datesIn = (text: string): string =>
  text.replaceAll(date, (found, time?: string) => {
    const at = new Date(found);
    return Number.isNaN(at.getTime()) ? found : (time ? moment : day).format(at);
  });
