import type { Words } from './words/words.ts';

/** A moment as a person reads it: `Tuesday, March 3, 5:00 PM`. */
export const formatDue = (due: Date, { lang }: Words, timeZone: string): string =>
  new Intl.DateTimeFormat(lang === 'es' ? 'es-US' : 'en-US', {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
  }).format(due);
