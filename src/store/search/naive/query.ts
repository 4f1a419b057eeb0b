import fc from 'fast-check';
import type { AccessFilter } from '../../../access/filter.ts';
import type { Filter, IndexTable, RangeValue, SearchQuery, SortKey } from '../types.ts';
import { organizations, paramOf, pools, simplified, types } from './world.ts';

/** Random searches over a World, for tests. `references` are the row numbers a search may name. */

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });

const prefix = pick<RangeValue['prefix']>(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']);
const ordered = (values: readonly number[]) =>
  fc.tuple(pick(values), pick(values)).map(pair => pair.toSorted((a, b) => a - b));
const range = (values: readonly number[]): fc.Arbitrary<RangeValue> =>
  fc.tuple(prefix, ordered(values)).map(([it, [lo = 0, hi = 0]]) => ({ prefix: it, lo, hi }));

const token = fc
  .record({ sys: fc.option(pick(pools.tok.sys)), code: fc.option(pick(pools.tok.code)) })
  .filter(({ sys, code }) => sys !== null || code !== null);
const string = fc
  .tuple(pick([...pools.str, 'a', 'n', 'x']), pick(['prefix', 'exact', 'contains'] as const))
  .map(([text, match]) => ({ norm: simplified(text), match, ...(match === 'exact' && { text }) }));
const uri = fc.record({ uri: pick(pools.uri), match: pick(['exact', 'above', 'below'] as const) });
const quantity = fc
  .tuple(range(pools.num), fc.option(pick(pools.qty.code)), fc.option(pick(pools.qty.sys)))
  .map(([it, code, sys]) => ({ ...it, code, sys }));

const tables = ['tok', 'ref', 'str', 'dt', 'num', 'qty', 'uri'] as const;

function leaf(type: string, references: readonly number[], ids: readonly string[]): fc.Arbitrary<Filter> {
  const of = (kind: IndexTable) => paramOf(type, kind);
  return fc.oneof(
    few(token).chain(any =>
      fc
        .boolean()
        .map((negate): Filter => ({ kind: 'token', param: of('tok'), any, ...(negate && { negate }) })),
    ),
    few(pick(references)).map((any): Filter => ({ kind: 'reference', param: of('ref'), any })),
    few(string).map((any): Filter => ({ kind: 'string', param: of('str'), any })),
    few(range(pools.dt)).map((any): Filter => ({ kind: 'date', param: of('dt'), any })),
    few(range(pools.num)).map((any): Filter => ({ kind: 'number', param: of('num'), any })),
    few(quantity).map((any): Filter => ({ kind: 'quantity', param: of('qty'), any })),
    few(uri).map((any): Filter => ({ kind: 'uri', param: of('uri'), any })),
    few(pick(ids)).map((any): Filter => ({ kind: 'id', any })),
    few(range([10, 40, 80, 120])).map((any): Filter => ({ kind: 'lastUpdated', any })),
    fc
      .record({ table: pick(tables), missing: fc.boolean() })
      .map(({ table, missing }): Filter => ({ kind: 'missing', param: of(table), tables: [table], missing })),
  );
}

function filterOf(
  type: string,
  references: readonly number[],
  ids: readonly string[],
  depth: number,
): fc.Arbitrary<Filter> {
  const plain = leaf(type, references, ids);
  if (depth === 0) return plain;
  const inner = (of: string) => filterOf(of, references, ids, depth - 1);
  const chain = pick(types).chain(target =>
    inner(target).map(
      (filter): Filter => ({ kind: 'chain', param: paramOf(type, 'ref'), types: [target], filter }),
    ),
  );
  const has = pick(types).chain(referrer =>
    inner(referrer).map(
      (filter): Filter => ({ kind: 'has', type: referrer, param: paramOf(referrer, 'ref'), filter }),
    ),
  );
  const either = fc
    .array(inner(type), { minLength: 2, maxLength: 3 })
    .map((filters): Filter => ({ kind: 'or', filters }));
  return fc.oneof(
    { weight: 4, arbitrary: plain },
    { weight: 2, arbitrary: chain },
    { weight: 2, arbitrary: has },
    either,
  );
}

function sortKey(type: string): fc.Arbitrary<SortKey> {
  return fc.boolean().chain(descending =>
    fc.oneof(
      { weight: 2, arbitrary: fc.constant<SortKey>({ kind: 'lastUpdated', descending }) },
      fc.constant<SortKey>({ kind: 'id', descending }),
      pick(tables).map(
        (table): SortKey => ({ kind: 'param', param: paramOf(type, table), table, descending }),
      ),
    ),
  );
}

export function queries(references: readonly number[], ids: readonly string[]): fc.Arbitrary<SearchQuery> {
  return pick(types).chain(type =>
    fc.record({
      types: fc.oneof({ weight: 5, arbitrary: fc.constant([type]) }, fc.constant([...types])),
      filters: fc.array(filterOf(type, references, ids, 2), { maxLength: 2 }),
      sort: fc.uniqueArray(sortKey(type), {
        minLength: 1,
        maxLength: 3,
        selector: it => JSON.stringify({ ...it, descending: 0 }),
      }),
      count: fc.integer({ min: 1, max: 6 }),
      total: fc.constant('accurate' as const),
    }),
  );
}

export const accessFilters: fc.Arbitrary<AccessFilter> = fc.record({
  organization: pick([...organizations, 'stranger']),
  now: fc.constant(1000),
  types: fc.oneof(
    { weight: 3, arbitrary: fc.constant('*' as const) },
    fc.subarray([...types], { minLength: 1 }),
  ),
});
