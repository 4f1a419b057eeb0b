import type { Filter, UriValue } from '../../store/search/types.ts';
import type { Key, Located } from '../../store/types.ts';

/** A filter in which references still are `Type/id`: looked up all at once, when the whole search is read. */
export type Draft =
  | Exclude<Filter, { kind: 'reference' | 'chain' | 'has' | 'or' }>
  | { kind: 'reference'; param: number; any: readonly Key[]; elsewhere: readonly UriValue[] }
  | { kind: 'chain'; param: number; types: readonly string[]; filter: Draft }
  | { kind: 'has'; type: string; param: number; filter: Draft }
  | { kind: 'or'; filters: readonly Draft[] };

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
  if (draft.kind === 'chain' || draft.kind === 'has') return keysOf(draft.filter);
  return draft.kind === 'or' ? draft.filters.flatMap(keysOf) : [];
}

function settled(draft: Draft, rids: ReadonlyMap<string, number>): Filter {
  if (draft.kind === 'reference') return settledReference(draft, rids);
  if (draft.kind === 'or') return either(draft.filters.map(it => settled(it, rids)));
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
