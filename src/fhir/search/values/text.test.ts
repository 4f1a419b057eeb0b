import { expect, it } from 'vitest';
import { ftsMatch, tsquery, tsvector } from '../../../store/full-text.ts';
import { wordsIn, wordsOf } from '../../index/words.ts';
import { nearValue } from './near.ts';
import { textQuery } from './text.ts';

it.each([
  ['cats', 'content : (("cats"))', "(('cats'))"],
  ['Two Cäts', 'content : (("two" AND "cats"))', "(('two') & ('cats'))"],
  ['"two cats"', 'content : (("two cats"))', "(('two' <-> 'cats'))"],
  ['follow-up', 'content : (("follow up"))', "(('follow' <-> 'up'))"],
  ['cat*', 'content : (("cat" *))', "(('cat':*))"],
  ['a OR b', 'content : (("a") OR ("b"))', "(('a')) | (('b'))"],
  ['a -b NOT c', 'content : ((("a") NOT ("b" OR "c")))', "(('a') & !('b') & !('c'))"],
  ['a AND b', 'content : (("a" AND "b"))', "(('a') & ('b'))"],
])('%s', (text, fts, ts) => {
  const query = textQuery(text);
  if (!query) throw new Error('no query');
  expect([ftsMatch('content', query), tsquery(query)]).toEqual([fts, ts]);
});

it.each(['', ' ', '-a', 'NOT a', '"', '!?', 'a OR', 'OR', 'a OR -b', Array(60).fill('a').join(' ')])(
  'nothing is left to look for in %j',
  text => {
    expect(textQuery(text)).toBeUndefined();
  },
);

it('keeps words as letters and digits, for what is stored and what is asked', () => {
  expect(wordsIn("Zoë's  follow-up: 3.5 mg; ДОМ")).toBe('zoe s follow up 3 5 mg дом');
  expect(wordsIn('x'.repeat(100))).toBe('x'.repeat(64));
  expect(tsvector('a b a')).toBe("'a':1,3 'b':2");
  expect(tsvector('')).toBe('');
});

it('tells what a resource says from what it is called', () => {
  const words = wordsOf({
    resourceType: 'Patient',
    id: 'secret',
    text: {
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml">A&amp;B &#x43; <i>d</i>&nope;</div>',
    },
    name: [{ family: 'Alder' }],
    identifier: [{ system: 'urn:hidden', value: 'MRN-1' }],
    photo: [{ data: 'aGVsbG8=', title: 'portrait' }],
  });
  expect(words.narrative).toBe('a b c d nope');
  expect(words.content).toBe('a b c d nope generated alder mrn 1 portrait');
});

it.each([
  ['1|2', { lat: 1, lon: 2, within: 50_000 }],
  ['1|2|3', { lat: 1, lon: 2, within: 3000 }],
  ['-90|180|0|m', { lat: -90, lon: 180, within: 0 }],
  ['1.5|2|1|[mi_i]', { lat: 1.5, lon: 2, within: 1609.344 }],
  ['1|2||km', { lat: 1, lon: 2, within: 50_000 }],
  ['90.1|0', undefined],
  ['0|-181', undefined],
  ['1', undefined],
  ['1|2|-3', undefined],
  ['1|2|3|constructor', undefined],
  ['1|2|3|km|4', undefined],
  ['1e1|2', undefined],
])('near %s', (text, expected) => {
  expect(nearValue(text)).toEqual(expected);
});
