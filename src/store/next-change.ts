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

const boundary = prepare<{ organization: string; now: number }, { next: number | null }>(
  (_, { organization, now }) => {
    const edges = ['rel', 'party', 'clearance'].flatMap(table =>
      ['starts', 'ends'].map(edge => {
        const column = sql.ref(`x.${edge}`);
        return sql`SELECT min(${column}) AS edge FROM ${sql.table(table)} x
          WHERE x.org = ${organization} AND ${column} > ${now}`;
      }),
    );
    return sql`SELECT min(edge) AS next FROM (${sql.join(edges, sql` UNION ALL `)}) edges`;
  },
);
