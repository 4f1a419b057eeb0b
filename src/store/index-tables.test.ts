import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, noRows, version } from '../../test/harness/writes.ts';
import { indexedCode, indexedText, storable } from './index-tables.ts';
import type { Filter } from './search/types.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 380, maxLength: 900 }));

it('keeps what fits, and cuts the rest to what an index row can hold', () => {
  fc.assert(
    fc.property(text, value => {
      const fits = value.length <= 400 && !value.includes('\0');
      expect(indexedText(value) === value).toBe(fits);
      expect(indexedCode(value) === value).toBe(fits);
      expect(indexedText(value).length).toBeLessThanOrEqual(400);
      expect(indexedCode(value).length).toBeLessThanOrEqual(400);
      expect(`${indexedText(value)}${indexedCode(value)}`).not.toContain('\0');
    }),
  );
});

it('tells long codes apart, and long texts by their beginning', () => {
  const long = 'x'.repeat(500);
  expect(indexedCode(`${long}1`)).not.toBe(indexedCode(`${long}2`));
  expect(indexedText(`${long}1`)).toBe(indexedText(long));
});

it('gives back the same rows when nothing must be cut', () => {
  const rows = { ...noRows, tok: [[1, 'a', 'b']] as const };
  expect(storable(rows)).toBe(rows);
});

eachDatabase('long texts', database => {
  it('are found by the whole text, and only by it', async () => {
    const store = await database.open();
    const [rid = 0] = await store.reserve(1);
    const long = `${'ü€😀'.repeat(300)}end`;
    await store.commit(
      listOf([
        version({
          rid,
          add: {
            ...noRows,
            tok: [[1, long, long]],
            str: [[2, long]],
            uri: [[3, long]],
            qty: [[4, long, 1, long]],
          },
        }),
      ]),
    );
    const sort = [{ kind: 'lastUpdated', descending: true }] as const;
    const range = { prefix: 'eq', lo: 0.9, hi: 1.1 } as const;
    const found = async (filter: Filter) => {
      const query = { types: ['Task'], filters: [filter], sort, count: 5, total: 'none' } as const;
      return (await store.search(query, asSeenBy('clinic'))).entries.map(entry => entry.rid);
    };
    for (const [value, expected] of [
      [long, [rid]],
      [`${long}!`, []],
    ] as const) {
      expect(await found({ kind: 'token', param: 1, any: [{ sys: value, code: value }] })).toEqual(expected);
      expect(await found({ kind: 'uri', param: 3, any: [{ uri: value, match: 'exact' }] })).toEqual(expected);
      expect(
        await found({ kind: 'quantity', param: 4, any: [{ ...range, sys: value, code: value }] }),
      ).toEqual(expected);
    }
    const any = [{ norm: long.slice(0, 700), match: 'prefix' }] as const;
    expect(await found({ kind: 'or', filters: [{ kind: 'string', param: 2, any }] })).toEqual([rid]);
  });
});
