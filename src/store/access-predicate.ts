import { type RawBuilder, sql } from 'kysely';
import type { AccessFilter } from '../access/filter.ts';
import type { Capabilities } from './capabilities.ts';

/**
 * The WHERE clause every query of resources ends in, over an alias (`r`) of the `resource` table. See
 * AccessFilter for what it says. PostgreSQL reads `&~` as one operator: hence the space.
 */
export function accessPredicate(
  dialect: Capabilities,
  filter: AccessFilter,
  alias = 'r',
): RawBuilder<boolean> {
  const r = sql.ref(alias);
  if (filter.internal) return inScope(dialect, filter, r);
  const { organization, now } = filter;
  const covers = sql`(${r}.label & ~ x.labels) = 0 AND x.starts <= ${now} AND (x.ends IS NULL OR x.ends > ${now})`;
  return sql<boolean>`${inScope(dialect, filter, r)} AND (
    ${r}.source = ${organization}
    OR (${r}.open = 1 AND ${r}.label = 0)
    OR EXISTS (SELECT 1 FROM rel x WHERE x.patient = ${r}.patient AND x.org = ${organization} AND ${covers})
    OR EXISTS (SELECT 1 FROM party x WHERE x.org = ${organization} AND x.rid = ${r}.rid AND ${covers}))`;
}

function inScope(dialect: Capabilities, filter: AccessFilter, r: RawBuilder<unknown>): RawBuilder<boolean> {
  if (filter.types === '*') {
    return sql`1 = 1`;
  }
  return dialect.oneOf(sql`${r}.type`, filter.types);
}
