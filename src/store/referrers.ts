import { compile, type Reader } from './database.ts';
import { sql } from './sql.ts';
import type { Condition, Rid } from './types.ts';

/** A query that has a row where anything but `except` refers to the target. See Store.otherReferrers. */
export function otherReferrers(
  reader: Reader,
  { param, target }: { param: number; target: Rid },
  except: readonly Rid[],
): Condition {
  const known = reader.dialect.oneOf(sql`f.rid`, except);
  const found = compile(
    reader.dialect,
    sql`SELECT 1 FROM ref f JOIN resource r ON r.rid = f.rid
      WHERE f.param = ${param} AND f.target = ${target} AND r.deleted = 0 AND NOT (${known}) LIMIT 1`,
  );
  return { lock: `referrers ${param} ${target}`, sql: found.sql, parameters: found.parameters };
}
