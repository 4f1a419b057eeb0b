import { indexedCode, indexedText } from './index-tables.ts';
import type { Filter, SearchQuery, TuplePart } from './search/types.ts';

/** The query with its texts as the index tables hold them, where long ones are cut. */
export function searchable(query: SearchQuery): SearchQuery {
  return { ...query, filters: query.filters.map(searchableFilter) };
}

function searchableFilter(filter: Filter): Filter {
  switch (filter.kind) {
    case 'token':
    case 'quantity':
      return { ...filter, any: filter.any.map(coded) } as Filter;
    case 'string':
      return { ...filter, any: filter.any.map(value => ({ ...value, norm: indexedText(value.norm) })) };
    case 'uri':
      return { ...filter, any: filter.any.map(value => ({ ...value, uri: indexedCode(value.uri) })) };
    case 'tuple':
      return { ...filter, parts: filter.parts.map(indexedPart) };
    case 'chain':
    case 'has':
      return { ...filter, filter: searchableFilter(filter.filter) };
    case 'or':
      return { ...filter, filters: filter.filters.map(searchableFilter) };
    default:
      return filter;
  }
}

function indexedPart(part: TuplePart): TuplePart {
  switch (part.kind) {
    case 'token':
    case 'quantity':
      return coded(part);
    case 'string':
      return { ...part, norm: indexedText(part.norm) };
    case 'reference':
      return { ...part, target: indexedCode(part.target) };
    default:
      return part;
  }
}

function coded<Value extends { sys: string | null; code: string | null }>(value: Value): Value {
  const { sys, code } = value;
  return { ...value, sys: sys && indexedCode(sys), code: code && indexedCode(code) };
}
