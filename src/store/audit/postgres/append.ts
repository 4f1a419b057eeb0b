import type pg from 'pg';
import type { NewAuditRow } from '../types.ts';

/** One statement, and so one transaction. Sequence numbers follow the order of the rows. */
const statement = `
  INSERT INTO audit(at, kind, outcome, org, keys, event)
  SELECT at, kind, outcome, org, keys, event
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    WITH ORDINALITY AS g(at, kind, outcome, org, keys, event, place) ORDER BY place`;

export async function appendRows(pool: pg.Pool, rows: readonly NewAuditRow[]): Promise<void> {
  await pool.query({
    name: 'audit_append',
    text: statement,
    values: [
      rows.map(row => row.at),
      rows.map(row => row.kind),
      rows.map(row => row.outcome),
      rows.map(row => row.org),
      rows.map(row => row.keys),
      rows.map(row => row.event),
    ],
  });
}
