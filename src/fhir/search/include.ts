import type { SearchParam } from '../definitions/types.ts';
import { checkType, findReference, numberOf, targetsOf } from './parameter.ts';
import type { IncludeStep, SearchContext } from './parsed.ts';
import { oneOf, refuse } from './refuse.ts';

/**
 * `_include` and `_revinclude` (https://hl7.org/fhir/R4/search.html#revinclude): `Type:reference`,
 * `Type:reference:Target`, `Type:*` or `*`, with `:iterate`. `types` is what the search looks for.
 */
export function readInclude(
  context: SearchContext,
  types: readonly string[],
  name: string,
  value: string,
): IncludeStep {
  const [parameter = '', modifier] = name.split(':');
  if (modifier !== undefined && modifier !== 'iterate') {
    throw refuse(name, `the modifier :${modifier} is not supported; ${parameter} takes :iterate`);
  }
  const direction = parameter === '_include' ? 'forward' : 'reverse';
  const iterate = modifier === 'iterate';
  const { params, target } = readPath(context, name, value, direction === 'forward' ? types : undefined);
  const apt = direction === 'forward' || iterate ? params : params.filter(it => refersTo(context, it, types));
  if (!iterate) checkUse(name, types, direction, params, apt);
  return {
    direction,
    iterate,
    params: apt.map(param => numberOf(context, name, param)),
    ...(target && { targets: [target] }),
  };
}

const form = 'expected Type:reference, Type:reference:TargetType, Type:* or *';

function readPath(
  context: SearchContext,
  name: string,
  value: string,
  wildcard: readonly string[] | undefined,
): { params: readonly SearchParam[]; target?: string } {
  if (value === '*') {
    const types = wildcard ?? [...context.definitions.resourceTypes];
    return { params: types.flatMap(type => referencesOf(context, type)) };
  }
  const [type = '', code = '', target, ...more] = value.split(':');
  if (!type || !code || more.length > 0) throw refuse(name, form);
  checkType(context, name, type);
  if (code === '*') return { params: referencesOf(context, type), ...(target && { target }) };
  const param = findReference(context, name, type, code);
  if (target !== undefined && !targetsOf(context, param).includes(target)) {
    throw refuse(
      name,
      `${type}.${code} does not refer to ${target} but to ${oneOf(targetsOf(context, param))}`,
    );
  }
  return { params: [param], ...(target !== undefined && { target }) };
}

function referencesOf(context: SearchContext, type: string): SearchParam[] {
  return [...context.definitions.searchParameters(type).values()].filter(
    param => param.kind === 'reference' && context.numbers.has(param.name),
  );
}

function refersTo(context: SearchContext, param: SearchParam, types: readonly string[]): boolean {
  const targets = targetsOf(context, param);
  return types.some(type => targets.includes(type));
}

/** What can include nothing is a mistake, said rather than answered with nothing. */
function checkUse(
  name: string,
  types: readonly string[],
  direction: IncludeStep['direction'],
  params: readonly SearchParam[],
  apt: readonly SearchParam[],
): void {
  if (direction === 'reverse') {
    if (params.length > 0 && apt.length === 0) throw refuse(name, `it does not refer to ${oneOf(types, 5)}`);
    return;
  }
  const stray = params.find(param => !types.includes(param.type));
  if (stray)
    throw refuse(
      name,
      `the search is for ${oneOf(types, 5)}, not ${stray.type}; use ${name}:iterate for a further step`,
    );
}
