import type { Reader } from '../database.ts';
import { type RawBuilder, sql } from '../sql.ts';
import { among } from './boolean.ts';
import { type Candidates, candidates, count } from './candidates.ts';
import type { Scene } from './probe.ts';
import { type Source, wholeSet } from './source.ts';
import type { Filter } from './types.ts';
import { visibleCandidates } from './visible.ts';

/** A set of candidates a query may begin with, and about how many they are. */
export interface Driver {
  source: Source;
  size: number;
}

/** The drivers of a search, measured up to `cap`; `filters` come back with the most selective first. */
export interface Drivers {
  best: Driver;
  filters: readonly Filter[];
}

/**
 * Counts what each filter, access and the types themselves would begin with
 * (a count that stops at its cap costs a fraction of a millisecond), and takes the smallest.
 */
export async function measureDrivers(
  reader: Reader,
  scene: Scene,
  types: readonly string[],
  filters: readonly Filter[],
  cap: number,
  few: number,
): Promise<Drivers> {
  const known = knownSets(scene, types, filters);
  const likely = known.length > 1 ? known[0] : undefined;
  if (likely) {
    // Mostly the first is few, and the others, of which some are not, need no count at all.
    const [size = cap] = await measure(reader, [likely.set], few + 1);
    if (size <= few) return { best: driverOf(likely, size), filters: leading(likely.filter, filters) };
  }
  const sizes = await measure(
    reader,
    known.map(it => it.set),
    cap,
  );
  const sized = known.map((it, at) => ({ ...it, size: sizes[at] ?? cap })).sort((a, b) => a.size - b.size);
  const ordered = [
    ...sized.map(it => it.filter),
    ...filters.filter(filter => !known.some(it => it.filter === filter)),
  ];
  const [first] = sized;
  const best = first && driverOf(first, first.size);
  if (best && best.size <= few) return { best, filters: ordered };
  // What is larger than the best so far need not be counted to its end.
  const broadCap = best ? Math.min(cap, best.size + 1) : cap;
  return { best: smaller(best, await broadDriver(reader, scene, types, broadCap)), filters: ordered };
}

interface Known {
  filter: Filter;
  set: Candidates;
}

/** The sets that filters begin with, the one first that usually is the smallest. */
function knownSets(scene: Scene, types: readonly string[], filters: readonly Filter[]): Known[] {
  return filters
    .flatMap(filter => {
      const set = candidates(scene, filter, types);
      return set ? [{ filter, set }] : [];
    })
    .sort((a, b) => selectivity(a.filter) - selectivity(b.filter));
}

const driverOf = ({ set, filter }: Known, size: number): Driver => ({ source: wholeSet(set, filter), size });

const leading = (first: Filter, filters: readonly Filter[]): Filter[] => [
  first,
  ...filters.filter(filter => filter !== first),
];

/** What does not depend on the filters: all that the organization sees, or all there is. */
async function broadDriver(
  reader: Reader,
  scene: Scene,
  types: readonly string[],
  cap: number,
): Promise<Driver> {
  const all = allOfTypes(scene, types);
  const visible = visibleCandidates(scene, types);
  const [total = cap, seen = cap] = await measure(reader, visible ? [all, visible] : [all], cap);
  const everything = { source: wholeSet(all, undefined), size: total };
  return visible ? smaller({ source: wholeSet(visible, undefined), size: seen }, everything) : everything;
}

const smaller = (one: Driver | undefined, other: Driver): Driver =>
  one && one.size <= other.size ? one : other;

function allOfTypes({ dialect }: Scene, types: readonly string[]): Candidates {
  const from = sql`resource d WHERE ${among(dialect, sql.ref('d.type'), types)}`;
  const byTime = types.length === 1 ? sql` ORDER BY d.updated` : sql``;
  return {
    rids: sql`SELECT d.rid FROM ${from}`,
    size: cap => count(sql`SELECT 1 FROM ${from}${byTime}`, cap),
    exact: true,
  };
}

/** All sizes in one query. */
async function measure(reader: Reader, sets: readonly Candidates[], cap: number): Promise<number[]> {
  if (sets.length === 0) return [];
  const columns: RawBuilder<unknown>[] = sets.map((set, at) => sql`${set.size(cap)} AS ${sql.ref(`n${at}`)}`);
  const [row] = await reader.all<Record<string, number>>(sql`SELECT ${sql.join(columns)}`);
  return sets.map((_, at) => Number(row?.[`n${at}`] ?? cap));
}

/**
 * A driver without measuring, for a condition that is run later: by what filters of a kind usually select.
 */
export function likelyDriver(scene: Scene, types: readonly string[], filters: readonly Filter[]): Source {
  const [first] = knownSets(scene, types, filters);
  return first ? driverOf(first, 0).source : wholeSet(allOfTypes(scene, types), undefined);
}

/** An identifier says who, a status does not: a code with its system comes before one without. */
function selectivity(filter: Filter): number {
  const kinds: Filter['kind'][] = [
    'id',
    'reference',
    'compartment',
    'token',
    'uri',
    'string',
    'tuple',
    'near',
    'text',
    'chain',
    'has',
  ];
  const rank = kinds.indexOf(filter.kind);
  if (filter.kind === 'token' && filter.any.every(value => value.sys && value.code)) return 0.5;
  return rank < 0 ? kinds.length : rank;
}
