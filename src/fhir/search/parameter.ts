import type { SearchParam } from '../definitions/types.ts';
import type { SearchContext } from './parsed.ts';
import { oneOf, refuse } from './refuse.ts';

/** Parameters of every type that need more than the index: refused by name (https://hl7.org/fhir/R4/search.html#all). */
const refused = new Set(['_list', '_query', '_filter', '_containedType', '_score']);

/** The parameter of a type, or a refusal that names what there is. `shown` is the parameter as it was asked. */
export function findParameter(
  context: SearchContext,
  shown: string,
  type: string,
  code: string,
): SearchParam {
  if (refused.has(code)) throw refuse(shown, `${code} is not supported`);
  const known = context.definitions.searchParameters(type);
  const param = known.get(code);
  if (!param) {
    throw refuse(shown, `${type} has no search parameter "${code}"; it has ${oneOf(known.keys())}`);
  }
  return param;
}

export function numberOf(context: SearchContext, shown: string, param: SearchParam): number {
  const number = context.numbers.get(param.name);
  if (number === undefined) throw refuse(shown, `${param.name} is not indexed`);
  return number;
}

/** A reference parameter's types; a parameter that may refer to anything has none named in its definition. */
export function targetsOf(context: SearchContext, param: SearchParam): readonly string[] {
  return param.targets.length > 0 ? param.targets : [...context.definitions.resourceTypes];
}

export function findReference(
  context: SearchContext,
  shown: string,
  type: string,
  code: string,
): SearchParam {
  const param = findParameter(context, shown, type, code);
  if (param.kind === 'reference') return param;
  const all = [...context.definitions.searchParameters(type).values()];
  const references = all.filter(it => it.kind === 'reference').map(it => it.code);
  throw refuse(shown, `${type}.${code} is no reference; the references of ${type} are ${oneOf(references)}`);
}

export function checkType(context: SearchContext, shown: string, type: string): void {
  if (!context.definitions.resourceTypes.has(type))
    throw refuse(shown, `"${type}" is no resource type of FHIR R4`);
}
