import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { sql } from '../sql.ts';
import { ranges } from './naive/search.ts';
import { inRange } from './range.ts';
import type { RangeValue } from './types.ts';

const spans = [1, 2, 3, 4].flatMap(lo => [1, 2, 3, 4].filter(hi => hi >= lo).map(hi => ({ lo, hi })));

eachDatabase('ranges', database => {
  it.each(Object.keys(ranges) as RangeValue['prefix'][])('%s is what FHIR says it is', async prefix => {
    const reader = database.reader(await options());
    for (const span of spans) {
      const value = { prefix, ...span };
      const rows = sql.join(
        spans.map(({ lo, hi }) => sql`SELECT ${sql.raw(String(lo))} AS lo, ${sql.raw(String(hi))} AS hi`),
        sql` UNION ALL `,
      );
      const matching = inRange(sql.ref('s.lo'), sql.ref('s.hi'), value);
      const found = await reader.all(
        sql`SELECT s.lo, s.hi FROM (${rows}) s WHERE ${matching} ORDER BY s.lo, s.hi`,
      );
      expect(found, JSON.stringify(value)).toEqual(
        spans.filter(({ lo, hi }) => ranges[prefix](lo, hi, value)),
      );
    }
  });

  let created: ReturnType<typeof database.options> | undefined;
  async function options() {
    if (!created) {
      created = database.options();
      await database.open(await created);
    }
    return created;
  }
});

describe('the ranges that tests compare with', () => {
  /** https://hl7.org/fhir/R4/search.html#prefix , word by word, for a search for 2..3. */
  const value = { prefix: 'eq' as const, lo: 2, hi: 3 };
  const named = (prefix: RangeValue['prefix']) =>
    spans
      .filter(({ lo, hi }) => ranges[prefix](lo, hi, value))
      .map(({ lo, hi }) => `${lo}${hi}`)
      .join(' ');

  it.each([
    ['eq', '22 23 33'],
    ['ne', '11 12 13 14 24 34 44'],
    ['gt', '14 24 34 44'],
    ['lt', '11 12 13 14'],
    ['ge', '14 22 23 24 33 34 44'],
    ['le', '11 12 13 14 22 23 33'],
    ['sa', '44'],
    ['eb', '11'],
    ['ap', '12 13 14 22 23 24 33 34'],
  ] as const)('%s holds for %s', (prefix, expected) => {
    expect(named(prefix)).toBe(expected);
  });
});
