import type { Reader, Writer } from '../database.ts';
import { prepare } from '../prepared.ts';
import { sql } from '../sql.ts';
import { finishLoading, load, removeSystem, startLoading, sweep } from './load.ts';
import { page } from './page.ts';
import { selected, spansOf } from './selection.ts';
import type { ImportedSystem, TerminologyStore } from './store.ts';
import type { Concept } from './types.ts';

/** See TerminologyStore: the same on both databases. */
export function terminologyStore(reader: Reader, writer: Writer): TerminologyStore {
  const { dialect } = reader;
  return {
    async revision() {
      const [row] = await revision(reader, {});
      return `${row?.resources} ${row?.seqs} ${row?.systems}`;
    },
    stored: () =>
      reader.all(sql`
        SELECT r.type, i.uri AS url, r.seq FROM param p
        CROSS JOIN uri i CROSS JOIN resource r
        WHERE p.name IN ('CodeSystem.url', 'ValueSet.url', 'ConceptMap.url') AND i.param = p.num AND r.rid = i.rid
          AND r.type IN ('CodeSystem', 'ValueSet', 'ConceptMap') AND ${open}`),
    bodies: seqs =>
      reader.all(
        sql`SELECT seq, body FROM version WHERE ${dialect.oneOf(sql.ref('seq'), seqs)} AND body IS NOT NULL`,
      ),
    async systems() {
      const rows = await reader.all<Omit<ImportedSystem, 'about'> & { about: string }>(sql`
        SELECT num, url, version, total, at, about FROM term_system WHERE state = 'current' ORDER BY url, version`);
      return rows.map(({ about, ...row }) => ({ ...row, about: JSON.parse(about) }));
    },
    async concepts(num, codes) {
      const rows = await reader.all<{ body: string }>(
        sql`SELECT c.body FROM term_code c WHERE c.num = ${num} AND ${dialect.oneOf(sql.ref('c.code'), codes.filter(isText))}`,
      );
      return rows.map(({ body }): Concept => JSON.parse(body));
    },
    async children(num, code) {
      if (!isText(code)) return [];
      const rows = await reader.all<{ code: string }>(sql`
        SELECT c.code FROM term_property p CROSS JOIN term_code c
        WHERE p.num = ${num} AND p.name = 'parent' AND p.value = ${code} AND c.num = ${num} AND c.pos = p.pos
        ORDER BY c.pos`);
      return rows.map(row => row.code);
    },
    async selected(num, codes, selection) {
      const spans = await spansOf(reader, num, selection);
      const place = { dialect, num, spans, pos: sql.ref('c.pos') };
      const rows = await reader.all<{ code: string }>(sql`
        SELECT c.code FROM term_code c WHERE c.num = ${num} AND ${dialect.oneOf(sql.ref('c.code'), codes.filter(isText))}
        AND ${selected(place, selection)}`);
      return rows.map(row => row.code);
    },
    page: (num, wanted) => page(reader, num, wanted),
    async scan(num, after, limit) {
      const rows = await reader.all<{ body: string }>(
        sql`SELECT c.body FROM term_code c WHERE c.num = ${num} AND c.code > ${after} ORDER BY c.code LIMIT ${limit}`,
      );
      return rows.map(({ body }): Concept => JSON.parse(body));
    },
    startLoading: system => startLoading(reader, writer, system),
    load: (loading, concepts) => load(reader, writer, loading, concepts),
    finishLoading: num => finishLoading(writer, num),
    removeSystem: (url, version) => removeSystem(writer, url, version),
    sweep: limit => sweep(reader, writer, limit),
  };
}

/** PostgreSQL has no U+0000 in its texts, and no code has one. */
const isText = (code: string): boolean => !code.includes('\0');

const open = sql`r.deleted = 0 AND r.open = 1 AND r.label = 0`;

/** Numbers of versions only grow: the sum is another one whenever any of the resources has changed. */
const revision = prepare<object, { resources: number; seqs: string; systems: string }>(
  () => sql`
    SELECT count(*) AS resources, CAST(coalesce(sum(r.seq), 0) AS text) AS seqs,
      (SELECT CAST(coalesce(sum(num), 0) AS text) FROM term_system WHERE state = 'current') AS systems
    FROM resource r WHERE r.type IN ('CodeSystem', 'ValueSet', 'ConceptMap') AND ${open}`,
);
