import { type RawBuilder, sql } from 'kysely';
import type { AccessFilter } from '../access/filter.ts';
import type { Capabilities } from './capabilities.ts';
import { cleared } from './clearance.ts';
import type { ClearanceRow } from './types.ts';

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
  const valid = sql`x.starts <= ${now} AND (x.ends IS NULL OR x.ends > ${now})`;
  const covers = (level: ClearanceRow['level']) =>
    sql`${valid} AND ((${r}.label & ~ x.labels) = 0 OR ${cleared(level, filter, { r, x: sql.ref('x') })})`;
  return sql<boolean>`${inScope(dialect, filter, r)} AND (
    ${r}.source = ${organization}
    OR (${r}.open = 1 AND ${r}.label = 0)
    OR EXISTS (SELECT 1 FROM rel x WHERE x.patient = ${r}.patient AND x.org = ${organization} AND ${covers('record')})
    OR EXISTS (SELECT 1 FROM party x WHERE x.org = ${organization} AND x.rid = ${r}.rid AND ${covers('packet')}))`;
}

function inScope(dialect: Capabilities, filter: AccessFilter, r: RawBuilder<unknown>): RawBuilder<boolean> {
  if (filter.types === '*') {
    return sql`1 = 1`;
  }
  return dialect.oneOf(sql`${r}.type`, filter.types);
}
