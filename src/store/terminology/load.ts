import type { Reader, Writer } from '../database.ts';
import { sql } from '../sql.ts';
import type { ImportedSystem, Loading, PlacedConcept } from './store.ts';

/** See TerminologyStore.startLoading. */
export async function startLoading(
  reader: Reader,
  writer: Writer,
  { url, version, digest, total, at, about }: Omit<ImportedSystem, 'num'> & { digest: string },
): Promise<Loading> {
  const find = () =>
    reader.all<Loading>(sql`SELECT num, done FROM term_system
      WHERE url = ${url} AND version = ${version} AND digest = ${digest} AND state = 'loading'`);
  const [begun] = await find();
  if (begun) return begun;
  await writer.run(
    ...reader.dialect.alone('term_system'),
    // What was begun of another content is not gone on with.
    sql`UPDATE term_system SET state = 'gone' WHERE url = ${url} AND version = ${version} AND state = 'loading'
      AND digest <> ${digest}`,
    sql`INSERT INTO term_system(num, url, version, state, digest, done, total, about, at)
      SELECT (SELECT coalesce(max(num), 0) + 1 FROM term_system), ${url}, ${version}, 'loading', ${digest}, 0,
        CAST(${total} AS bigint), ${JSON.stringify(about)}, CAST(${at} AS bigint)
      WHERE NOT EXISTS (SELECT 1 FROM term_system WHERE url = ${url} AND version = ${version}
        AND digest = ${digest} AND state = 'loading')`,
  );
  const [started] = await find();
  if (!started) throw new Error(`the import of ${url} was ended by another one as it began`);
  return started;
}

/** See TerminologyStore.load. */
export async function load(
  reader: Reader,
  writer: Writer,
  { num, done }: Loading,
  concepts: readonly PlacedConcept[],
): Promise<boolean> {
  const { rows } = reader.dialect;
  const codes = concepts.map(({ pos, concept }) => [
    pos,
    concept.code,
    concept.inactive ? 1 : 0,
    concept.abstract ? 1 : 0,
    JSON.stringify(concept),
  ]);
  const ranges = concepts.flatMap(({ pos, ranges }) => ranges.map(([lo, hi]) => [pos, lo, hi]));
  const words = concepts.flatMap(({ pos, words }) => [...new Set(words)].map(word => [word, pos]));
  const properties = concepts.flatMap(({ pos, properties }) =>
    [...new Map(properties.map(one => [JSON.stringify(one), one])).values()].map(one => [...one, pos]),
  );
  // Only who finds it at the place where it left it adds anything: the others add nothing at all.
  const mine = sql`EXISTS (SELECT 1 FROM term_system s WHERE s.num = ${num} AND s.state = 'loading' AND s.done = ${done})`;
  const results = await writer.run<{ num: number }>(
    ...reader.dialect.alone('term_system'),
    sql`INSERT INTO term_code(num, pos, code, inactive, abstract, body)
      SELECT CAST(${num} AS bigint), ${int(0)}, e.value ->> 1, ${int(2)}, ${int(3)}, e.value ->> 4 FROM ${rows(codes)} WHERE ${mine}`,
    sql`INSERT INTO term_range(num, pos, lo, hi)
      SELECT CAST(${num} AS bigint), ${int(0)}, ${int(1)}, ${int(2)} FROM ${rows(ranges)} WHERE ${mine}`,
    sql`INSERT INTO term_word(num, word, pos) SELECT CAST(${num} AS bigint), e.value ->> 0, ${int(1)} FROM ${rows(words)} WHERE ${mine}`,
    sql`INSERT INTO term_property(num, name, value, pos)
      SELECT CAST(${num} AS bigint), e.value ->> 0, e.value ->> 1, ${int(2)} FROM ${rows(properties)} WHERE ${mine}`,
    sql<{ num: number }>`UPDATE term_system SET done = done + ${concepts.length}
      WHERE num = ${num} AND done = ${done} AND state = 'loading' RETURNING num`,
  );
  return results.length > 0;
}

const int = (at: number) => sql`CAST(e.value ->> ${sql.raw(String(at))} AS bigint)`;

/** See TerminologyStore.finishLoading. */
export async function finishLoading(writer: Writer, num: number): Promise<void> {
  const own = (column: 'url' | 'version') =>
    sql`(SELECT s.${sql.ref(column)} FROM term_system s WHERE s.num = ${num})`;
  await writer.run(
    sql`UPDATE term_system SET state = 'gone' WHERE state = 'current' AND num <> ${num}
      AND url = ${own('url')} AND version = ${own('version')}`,
    sql`UPDATE term_system SET state = 'current' WHERE num = ${num} AND state = 'loading'`,
  );
}

/** See TerminologyStore.removeSystem. */
export async function removeSystem(writer: Writer, url: string, version: string): Promise<boolean> {
  const gone = await writer.run(sql`UPDATE term_system SET state = 'gone'
    WHERE url = ${url} AND version = ${version} AND state = 'current' RETURNING num`);
  return gone.length > 0;
}

/** See TerminologyStore.sweep. */
export async function sweep(reader: Reader, writer: Writer, limit: number): Promise<boolean> {
  const [gone] = await reader.all<{ num: number; first: number | null }>(sql`
    SELECT s.num, (SELECT min(c.pos) FROM term_code c WHERE c.num = s.num) AS first
    FROM term_system s WHERE s.state = 'gone' ORDER BY s.num LIMIT 1`);
  if (!gone) return false;
  const { num, first } = gone;
  if (first === null) {
    await writer.run(
      sql`DELETE FROM term_property WHERE num = ${num}`,
      sql`DELETE FROM term_system WHERE num = ${num}`,
    );
    return true;
  }
  const part = sql`num = ${num} AND pos < ${first + limit}`;
  await writer.run(
    sql`DELETE FROM term_word WHERE ${part}`,
    sql`DELETE FROM term_range WHERE ${part}`,
    sql`DELETE FROM term_code WHERE ${part}`,
  );
  return true;
}
