import type { AccessFilter } from '../../access/filter.ts';
import type { Reader } from '../database.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Driver, type Drivers, measureDrivers } from './drivers.ts';
import { type Effort, usualEffort } from './effort.ts';
import { type Order, type PageRow, readPage, type Wanted } from './page.ts';
import { beginning, type Stream, streamOf } from './stream.ts';
import { countMatches, estimateMatches } from './total.ts';
import type { SearchPage, SearchQuery } from './types.ts';

/** One page of the current, visible resources that match. See Store.search. */
export async function search(
  reader: Reader,
  query: SearchQuery,
  filter: AccessFilter,
  effort: Effort = usualEffort,
): Promise<SearchPage> {
  const types = typesInScope(query.types, filter);
  const after = query.after === undefined ? undefined : readCursor(query.after, query.sort);
  if (types.length === 0 || query.filters.some(it => it.kind === 'never')) return emptyPage(query);
  const scene = { dialect: reader.dialect, filter };
  const drivers = await measureDrivers(reader, scene, types, query.filters, effort.small + 1, effort.few);
  const wanted = { scene, types, filters: drivers.filters };
  const task = { reader, wanted, drivers, effort };
  const rows =
    query.count > 0 ? await choosePage(task, { sort: query.sort, after, limit: query.count + 1 }) : [];
  return pageOf(rows, query.count, await totalOf(task, query.total));
}

interface Task {
  reader: Reader;
  wanted: Wanted;
  drivers: Drivers;
  effort: Effort;
}

/** The types of a search that the actor's scopes allow. */
export function typesInScope(types: readonly string[], { types: allowed }: AccessFilter): readonly string[] {
  return allowed === '*' ? types : types.filter(type => allowed.includes(type));
}

function emptyPage(query: SearchQuery): SearchPage {
  return query.total === 'none' ? { entries: [] } : { entries: [], total: 0 };
}

function pageOf(rows: readonly PageRow[], count: number, total: number | undefined): SearchPage {
  const shown = rows.slice(0, count);
  const last = shown.at(-1);
  return {
    entries: shown.map(row => row.version),
    ...(last && rows.length > count && { next: writeCursor(last.mark) }),
    ...(total !== undefined && { total }),
  };
}

/**
 * A small set of candidates is gathered and sorted. When all are large, matches probably are many: then the
 * index that has the order is read until the page is full, and given up for the smallest set if it does not fill.
 */
async function choosePage(task: Task, order: Order): Promise<PageRow[]> {
  const { reader, wanted, drivers, effort } = task;
  if (drivers.best.size <= effort.small) return readPage(reader, wanted, drivers.best.source, order);
  const stream = streamOf(wanted.types, wanted.filters, order.sort, order.after);
  const trial = stream && (await tryStream(task, order, stream));
  if (trial?.done) return trial.rows;
  const best = await bestOfLarge(task);
  const expected = (effort.trial * order.limit) / Math.max(trial?.rows.length ?? 0, 0.5);
  const streams = stream?.complete && expected < best.size;
  return readPage(reader, wanted, streams ? stream : best.source, order);
}

async function tryStream(
  { reader, wanted, effort }: Task,
  order: Order,
  stream: Stream,
): Promise<{ rows: PageRow[]; done: boolean }> {
  const { stream: start, whole } = await beginning(reader, stream, effort.trial);
  const rows = await readPage(reader, wanted, start, order);
  return { rows, done: rows.length === order.limit || (whole && stream.complete) };
}

async function totalOf(task: Task, total: SearchQuery['total']): Promise<number | undefined> {
  if (total === 'none') return undefined;
  const { reader, wanted, drivers, effort } = task;
  if (drivers.best.size <= effort.small) return countMatches(reader, wanted, drivers.best.source);
  const best = await bestOfLarge(task);
  if (total === 'accurate') return countMatches(reader, wanted, best.source);
  return estimateMatches(reader, wanted, best, effort.small);
}

/** The smallest of large sets: counted a bit further, then much further. */
async function bestOfLarge({ reader, wanted, effort }: Task): Promise<Driver> {
  const { scene, types, filters } = wanted;
  const further = Math.min(effort.small * 10, effort.large);
  const { best } = await measureDrivers(reader, scene, types, filters, further + 1, effort.few);
  if (best.size <= further) return best;
  return (await measureDrivers(reader, scene, types, filters, effort.large, effort.few)).best;
}
