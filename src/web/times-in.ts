import { shortWords } from './due-words.ts';

const instant = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g;

/** A text whose instants are told as data does, with them as people say them where they are. */
export const timesIn = (text: string, zone: string | undefined): string =>
  text.replaceAll(instant, one => shortWords(new Date(one), zone));
