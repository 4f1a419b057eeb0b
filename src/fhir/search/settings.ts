import type { SearchQuery, SortKey } from '../../store/search/types.ts';
import { limits } from './limits.ts';
import { checkType } from './parameter.ts';
import { type Projection, type SearchContext, type Summary, views } from './parsed.ts';
import { oneOf, refuse } from './refuse.ts';
import { defaultSort, readSort } from './sort.ts';

/** What a search asks about its answer, apart from which resources it looks for. */
export interface Settings {
  types: readonly string[];
  count: number;
  total: SearchQuery['total'];
  sort: readonly SortKey[];
  after?: string;
  projection: Projection;
}

/** The place of a page, as given out in the link to it. */
export const cursorParameter = '_cursor';

/** How each setting is read, in the order in which they depend on each other. */
const readers: Record<string, (settings: Settings, value: string, context: SearchContext) => Settings> = {
  _type: (settings, value, context) => ({ ...settings, types: readTypes(context, value) }),
  _count: (settings, value) => ({ ...settings, count: readCount(value) }),
  _total: (settings, value) => ({ ...settings, total: member('_total', value, totals) }),
  _sort: (settings, value, context) => ({ ...settings, sort: readSort(context, settings.types, value) }),
  _summary: (settings, value) => project(settings, { summary: member('_summary', value, summaries) }),
  _elements: (settings, value) => project(settings, { elements: readElements(value) }),
  view: (settings, value) => project(settings, { view: member('view', value, views) }),
  _contained: (settings, value) => {
    member('_contained', value, ['false']);
    return settings;
  },
  [cursorParameter]: (settings, value) => ({ ...settings, after: value }),
};

export const settingNames: readonly string[] = Object.keys(readers);

const totals = ['none', 'estimate', 'accurate'] as const;
const wholeSummaries: readonly Summary[] = ['true', 'text', 'data', 'false'];
const summaries: readonly Summary[] = [...wholeSummaries, 'count'];

export function initialSettings(
  context: SearchContext,
  type: string | undefined,
  among: readonly string[] = [...context.definitions.resourceTypes],
): Settings {
  const types = type === undefined ? among : [type];
  return { types, count: limits.defaultCount, total: 'none', sort: defaultSort, projection: {} };
}

/** The settings after one more parameter; `given` is how often the search has it. */
export function readSetting(
  context: SearchContext,
  settings: Settings,
  name: string,
  values: readonly string[],
  type: string | undefined,
): Settings {
  const reader = readers[name];
  const [value = '', ...others] = values;
  if (!reader || (name === '_type' && type !== undefined))
    throw refuse(name, `a search of ${type} has no such parameter`);
  if (others.length > 0) throw refuse(name, 'given more than once');
  return reader(settings, value, context);
}

/** What a read or a history asks to see of each resource: `_summary` and `_elements`. */
export function readProjection(query: URLSearchParams): Projection {
  const [summary, elements, view] = [query.get('_summary'), query.get('_elements'), query.get('view')];
  return {
    ...(view === null ? {} : { view: member('view', view, views) }),
    ...(summary === null ? {} : { summary: member('_summary', summary, wholeSummaries) }),
    ...(elements === null ? {} : { elements: readElements(elements) }),
  };
}

/** `_count=0` and `_summary=count` ask for the number of matches alone. */
export function countsOnly(settings: Settings): boolean {
  return settings.count === 0 || settings.projection.summary === 'count';
}

function readTypes(context: SearchContext, value: string): readonly string[] {
  const types = [...new Set(value.split(','))];
  for (const type of types) checkType(context, '_type', type);
  return types;
}

function readCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw refuse('_count', `expected a number from 0 to ${limits.maxCount}`);
  return Math.min(Number(value), limits.maxCount);
}

function readElements(value: string): readonly string[] {
  const names = value.split(',').map(name => name.trim());
  const bad = names.find(name => !/^(?:[A-Z][A-Za-z]*\.)?[a-z][A-Za-z0-9]*$/.test(name));
  if (bad !== undefined)
    throw refuse('_elements', 'expected names of top-level elements, such as identifier,status');
  return names;
}

function member<T extends string>(name: string, value: string, possible: readonly T[]): T {
  const found = possible.find(it => it === value);
  if (found === undefined) throw refuse(name, `expected ${oneOf(possible)}`);
  return found;
}

function project(settings: Settings, more: Projection): Settings {
  return { ...settings, projection: { ...settings.projection, ...more } };
}
