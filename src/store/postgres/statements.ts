import { clearanceColumns, storedClearance } from '../clearance.ts';
import { tsvector } from '../full-text.ts';
import { indexColumns, indexTables } from '../index-tables.ts';
import type { IndexTable } from '../search/types.ts';
import type { CommitList, IndexRows, Links, Reindexed, Rid, VersionWrite, Words } from '../types.ts';

/** A statement with its parameters, prepared under its name. */
export interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

const typeOf: Record<string, string> = {
  param: 'int',
  target: 'bigint',
  lo: 'bigint',
  hi: 'bigint',
  rid: 'bigint',
  part: 'int',
  grp: 'bigint',
};
for (const real of ['val', 'lat', 'lon']) {
  typeOf[real] = 'float8';
}

type Columns = readonly (readonly [name: string, type: string])[];

/** `unnest($3::int[], $4::text[]) WITH ORDINALITY AS alias(param, code, n)`, the first parameter being `$first`. */
function unnest(alias: string, columns: Columns, first: number): string {
  const arrays = columns.map(([, type], at) => `$${first + at}::${type}[]`);
  return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS ${alias}(${columns.map(([name]) => name).join(', ')}, n)`;
}

/** The ends of a tuple's range may be numbers of any kind, not only times. */
const typeIn = (table: IndexTable, column: string): string =>
  table === 'tuple' && (column === 'lo' || column === 'hi') ? 'float8' : (typeOf[column] ?? 'text');

const keysOf = (table: IndexTable): Columns =>
  [...indexColumns[table], 'rid'].map(column => [column, typeIn(table, column)] as const);

const versionColumns = [
  ['rid', 'bigint'],
  ['type', 'text'],
  ['id', 'text'],
  ['ver', 'bigint'],
  ['at', 'bigint'],
  ['op', 'text'],
  ['actor', 'text'],
  ['org', 'text'],
  ['purpose', 'text'],
  ['body', 'text'],
  ['source', 'text'],
  ['origin', 'text'],
  ['patient', 'text'],
  ['label', 'bigint'],
  ['open', 'int'],
  ['quiet', 'int'],
] as const;

const workColumns = [
  ['owner', 'text'],
  ['status', 'text'],
  ['due', 'bigint'],
  ['rid', 'bigint'],
] as const;

/** Writes versions, current rows, feed, index and board rows; gives `rid, ver, seq` of each version. */
export function additions(writes: readonly VersionWrite[]): Statement {
  const work = writes.flatMap(({ rid, work: rows }) => rows.map(row => ({ ...row, rid })));
  return {
    name: 'hub_additions',
    text: additionsText,
    values: [
      ...versionColumns.map(([name]) => writes.map(write => columnOf(write, name))),
      ...indexArrays(writes, 'add'),
      ...workColumns.map(([name]) => work.map(row => row[name])),
    ],
  };
}

function columnOf(write: VersionWrite, name: (typeof versionColumns)[number][0]): unknown {
  const value = write[name];
  return typeof value === 'boolean' || name === 'quiet' ? Number(value ?? false) : (value ?? null);
}

const additionsText = (() => {
  let next = 1;
  const take = (alias: string, columns: Columns) => {
    const from = unnest(alias, columns, next);
    next += columns.length;
    return from;
  };
  const written = `w AS MATERIALIZED (SELECT * FROM ${take('w', versionColumns)})`;
  const indexed = indexTables.map(table => {
    const columns = keysOf(table).map(([name]) => name);
    return `add_${table} AS (INSERT INTO ${table}(${columns.join(', ')})
      SELECT ${columns.join(', ')} FROM ${take('i', keysOf(table))} ON CONFLICT DO NOTHING)`;
  });
  return `
  WITH ${written},
  v AS (INSERT INTO version(rid, type, ver, at, op, actor, org, purpose, body)
    SELECT rid, type, ver, at, op, actor, org, purpose, body FROM w ORDER BY n RETURNING rid, ver, seq),
  s AS (SELECT w.*, v.seq FROM w JOIN v ON v.rid = w.rid AND v.ver = w.ver),
  created AS (INSERT INTO resource(rid, type, id, ver, seq, updated, source, origin, patient, label, open, deleted)
    SELECT rid, type, id, ver, seq, at, source, origin, patient, label, open, CASE WHEN op = 'delete' THEN 1 ELSE 0 END FROM s WHERE ver = 1 ORDER BY type, id),
  updated AS (UPDATE resource r SET ver = s.ver, seq = s.seq, updated = s.at, source = s.source, origin = s.origin,
    patient = s.patient, label = s.label, open = s.open, deleted = CASE WHEN s.op = 'delete' THEN 1 ELSE 0 END
    FROM s WHERE s.ver > 1 AND r.rid = s.rid),
  fed AS (INSERT INTO feed(seq, rid, ver, type, op, quiet) SELECT seq, rid, ver, type, op, quiet FROM s ORDER BY seq),
  ${indexed.join(',\n  ')},
  worked AS (INSERT INTO work(owner, status, due, rid)
    SELECT owner, status, due, rid FROM ${take('i', workColumns)} ON CONFLICT DO NOTHING)
  SELECT rid, ver, seq FROM v`;
})();

/** Removes the index rows that are gone, and the board rows that the writes replace. */
export function removals(writes: readonly VersionWrite[]): Statement {
  const later = writes.filter(write => write.ver > 1);
  return {
    name: 'hub_removals',
    text: removalsText,
    values: [...indexArrays(later, 'remove'), later.map(write => write.rid)],
  };
}

const removalsText = (() => {
  let next = 1;
  const deletions = indexTables.map(table => {
    const columns = keysOf(table);
    const same = columns.map(([name]) => `t.${name} = i.${name}`).join(' AND ');
    const from = unnest('i', columns, next);
    next += columns.length;
    return `del_${table} AS (DELETE FROM ${table} t USING ${from} WHERE ${same})`;
  });
  return `WITH ${deletions.join(',\n  ')} DELETE FROM work WHERE rid = ANY($${next}::bigint[])`;
})();

function indexArrays(writes: readonly VersionWrite[], which: 'add' | 'remove'): unknown[][] {
  return indexTables.flatMap(table => {
    const rows = writes.flatMap(write => rowsOf(write[which], table).map(row => [...row, write.rid]));
    return keysOf(table).map((_, column) => rows.map(row => row[column]));
  });
}

function rowsOf(rows: IndexRows, table: IndexTable): readonly (readonly (string | number)[])[] {
  return rows[table];
}

/** Replaces the words of resources; null takes them away. */
export function wordChanges(changes: readonly { rid: Rid; words: Words | null }[]): Statement[] {
  const kept = changes.flatMap(({ rid, words }) => (words ? [{ rid, ...words }] : []));
  return [
    {
      name: 'hub_words_gone',
      text: 'DELETE FROM fulltext WHERE rid = ANY($1::bigint[])',
      values: [changes.map(({ rid }) => rid)],
    },
    {
      name: 'hub_words',
      text: `INSERT INTO fulltext(rid, narrative, content)
        SELECT rid, narrative::tsvector, content::tsvector
        FROM unnest($1::bigint[], $2::text[], $3::text[]) AS w(rid, narrative, content)`,
      values: [
        kept.map(({ rid }) => rid),
        kept.map(({ narrative }) => tsvector(narrative)),
        kept.map(({ content }) => tsvector(content)),
      ],
    },
  ];
}

/** Makes the whole index of resources again. */
export function reindexing(list: readonly Reindexed[]): Statement[] {
  const rids = list.map(({ rid }) => rid);
  const perTable = indexTables.flatMap(table => {
    const columns = keysOf(table);
    const rows = list.flatMap(({ rid, rows }) => rowsOf(rows, table).map(row => [...row, rid]));
    const names = columns.map(([name]) => name).join(', ');
    return [
      {
        name: `hub_reindex_gone_${table}`,
        text: `DELETE FROM ${table} WHERE rid = ANY($1::bigint[])`,
        values: [rids],
      },
      {
        name: `hub_reindex_${table}`,
        text: `INSERT INTO ${table}(${names}) SELECT ${names} FROM ${unnest('i', columns, 1)} ON CONFLICT DO NOTHING`,
        values: columns.map((_, column) => rows.map(row => row[column])),
      },
    ];
  });
  return [...perTable, ...wordChanges(list)];
}

/** Removes what rested on the `via`s. */
export function linkRemovals(links: readonly Links[]): Statement {
  return {
    name: 'hub_link_removals',
    text: `WITH gone AS (DELETE FROM rel WHERE via = ANY($1::bigint[])) DELETE FROM party WHERE via = ANY($1::bigint[])`,
    values: [links.map(({ via }) => via)],
  };
}

const linkColumns = [
  ['org', 'text'],
  ['via', 'bigint'],
  ['labels', 'bigint'],
  ['starts', 'bigint'],
  ['ends', 'bigint'],
] as const;
const relColumns = [['patient', 'text'], ...linkColumns, ['opens', 'smallint']] as const;
const partyColumns = [['rid', 'bigint'], ...linkColumns] as const;

const linkInsert = (table: string, columns: Columns, first: number) => {
  const names = columns.map(([name]) => name).join(', ');
  return `INSERT INTO ${table}(${names}) SELECT ${names} FROM ${unnest('i', columns, first)} ON CONFLICT DO NOTHING`;
};
const linkAdditionsText = `WITH related AS (${linkInsert('rel', relColumns, 1)})
  ${linkInsert('party', partyColumns, 1 + relColumns.length)}`;

/** Adds what rests on the `via`s now. */
export function linkAdditions(links: readonly Links[]): Statement {
  const relations = links.flatMap(({ via, relations: rows }) =>
    rows.map(row => ({ ...row, via, opens: row.opens === false ? 0 : 1 })),
  );
  const parties = links.flatMap(({ via, parties: rows }) => rows.map(row => ({ ...row, via })));
  return {
    name: 'hub_link_additions',
    text: linkAdditionsText,
    values: [
      ...relColumns.map(([name]) => relations.map(row => row[name])),
      ...partyColumns.map(([name]) => parties.map(row => row[name])),
    ],
  };
}

/** Replaces what consents cleared; nothing to run where no link says anything of it. */
export function clearanceChanges(links: readonly Links[]): Statement[] {
  const changed = links.filter(({ clearances }) => clearances !== undefined);
  if (changed.length === 0) {
    return [];
  }
  const rows = changed.flatMap(({ via, clearances = [] }) =>
    clearances.map(row => storedClearance(row, via)),
  );
  return [
    {
      name: 'hub_clearance_removals',
      text: 'DELETE FROM clearance WHERE via = ANY($1::bigint[])',
      values: [changed.map(({ via }) => via)],
    },
    {
      name: 'hub_clearance_additions',
      text: linkInsert('clearance', clearanceColumns, 1),
      values: clearanceColumns.map(([name]) => rows.map(row => row[name])),
    },
  ];
}

/** Moves a consumer of the feed. */
export function cursorMove({ name, to }: NonNullable<CommitList['cursor']>): Statement {
  return {
    name: 'hub_cursor_move',
    text: `INSERT INTO cursor(name, xid, seq) VALUES ($1, $2::xid8, $3)
      ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, seq = excluded.seq`,
    values: [name, to.xid, to.seq],
  };
}
