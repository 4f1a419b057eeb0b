import type pg from 'pg';
import type { NewAuditRow } from '../types.ts';

/** One statement, and so one transaction. Sequence numbers follow the order of the rows. */
const statement = `
  WITH given AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])
      WITH ORDINALITY AS g(at, kind, outcome, org, event, place)
  ), stored AS (
    INSERT INTO audit(at, kind, outcome, org, event)
    SELECT at, kind, outcome, org, event FROM given ORDER BY place RETURNING seq, at
  ), numbered AS (SELECT seq, at, row_number() OVER (ORDER BY seq) AS place FROM stored)
  INSERT INTO audit_key(key, at, seq)
  SELECT k.key, n.at, n.seq FROM unnest($6::text[], $7::bigint[]) AS k(key, place) JOIN numbered n USING (place)`;

export async function appendRows(pool: pg.Pool, rows: readonly NewAuditRow[]): Promise<void> {
  const keys = rows.flatMap((row, place) => row.keys.map(key => ({ key, place: place + 1 })));
  await pool.query({
    name: 'audit_append',
    text: statement,
    values: [
      rows.map(row => row.at),
      rows.map(row => row.kind),
      rows.map(row => row.outcome),
      rows.map(row => row.org),
      rows.map(row => row.event),
      keys.map(one => one.key),
      keys.map(one => one.place),
    ],
  });
}
