import type { Capabilities } from '../capabilities.ts';
import type { Reader } from '../database.ts';
import { allOf, type Condition } from '../search/boolean.ts';
import { type RawBuilder, sql } from '../sql.ts';
import { needsOnlyPlace, type Spans, selected, spansOf } from './selection.ts';
import type { ConceptPage } from './store.ts';
import type { Concept } from './types.ts';

/** See TerminologyStore.page: the places first, in their order, and the concepts of the page after that. */
export async function page(
  reader: Reader,
  num: number,
  wanted: ConceptPage,
): Promise<{ concepts: Concept[]; total: number }> {
  const spans = await spansOf(reader, num, wanted.selection);
  const places = placesOf(reader.dialect, num, spans, wanted);
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
  spans: Spans,
  { selection, words, activeOnly }: ConceptPage,
): RawBuilder<unknown> {
  const [lead, ...others] = words.toSorted((a, b) => b.length - a.length);
  const needsCode = activeOnly || !needsOnlyPlace(selection);
  const pos = sql.ref(lead === undefined || needsCode ? 'c.pos' : 'm.pos');
  const conditions = [
    ...(selection.kind === 'all' ? [] : [selected({ dialect, num, spans, pos }, selection)]),
    ...others.map(
      word => sql<boolean>`EXISTS (SELECT 1 FROM term_word w WHERE w.pos = ${pos} AND ${isWord(num, word)})`,
    ),
    ...(activeOnly ? [sql<boolean>`c.inactive = 0`] : []),
  ];
  const where = allOf(conditions);
  if (lead === undefined) return sql`(SELECT c.pos FROM term_code c WHERE c.num = ${num} AND ${where})`;
  const matching = sql`(SELECT DISTINCT w.pos FROM term_word w WHERE ${isWord(num, lead)})`;
  if (!needsCode) return sql`(SELECT m.pos FROM ${matching} m WHERE ${where})`;
  return sql`(SELECT c.pos FROM ${matching} m CROSS JOIN term_code c
    WHERE c.num = ${num} AND c.pos = m.pos AND ${where})`;
}

/** The last character there is ends the range of the words that begin with one. */
const isWord = (num: number, word: string): Condition =>
  sql<boolean>`w.num = ${num} AND w.word >= ${word} AND w.word < ${`${word}\u{10ffff}`}`;
