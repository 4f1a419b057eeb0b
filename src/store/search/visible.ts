import { limitTo } from '../limit.ts';
import { sql } from '../sql.ts';
import { among } from './boolean.ts';
import { type Candidates, count } from './candidates.ts';
import type { Scene } from './probe.ts';

/**
 * All resources of the types that the organization can see at all: of its patients, its own, those it is a
 * party to, and open ones. Undefined for the hub itself, which sees everything.
 */
export function visibleCandidates(
  { dialect, filter }: Scene,
  types: readonly string[],
): Candidates | undefined {
  if (filter.internal) return undefined;
  const { organization, now } = filter;
  const type = among(dialect, sql.ref('d.type'), types);
  const valid = sql`x.org = ${organization} AND x.starts <= ${now} AND (x.ends IS NULL OR x.ends > ${now})`;
  const patients = sql`SELECT DISTINCT x.patient FROM rel x WHERE ${valid}`;
  // A few rows in the order of their index: PostgreSQL would rather read a table from its start.
  const byTime = types.length === 1 ? sql` ORDER BY d.updated` : sql``;
  const records = dialect.next('resource', 'd', sql`d.patient = x.patient AND ${type}`);
  const own = sql`FROM resource d WHERE d.source = ${organization} AND ${type}`;
  const parties = sql`FROM party x WHERE ${valid}`;
  const open = sql`FROM resource d WHERE d.open = 1 AND ${type}`;
  return {
    rids: sql`SELECT d.rid FROM (${patients}) x${records} UNION SELECT d.rid ${own}
      UNION SELECT x.rid ${parties} UNION SELECT d.rid ${open}`,
    // Where its own are so many already, the others need not be counted.
    size: cap => sql`(SELECT CASE WHEN o.n >= ${cap} THEN o.n ELSE o.n
      + ${count(sql`${patients} ORDER BY x.patient`, cap)}
      + ${count(sql`SELECT 1 FROM (${patients} ORDER BY x.patient${limitTo(cap)}) x${records}`, cap)}
      + ${count(sql`SELECT 1 ${parties} ORDER BY x.rid`, cap)}
      + ${count(sql`SELECT 1 ${open}${byTime}`, cap)} END FROM (SELECT ${count(sql`SELECT 1 ${own}${byTime}`, cap)} AS n) o)`,
    exact: false,
  };
}
