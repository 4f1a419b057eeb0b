import type { AccessFilter } from '../../access/filter.ts';
import type { Reader } from '../database.ts';
import { smallSet } from './candidates.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Drivers, measureDrivers } from './drivers.ts';
import { type Order, type PageRow, readPage, type Wanted } from './page.ts';
import { beginning, type Stream, streamOf } from './stream.ts';
import { countMatches, estimateMatches } from './total.ts';
import type { SearchPage, SearchQuery } from './types.ts';

/** How many rows of a stream are read before it is asked whether something else is quicker. */
const streamTrial = 5000;
/** How far sets are counted that are large in any case. */
const largeSet = 100_000;

/** One page of the current, visible resources that match. See Store.search. */
export async function search(reader: Reader, query: SearchQuery, filter: AccessFilter): Promise<SearchPage> {
  const types = typesInScope(query.types, filter);
  const after = query.after === undefined ? undefined : readCursor(query.after, query.sort);
  if (types.length === 0 || query.filters.some(it => it.kind === 'never')) return emptyPage(query);
  const scene = { dialect: reader.dialect, filter };
  const drivers = await measureDrivers(reader, scene, types, query.filters, smallSet);
  const wanted = { scene, types, filters: drivers.filters };
  const order = { sort: query.sort, after, limit: query.count + 1 };
  const rows = query.count > 0 ? await choosePage(reader, wanted, order, drivers) : [];
  const total = await totalOf(reader, wanted, query, drivers);
  return pageOf(rows, query.count, total);
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
async function choosePage(
  reader: Reader,
  wanted: Wanted,
  order: Order,
  drivers: Drivers,
): Promise<PageRow[]> {
  if (drivers.best.size <= smallSet) return readPage(reader, wanted, drivers.best.source, order);
  const stream = streamOf(wanted.types, wanted.filters, order.sort, order.after);
  const trial = stream && (await tryStream(reader, wanted, order, stream));
  if (trial?.done) return trial.rows;
  const { best } = await measureDrivers(reader, wanted.scene, wanted.types, wanted.filters, largeSet);
  const expected = (streamTrial * order.limit) / Math.max(trial?.rows.length ?? 0, 0.5);
  const streams = stream?.complete && expected < best.size;
  return readPage(reader, wanted, streams ? stream : best.source, order);
}

async function tryStream(
  reader: Reader,
  wanted: Wanted,
  order: Order,
  stream: Stream,
): Promise<{ rows: PageRow[]; done: boolean }> {
  const { stream: start, whole } = await beginning(reader, stream, streamTrial);
  const rows = await readPage(reader, wanted, start, order);
  return { rows, done: rows.length === order.limit || (whole && stream.complete) };
}

async function totalOf(
  reader: Reader,
  wanted: Wanted,
  { total }: SearchQuery,
  drivers: Drivers,
): Promise<number | undefined> {
  if (total === 'none') return undefined;
  if (drivers.best.size <= smallSet) return countMatches(reader, wanted, drivers.best.source);
  const { best } = await measureDrivers(reader, wanted.scene, wanted.types, wanted.filters, largeSet);
  return total === 'accurate'
    ? countMatches(reader, wanted, best.source)
    : estimateMatches(reader, wanted, best);
}
