import type { SortKey } from '../../store/search/types.ts';
import { limits } from './limits.ts';
import { findParameter, numberOf } from './parameter.ts';
import type { SearchContext } from './parsed.ts';
import { refuse } from './refuse.ts';

/** `_sort=status,-date` (https://hl7.org/fhir/R4/search.html#sort). Without it: the last changed first. */
export function readSort(context: SearchContext, types: readonly string[], value: string): SortKey[] {
  const names = [...new Set(value.split(','))];
  if (names.length > limits.sortKeys) throw refuse('_sort', `more than ${limits.sortKeys} parameters`);
  return names.map(name => readKey(context, types, name));
}

export const defaultSort: readonly SortKey[] = [{ kind: 'lastUpdated', descending: true }];

function readKey(context: SearchContext, types: readonly string[], name: string): SortKey {
  const descending = name.startsWith('-');
  const code = descending ? name.slice(1) : name;
  if (code === '_id') return { kind: 'id', descending };
  if (code === '_lastUpdated') return { kind: 'lastUpdated', descending };
  const [type, ...others] = types;
  if (type === undefined || others.length > 0) {
    throw refuse('_sort', 'a search over several types sorts by _id or _lastUpdated');
  }
  const param = findParameter(context, '_sort', type, code);
  if (param.kind === 'composite' || param.kind === 'special')
    throw refuse('_sort', `values of ${code} have no order`);
  return { kind: 'param', param: numberOf(context, '_sort', param), table: param.table, descending };
}
