import type { Resource } from '@medplum/fhirtypes';
import type { Words } from '../../store/types.ts';
import { normalize } from './normalize.ts';

/** Characters of a resource's text that full text keeps, and of one word. */
const longestText = 200_000;
const longestWord = 64;

/** Elements that are no text: who and where something is, and what is only bytes. */
const notText = new Set([
  'resourceType',
  'id',
  'meta',
  'div',
  'data',
  'reference',
  'system',
  'url',
  'contentType',
  'hash',
]);

/** The words of a resource for `_text` (its narrative) and `_content` (all that it says). */
export function wordsOf(resource: Resource): Words {
  const div = 'text' in resource ? resource.text?.div : undefined;
  const narrative = div ? wordsIn(withoutTags(div)) : '';
  const found: string[] = [];
  collect(resource, found);
  return { narrative, content: [narrative, wordsIn(found.join(' '))].filter(text => text !== '').join(' ') };
}

/** Letters and digits in lower case without accents, one space between words: as they are searched for, too. */
export function wordsIn(text: string): string {
  const words = normalize(text.slice(0, longestText)).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map(cut).join(' ');
}

const cut = (word: string): string =>
  word.length <= longestWord ? word : [...word].slice(0, longestWord).join('');

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

const withoutTags = (xhtml: string): string =>
  xhtml
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, code: string) => character(Number.parseInt(code, 16)))
    .replace(/&#(\d{1,7});/g, (_, code: string) => character(Number(code)))
    .replace(/&([a-z]+);/g, (entity, name: string) => entities[name] ?? entity);

const character = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : ' ');

function collect(value: unknown, found: string[]): void {
  if (typeof value === 'string') found.push(value);
  else if (Array.isArray(value)) for (const one of value) collect(one, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) if (!notText.has(key)) collect(one, found);
  }
}
