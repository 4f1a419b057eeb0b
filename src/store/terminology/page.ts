import type { Capabilities } from '../capabilities.ts';
import type { Reader } from '../database.ts';
import { allOf, type Condition, never } from '../search/boolean.ts';
import { type RawBuilder, sql } from '../sql.ts';
import { positionOf, selected } from './selection.ts';
import type { ConceptPage } from './store.ts';
import type { Concept, Selection } from './types.ts';

/** See TerminologyStore.page: the places first, in their order, and the concepts of the page after that. */
export async function page(
  reader: Reader,
  num: number,
  wanted: ConceptPage,
): Promise<{ concepts: Concept[]; total: number }> {
  const places = placesOf(reader.dialect, num, wanted);
  const rows = await reader.all<{ pos: number; total: number }>(sql`
    SELECT pos, total FROM (SELECT pos, count(*) OVER () AS total FROM ${places} k) t
    ORDER BY pos LIMIT ${wanted.count} OFFSET ${wanted.offset}`);
  const total = rows[0]?.total ?? (await count(reader, places, wanted));
  const bodies = await reader.all<{ pos: number; body: string }>(sql`
    SELECT c.pos, c.body FROM term_code c
    WHERE c.num = ${num} AND ${reader.dialect.oneOf(
      sql.ref('c.pos'),
      rows.map(row => row.pos),
    )} ORDER BY c.pos`);
  return { concepts: bodies.map(({ body }) => JSON.parse(body)), total };
}

/** Nothing is on the page: because it is empty or behind the end, or no row was asked for. */
async function count(reader: Reader, places: RawBuilder<unknown>, wanted: ConceptPage): Promise<number> {
  if (wanted.offset === 0 && wanted.count > 0) return 0;
  const [row] = await reader.all<{ total: number }>(sql`SELECT count(*) AS total FROM ${places} k`);
  return row?.total ?? 0;
}

/** A subquery of the places (`pos`) of the selected concepts, each once. What is rarest leads. */
function placesOf(
  dialect: Capabilities,
  num: number,
  { selection, words, activeOnly }: ConceptPage,
): RawBuilder<unknown> {
  const [lead, ...others] = words.toSorted((a, b) => b.length - a.length);
  const parts = selection.kind === 'and' ? selection.of : [selection];
  const below = parts.find(part => part.kind === 'below');
  const rest = parts.filter(part => lead !== undefined || part !== below);
  const conditions = [
    ...rest.filter(part => part.kind !== 'all').map(part => selected(dialect, num, part)),
    ...others.map(word => hasWord(num, word)),
    ...(activeOnly ? [sql<boolean>`c.inactive = 0`] : []),
  ];
  if (lead !== undefined) return byWord(num, lead, conditions);
  if (below) return byRange(num, below, conditions);
  const where = allOf([sql<boolean>`c.num = ${num}`, ...conditions]);
  return sql`(SELECT c.pos FROM term_code c WHERE ${where})`;
}

function byWord(num: number, word: string, conditions: readonly Condition[]): RawBuilder<unknown> {
  const matching = sql`(SELECT DISTINCT w.pos FROM term_word w WHERE ${isWord('w', num, word)})`;
  if (conditions.length === 0) return matching;
  return sql`(SELECT c.pos FROM ${matching} m CROSS JOIN term_code c
    WHERE c.num = ${num} AND c.pos = m.pos AND ${allOf(conditions)})`;
}

function byRange(
  num: number,
  { code, self }: Extract<Selection, { kind: 'below' }>,
  conditions: readonly Condition[],
): RawBuilder<unknown> {
  const other = self ? [] : [sql<boolean>`c.code <> ${code}`];
  return sql`(SELECT c.pos FROM term_range g CROSS JOIN term_code c
    WHERE g.num = ${num} AND g.pos = ${positionOf(num, code)} AND c.num = ${num} AND c.pos BETWEEN g.lo AND g.hi
    AND ${allOf([...other, ...conditions])})`;
}

const hasWord = (num: number, word: string): Condition =>
  sql<boolean>`EXISTS (SELECT 1 FROM term_word w WHERE w.pos = c.pos AND ${isWord('w', num, word)})`;

/** The last character there is ends the range of the words that begin with one. */
function isWord(alias: string, num: number, word: string): Condition {
  if (word === '') return never;
  const w = sql.ref(alias);
  return sql<boolean>`${w}.num = ${num} AND ${w}.word >= ${word} AND ${w}.word < ${`${word}\u{10ffff}`}`;
}
