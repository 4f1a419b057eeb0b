import type { Extent } from '../access/extent.ts';
import type { AccessFilter } from '../access/filter.ts';
import type { Capabilities } from './capabilities.ts';
import { cleared } from './clearance.ts';
import { allOf, always, anyOf } from './search/boolean.ts';
import { probe } from './search/probe.ts';
import { type RawBuilder, sql } from './sql.ts';
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
  if (filter.internal) return ofTypes(dialect, filter.types, r);
  const { organization, now } = filter;
  const valid = sql`x.starts <= ${now} AND (x.ends IS NULL OR x.ends > ${now})`;
  const covers = (level: ClearanceRow['level']) =>
    sql`${valid} AND ((${r}.label & ~ x.labels) = 0 OR ${r}.origin = ${organization}
      OR ${cleared(level, filter, { r, x: sql.ref('x') })})`;
  return sql<boolean>`${inScope(dialect, filter, alias)} AND (
    ${r}.source = ${organization}
    OR (${r}.open = 1 AND ${r}.label = 0)
    OR EXISTS (SELECT 1 FROM rel x WHERE x.patient = ${r}.patient AND x.org = ${organization} AND ${covers('record')})
    OR EXISTS (SELECT 1 FROM party x WHERE x.org = ${organization} AND x.rid = ${r}.rid AND ${covers('packet')}))`;
}

function inScope(dialect: Capabilities, filter: AccessFilter, alias: string): RawBuilder<boolean> {
  const types = ofTypes(dialect, filter.types, sql.ref(alias));
  if (!filter.within) return types;
  return allOf([types, anyOf(filter.within.map(extent => inExtent(dialect, filter, extent, alias)))]);
}

/** What a scope is narrowed to is asked of the index rows of the resource, as a search would ask it. */
function inExtent(
  dialect: Capabilities,
  filter: AccessFilter,
  { types, except, patient, filters = [] }: Extent,
  alias: string,
): RawBuilder<boolean> {
  const r = sql.ref(alias);
  const place = { alias, types: types === '*' ? [] : types, depth: 0 };
  return sql<boolean>`(${allOf([
    ofTypes(dialect, types, r),
    ...(except ? [sql<boolean>`NOT ${ofTypes(dialect, except, r)}`] : []),
    ...(patient === undefined
      ? []
      : [sql<boolean>`(${r}.patient = ${patient} OR (${r}.patient IS NULL AND ${r}.open = 1))`]),
    ...filters.map(one => probe({ dialect, filter }, one, place)),
  ])})`;
}

function ofTypes(
  dialect: Capabilities,
  types: AccessFilter['types'],
  r: RawBuilder<unknown>,
): RawBuilder<boolean> {
  return types === '*' ? always : dialect.oneOf(sql`${r}.type`, types);
}
