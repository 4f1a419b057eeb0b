import fc from 'fast-check';
import type { IndexRows } from '../../types.ts';

/**
 * A small random database for tests, as plain data. Values come from small pools, so that searches match, tie and
 * miss. Parameters are numbered `10 * type + kind`, resources from 0 until `renumbered`.
 */
export interface World {
  resources: readonly NaiveResource[];
  relations: readonly NaiveLink[];
  parties: readonly (NaiveLink & { of: number })[];
}

export interface NaiveResource {
  rid: number;
  type: string;
  id: string;
  updated: number;
  source: string;
  patient: string | null;
  label: number;
  open: boolean;
  deleted: boolean;
  rows: IndexRows;
  /** The strings as written, whose normalized forms are in `rows.str`. */
  texts: readonly string[];
}

export interface NaiveLink {
  org: string;
  patient: string;
  labels: number;
  starts: number;
  ends: number | null;
}

export const types = ['Patient', 'Task', 'Observation'] as const;
export const organizations = ['north', 'south', 'east'] as const;
const patients = ['p1', 'p2', 'p3'] as const;

/** The number of a type's parameter whose rows are in a table. */
export const paramOf = (type: string, kind: keyof IndexRows): number =>
  10 * (types.indexOf(type as (typeof types)[number]) + 1) + Object.keys(pools).indexOf(kind);

export const pools = {
  tok: { code: ['a', 'b', 'c'], sys: ['', 's', 't'] },
  ref: {},
  str: ['Ann', 'ann', 'Anna', 'Élan', 'elan', 'al%_\\', 'Bo'],
  dt: [10, 20, 30, 40, 50],
  num: [-1.5, 0, 1, 2.25],
  qty: { code: ['mg', 'g'], sys: ['', 'u'] },
  uri: ['http://x', 'http://x/', 'http://x/a', 'http://x/a/b', 'http://xa', 'urn:y'],
  pos: {},
} as const;

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const some = <T>(one: fc.Arbitrary<T>) =>
  fc.uniqueArray(one, { maxLength: 2, selector: it => JSON.stringify(it) });

export const simplified = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

const span = fc
  .tuple(pick(pools.dt), pick(pools.dt))
  .map(([one, other]) => [Math.min(one, other), Math.max(one, other)]);

const values = (count: number) =>
  fc.record({
    tok: some(fc.tuple(pick(pools.tok.code), pick(pools.tok.sys))),
    ref: some(fc.nat(count - 1)),
    str: some(pick(pools.str)),
    dt: some(span),
    num: some(pick(pools.num)),
    qty: some(fc.tuple(pick(pools.qty.code), pick(pools.num), pick(pools.qty.sys))),
    uri: some(pick(pools.uri)),
  });

const place = fc.record({
  type: pick(types),
  updated: fc.integer({ min: 1, max: 12 }).map(n => n * 10),
  source: pick(organizations),
  patient: fc.option(pick(patients)),
  label: fc.nat(3),
  open: fc.boolean(),
  deleted: fc.nat(9).map(n => n === 0),
});

const link = fc.record({
  org: pick(organizations),
  patient: pick(patients),
  labels: fc.nat(3),
  starts: pick([500, 1000, 1001]),
  ends: pick([null, 900, 1000, 1001]),
});

/** Worlds with `count` resources. */
export const worlds = (count: number): fc.Arbitrary<World> =>
  fc.record({
    resources: fc
      .array(fc.tuple(place, values(count)), { minLength: count, maxLength: count })
      .map(all => all.map(([where, what], index) => resource(index, where, what))),
    relations: fc.array(link, { maxLength: 4 }),
    parties: fc.array(
      fc.tuple(link, fc.nat(count - 1)).map(([one, of]) => ({ ...one, of })),
      { maxLength: 8 },
    ),
  });

type Where = typeof place extends fc.Arbitrary<infer T> ? T : never;
type What = ReturnType<typeof values> extends fc.Arbitrary<infer T> ? T : never;

function resource(index: number, where: Where, what: What): NaiveResource {
  const param = (kind: keyof IndexRows) => paramOf(where.type, kind);
  const rows: IndexRows = {
    tok: what.tok.map(([code, sys]) => [param('tok'), code, sys]),
    ref: what.ref.map(target => [param('ref'), target]),
    str: [...new Set(what.str.map(simplified))].map(norm => [param('str'), norm]),
    dt: what.dt.map(([lo = 0, hi = 0]) => [param('dt'), lo, hi]),
    num: what.num.map(val => [param('num'), val]),
    qty: what.qty.map(([code, val, sys]) => [param('qty'), code, val, sys]),
    uri: what.uri.map(uri => [param('uri'), uri]),
    pos: [],
    tuple: [],
  };
  // Ids do not follow the order of creation.
  return { ...where, rid: index, id: `id${(index * 7) % 1000}`, rows, texts: what.str };
}

/** The world with the row numbers that a database has given out for it. */
export function renumbered(world: World, rids: readonly number[]): World {
  const to = (rid: number) => rids[rid] ?? -1;
  return {
    relations: world.relations,
    parties: world.parties.map(party => ({ ...party, of: to(party.of) })),
    resources: world.resources.map(it => ({
      ...it,
      rid: to(it.rid),
      rows: { ...it.rows, ref: it.rows.ref.map(([param, target]) => [param, to(target)]) },
    })),
  };
}
