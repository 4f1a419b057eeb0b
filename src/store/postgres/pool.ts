import pg from 'pg';

/** Whole numbers as numbers: every bigint of the schema (rid, seq, epoch milliseconds) stays far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
};

/** Milliseconds after which the server gives up a statement: nobody waits longer for an answer. */
const longestStatement = 60_000;

/** Connections to the database. A held-open transaction would stop the change feed: the server ends it. */
export function createPool(
  url: string,
  { options, ...more }: Pick<pg.PoolConfig, 'max' | 'options' | 'statement_timeout'> = {},
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    types,
    // Statements that do not need each other's answers are sent together.
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 10_000,
    statement_timeout: longestStatement,
    application_name: 'warm-handoff',
    ...more,
    // A search is over before its plan would be compiled: https://www.postgresql.org/docs/current/jit-decision.html
    options: ['-c jit=off', options].filter(Boolean).join(' '),
  });
  // An idle connection that is lost is replaced by the pool; the query that meets the loss reports it.
  pool.on('error', () => undefined);
  return pool;
}
