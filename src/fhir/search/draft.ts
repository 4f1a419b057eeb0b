import type { Filter, TuplePart, UriValue } from '../../store/search/types.ts';
import type { Key, Located } from '../../store/types.ts';

/** A filter in which references still are `Type/id`: looked up all at once, when the whole search is read. */
export type Draft =
  | Exclude<Filter, { kind: 'reference' | 'chain' | 'has' | 'or' | 'tuple' | 'compartment' }>
  | { kind: 'reference'; param: number; any: readonly Key[]; elsewhere: readonly UriValue[] }
  | { kind: 'chain'; param: number; types: readonly string[]; filter: Draft }
  | { kind: 'has'; type: string; param: number; filter: Draft }
  | { kind: 'or'; filters: readonly Draft[] }
  /** `keys`: the resources that its parts refer to. */
  | { kind: 'tuple'; param: number; parts: readonly TuplePart[]; keys: readonly Key[] }
  | { kind: 'compartment'; of: Key; params: readonly number[] };

/** The filters with every reference looked up. What is absent, deleted or hidden is a reference to nothing. */
export async function settle(
  drafts: readonly Draft[],
  locate: (keys: readonly Key[]) => Promise<readonly Located[]>,
): Promise<Filter[]> {
  const keys = new Map(drafts.flatMap(keysOf).map(key => [`${key.type}/${key.id}`, key]));
  const located = keys.size > 0 ? await locate([...keys.values()]) : [];
  const rids = new Map(
    located.filter(it => it.visible && !it.deleted).map(it => [`${it.type}/${it.id}`, it.rid]),
  );
  return drafts.map(draft => settled(draft, rids));
}

function keysOf(draft: Draft): readonly Key[] {
  if (draft.kind === 'reference') return draft.any;
  if (draft.kind === 'tuple') return draft.keys;
  if (draft.kind === 'compartment') return [draft.of];
  if (draft.kind === 'chain' || draft.kind === 'has') return keysOf(draft.filter);
  return draft.kind === 'or' ? draft.filters.flatMap(keysOf) : [];
}

function settled(draft: Draft, rids: ReadonlyMap<string, number>): Filter {
  if (draft.kind === 'reference') return settledReference(draft, rids);
  if (draft.kind === 'or') return either(draft.filters.map(it => settled(it, rids)));
  if (draft.kind === 'compartment') {
    const target = rids.get(`${draft.of.type}/${draft.of.id}`);
    return target === undefined ? { kind: 'never' } : { kind: 'compartment', target, params: draft.params };
  }
  if (draft.kind === 'tuple') {
    const { keys, ...filter } = draft;
    return keys.every(key => rids.has(`${key.type}/${key.id}`)) ? filter : { kind: 'never' };
  }
  if (draft.kind !== 'chain' && draft.kind !== 'has') return draft;
  const filter = settled(draft.filter, rids);
  return filter.kind === 'never' ? filter : { ...draft, filter };
}

function settledReference(
  { param, any, elsewhere }: Draft & { kind: 'reference' },
  rids: ReadonlyMap<string, number>,
): Filter {
  const found = [
    ...new Set(any.map(key => rids.get(`${key.type}/${key.id}`)).filter(rid => rid !== undefined)),
  ];
  return either([
    ...(found.length > 0 ? [{ kind: 'reference' as const, param, any: found }] : []),
    ...(elsewhere.length > 0 ? [{ kind: 'uri' as const, param, any: elsewhere }] : []),
  ]);
}

/** One of the filters, without those that nothing can match. */
function either(filters: readonly Filter[]): Filter {
  const possible = filters.filter(filter => filter.kind !== 'never');
  const [first] = possible;
  if (!first) return { kind: 'never' };
  return possible.length === 1 ? first : { kind: 'or', filters: possible };
}
