import type { SearchParam } from '../definitions/types.ts';
import type { Draft } from './draft.ts';
import { conditionOf } from './filter.ts';
import { limits } from './limits.ts';
import { checkType, findParameter, findReference, numberOf, targetsOf } from './parameter.ts';
import type { SearchContext } from './parsed.ts';
import { oneOf, refuse } from './refuse.ts';
import { textQuery } from './values/text.ts';

/** One parameter of a search, as far as it is read: what is left of its name says something about `type`. */
interface Place {
  shown: string;
  type: string;
  rest: string;
  value: string;
  depth: number;
}

/**
 * A parameter name on a type, with its value: `code`, `code:modifier`, a chain `subject:Patient.name`
 * (https://hl7.org/fhir/R4/search.html#chaining) or `_has:Observation:patient:code` (#has), nested at will.
 */
export function readExpression(context: SearchContext, type: string, name: string, value: string): Draft {
  return readPlace(context, { shown: name, type, rest: name, value, depth: 0 });
}

function readPlace(context: SearchContext, place: Place): Draft {
  const { shown, type, rest, value, depth } = place;
  if (depth > limits.depth) throw refuse(shown, `more than ${limits.depth} links`);
  if (rest.startsWith('_has:')) return has(context, place);
  const dot = rest.indexOf('.');
  if (dot >= 0) return chain(context, place, rest.slice(0, dot), rest.slice(dot + 1));
  const [code, modifier] = splitModifier(rest);
  if (code === '_text' || code === '_content') return textCondition(shown, code, modifier, value);
  return conditionOf(context, { shown, param: findParameter(context, shown, type, code), modifier, value });
}

/** Words in the narrative, or anywhere in the resource (https://hl7.org/fhir/R4/search.html#content). */
function textCondition(
  shown: string,
  code: '_text' | '_content',
  modifier: string | undefined,
  value: string,
): Draft {
  if (modifier !== undefined) throw refuse(shown, `${code} takes no modifier`);
  const query = textQuery(value);
  if (!query) throw refuse(shown, 'expected words, such as: depression "follow up" OR anxi* -child');
  return { kind: 'text', column: code === '_text' ? 'narrative' : 'content', query };
}

function splitModifier(text: string): [code: string, modifier: string | undefined] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

function has(context: SearchContext, place: Place): Draft {
  const { shown, type } = place;
  const [, referrer = '', code = '', ...more] = place.rest.split(':');
  if (more.length === 0) throw refuse(shown, 'expected _has:Type:reference:parameter');
  checkType(context, shown, referrer);
  const param = findReference(context, shown, referrer, code);
  if (!targetsOf(context, param).includes(type)) {
    throw refuse(
      shown,
      `${referrer}.${code} does not refer to ${type} but to ${oneOf(targetsOf(context, param))}`,
    );
  }
  const filter = readPlace(context, {
    ...place,
    type: referrer,
    rest: more.join(':'),
    depth: place.depth + 1,
  });
  return { kind: 'has', type: referrer, param: numberOf(context, shown, param), filter };
}

function chain(context: SearchContext, place: Place, link: string, rest: string): Draft {
  const { shown, type } = place;
  const [code, named] = splitModifier(link);
  const param = findReference(context, shown, type, code);
  const types = chainedTypes(context, place, param, named, rest);
  const alternatives = types.map(target => ({
    target,
    filter: readPlace(context, { ...place, type: target, rest, depth: place.depth + 1 }),
  }));
  const number = numberOf(context, shown, param);
  const chains = Map.groupBy(alternatives, it => JSON.stringify(it.filter));
  const filters = [...chains.values()].flatMap(([first, ...others]): Draft[] => {
    if (!first) return [];
    const targets = [first, ...others].map(it => it.target);
    return [{ kind: 'chain', param: number, types: targets, filter: first.filter }];
  });
  const sum = filters.reduce((total, filter) => total + width(filter), 0);
  if (sum > limits.alternatives)
    throw refuse(shown, `spreads into ${sum} alternatives; name types (subject:Patient.…)`);
  return filters.length === 1 && filters[0] ? filters[0] : { kind: 'or', filters };
}

/** The types the link may lead to: the one that is named, or those that have the next parameter. */
function chainedTypes(
  context: SearchContext,
  { shown, type }: Place,
  param: SearchParam,
  named: string | undefined,
  rest: string,
): readonly string[] {
  const targets = targetsOf(context, param);
  if (named !== undefined) {
    if (targets.includes(named)) return [named];
    throw refuse(shown, `${type}.${param.code} does not refer to ${named} but to ${oneOf(targets)}`);
  }
  const next = /^[^.:]*/.exec(rest)?.[0] ?? '';
  const having =
    next === '_has' ? targets : targets.filter(it => context.definitions.searchParameters(it).has(next));
  if (having.length === 0) {
    throw refuse(shown, `${param.code} refers to ${oneOf(targets)}: search parameter "${next}" is not there`);
  }
  if (having.length <= limits.alternatives || next === '_id' || next === '_lastUpdated') return having;
  throw refuse(
    shown,
    `${param.code} may refer to ${having.length} types: name one (${param.code}:Patient.${rest})`,
  );
}

function width(draft: Draft): number {
  if (draft.kind === 'or') return draft.filters.reduce((total, filter) => total + width(filter), 0);
  return draft.kind === 'chain' || draft.kind === 'has' ? width(draft.filter) : 1;
}
