import { expect, it } from 'vitest';
import { languageOf } from './language.ts';

it.each([
  [undefined, undefined, 'en'],
  [undefined, 'es-MX,es;q=0.9,en;q=0.5', 'es'],
  [undefined, 'en-US,en;q=0.9,es;q=0.8', 'en'],
  [undefined, 'fr,es;q=0.3,en;q=0.2', 'es'],
  [undefined, 'es;q=0,en;q=0.1', 'en'],
  [undefined, 'so, vi', 'en'],
  ['es', 'en', 'es'],
  ['xx', 'es', 'es'],
  ['constructor', '*;q=x', 'en'],
])('chosen %s, accepted %s: %s', (chosen, accepted, language) => {
  expect(languageOf(chosen, accepted)).toBe(language);
});
