import type pg from 'pg';

/** One statement, and so one transaction. Sequence numbers follow the order of the batches. */
const statement = `
  INSERT INTO audit(batch)
  SELECT batch FROM unnest($1::text[]) WITH ORDINALITY AS g(batch, place) ORDER BY place`;

export async function appendBatches(pool: pg.Pool, batches: readonly string[]): Promise<void> {
  await pool.query({ name: 'audit_append', text: statement, values: [batches] });
}
