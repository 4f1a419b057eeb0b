import type { Reader } from './database.ts';
import { prepare } from './prepared.ts';
import { sql } from './sql.ts';

/**
 * The next moment at which what an organization may see changes by itself, without a write: a relationship begins or
 * ends, or a consent does. Undefined: never. Each part is one step in an index.
 */
export async function nextChange(
  reader: Reader,
  organization: string,
  now: number,
): Promise<number | undefined> {
  const [row] = await boundary(reader, { organization, now });
  return row?.next ?? undefined;
}

/** The rows that it rests on: its own, and what is cleared for all that no consent names. */
const rows: readonly (readonly [table: string, org?: string])[] = [
  ['rel'],
  ['party'],
  ['clearance'],
  ['clearance', ''],
];

const boundary = prepare<{ organization: string; now: number }, { next: number | null }>(
  (_, { organization, now }) => {
    const edges = rows.flatMap(([table, org]) =>
      ['starts', 'ends'].map(edge => {
        const at = sql`${sql.ref(`x.${edge}`)} + 0`;
        return sql`SELECT (SELECT ${at} FROM ${sql.table(table)} x
          WHERE x.org = ${org ?? organization} AND ${at} > ${now} ORDER BY ${at} LIMIT 1) AS edge`;
      }),
    );
    return sql`SELECT min(edge) AS next FROM (${sql.join(edges, sql` UNION ALL `)}) edges`;
  },
);
