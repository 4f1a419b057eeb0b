import type { Extracted } from '../../fhir/definitions/types.ts';
import type { Draft } from '../../fhir/search/draft.ts';
import type { RangeValue, StringValue, TokenValue, UriValue } from '../../store/search/types.ts';

/** A version that may be told of: its id and the values of its search parameters. */
export interface Changed {
  id: string;
  values: Extracted;
}

/** Whether a version satisfies all conditions, as a search at that moment would find it. */
export const matches = (changed: Changed, drafts: readonly Draft[]): boolean =>
  drafts.every(draft => satisfies(changed, draft));

function satisfies({ id, values }: Changed, draft: Draft): boolean {
  switch (draft.kind) {
    case 'token': {
      const rows = values.tok.filter(([param]) => param === draft.param);
      return rows.some(row => draft.any.some(value => isToken(row, value))) !== (draft.negate ?? false);
    }
    case 'reference':
      return (
        values.ref.some(
          ([param, target]) =>
            param === draft.param && draft.any.some(key => `${key.type}/${key.id}` === target),
        ) || values.uri.some(([param, uri]) => param === draft.param && isUri(uri, draft.elsewhere))
      );
    case 'string':
      return values.str.some(([param, norm]) => param === draft.param && isText(norm, draft.any));
    case 'date':
      return values.dt.some(
        ([param, lo, hi]) => param === draft.param && draft.any.some(value => inRange(lo, hi, value)),
      );
    case 'uri':
      return values.uri.some(([param, uri]) => param === draft.param && isUri(uri, draft.any));
    case 'missing': {
      const there = draft.tables.some(table => values[table].some(([param]) => param === draft.param));
      return there !== draft.missing;
    }
    case 'id':
      return draft.any.includes(id);
    default:
      throw new Error(`a criterion of the kind ${draft.kind} is not told from one resource`);
  }
}

const isToken = ([, code, sys]: Extracted['tok'][number], value: TokenValue): boolean =>
  (value.sys === null || value.sys === sys) && (value.code === null || value.code === code);

const isText = (norm: string, any: readonly StringValue[]): boolean =>
  any.some(value => (value.match === 'contains' ? norm.includes(value.norm) : norm.startsWith(value.norm)));

const isUri = (uri: string, any: readonly UriValue[]): boolean =>
  any.some(value => {
    if (value.uri === uri) return true;
    if (value.match === 'below') return uri.startsWith(`${value.uri.replace(/\/$/, '')}/`);
    return value.match === 'above' && value.uri.startsWith(`${uri.replace(/\/$/, '')}/`);
  });

/** https://hl7.org/fhir/R4/search.html#prefix : what each prefix says of a value that covers `lo` to `hi`. */
function inRange(lo: number, hi: number, value: RangeValue): boolean {
  const within = lo >= value.lo && hi <= value.hi;
  const verdict: Record<RangeValue['prefix'], boolean> = {
    eq: within,
    ne: !within,
    gt: hi > value.hi,
    lt: lo < value.lo,
    ge: hi > value.hi || within,
    le: lo < value.lo || within,
    sa: lo > value.hi,
    eb: hi < value.lo,
    ap: lo <= value.hi && hi >= value.lo,
  };
  return verdict[value.prefix];
}
