import type { AccessFilter } from '../../access/filter.ts';
import { compile, type Reader } from '../database.ts';
import { sql } from '../sql.ts';
import type { Condition } from '../types.ts';
import { likelyDriver } from './drivers.ts';
import { matches } from './page.ts';
import { typesInScope } from './search.ts';
import { emptySource } from './source.ts';
import type { SearchQuery } from './types.ts';

/** A query that has a row as long as anything visible matches. See Store.condition. */
export function condition(reader: Reader, query: SearchQuery, filter: AccessFilter): Condition {
  const scene = { dialect: reader.dialect, filter };
  const types = typesInScope(query.types, filter);
  const { filters } = query;
  const nothing = types.length === 0 || filters.some(it => it.kind === 'never');
  const source = nothing ? emptySource : likelyDriver(scene, types, filters);
  const wanted = { scene, types, filters: nothing ? [] : filters };
  const found = compile(reader.dialect, sql`SELECT d.rid ${matches(wanted, source)} LIMIT 1`);
  return { lock: JSON.stringify([query.types, filters]), sql: found.sql, parameters: found.parameters };
}
