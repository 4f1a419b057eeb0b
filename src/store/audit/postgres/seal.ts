import type pg from 'pg';
import { sealBlock } from '../chain.ts';
import { gate } from '../schema.ts';
import type { AuditHead, StoredBatch } from '../types.ts';

/** See AuditStore.seal. Two sealers take turns: the second goes on from the head that the first has left. */
export async function sealRows(pool: pg.Pool, limit: number): Promise<number> {
  const newest = await newestStored(pool);
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL synchronous_commit = on');
    const sealed = await seal(client, newest, limit);
    await client.query('COMMIT');
    return sealed;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * The newest event such that none with a smaller number can still be on its way: numbers are given while the
 * gate is held in common, and read while it is held alone. Both statements are one transaction.
 */
async function newestStored(pool: pg.Pool): Promise<number> {
  const query = `SELECT pg_advisory_xact_lock(${gate}); SELECT coalesce(max(seq), 0) AS seq FROM audit`;
  const results = (await pool.query(query)) as unknown as pg.QueryResult<{ seq: number }>[];
  return results.at(-1)?.rows[0]?.seq ?? 0;
}

async function seal(client: pg.ClientBase, newest: number, limit: number): Promise<number> {
  const { rows: heads } = await client.query<AuditHead>('SELECT rows, seq, hash FROM audit_head FOR UPDATE');
  const before = heads[0];
  if (!before) throw new Error('The audit has lost its head');
  const { rows: batches } = await client.query<StoredBatch>(
    'SELECT seq, batch FROM audit WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3',
    [before.seq, newest, limit],
  );
  if (batches.length === 0) return 0;
  const { head, hashes, earliest, latest, index } = sealBlock(before, batches);
  await client.query(
    'INSERT INTO audit_seal(last, rows, earliest, latest, hashes) VALUES ($1, $2, $3, $4, $5)',
    [head.seq, head.rows - before.rows, earliest, latest, hashes],
  );
  await client.query(
    'INSERT INTO audit_key(key, last, seqs) SELECT k.key, $1, k.seqs FROM unnest($2::text[], $3::text[]) AS k(key, seqs)',
    [head.seq, index.map(one => one.key), index.map(one => one.seqs)],
  );
  await client.query('UPDATE audit_head SET rows = $1, seq = $2, hash = $3', [
    head.rows,
    head.seq,
    head.hash,
  ]);
  return batches.length;
}
