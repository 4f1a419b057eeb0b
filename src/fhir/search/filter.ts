import type { StringValue, UriValue } from '../../store/search/types.ts';
import type { Key } from '../../store/types.ts';
import type { SearchParam } from '../definitions/types.ts';
import { clip, normalize } from '../index/normalize.ts';
import { compositeCondition } from './composite.ts';
import type { Draft } from './draft.ts';
import { limits } from './limits.ts';
import { checkModifier } from './modifiers.ts';
import { numberOf, targetsOf } from './parameter.ts';
import type { SearchContext } from './parsed.ts';
import { oneOf, refuse } from './refuse.ts';
import { alternatives, tokenCondition, tokenValues } from './tokens.ts';
import { dateValue } from './values/date.ts';
import { nearValue } from './values/near.ts';
import { numberRange } from './values/number.ts';
import { quantityValue } from './values/quantity.ts';
import { idForm, referenceValue } from './values/reference.ts';
import { unescapeValue } from './values/separators.ts';

/** One parameter with its modifier and value: `shown` is how the caller wrote the parameter. */
export interface Asked {
  shown: string;
  param: SearchParam;
  modifier: string | undefined;
  value: string;
}

/** The condition of one parameter on the resource it belongs to (chains are taken apart before). */
export function conditionOf(context: SearchContext, asked: Asked): Draft {
  const { shown, param, modifier, value } = asked;
  if (param.code === '_id' || param.code === '_lastUpdated') return ownColumn(context, asked);
  checkModifier(shown, param, modifier);
  const number = numberOf(context, shown, param);
  if (modifier === 'missing') return missing(asked, number);
  const texts = alternatives(shown, value);
  switch (param.kind) {
    case 'token':
      return modifier === 'text'
        ? { kind: 'string', param: number, any: texts.map(text => stringValue(shown, text, undefined)) }
        : tokenCondition(context, { shown, param, number, modifier, texts });
    case 'string':
      return { kind: 'string', param: number, any: texts.map(text => stringValue(shown, text, modifier)) };
    case 'date':
      return { kind: 'date', param: number, any: dates(context, shown, texts) };
    case 'number':
      return {
        kind: 'number',
        param: number,
        any: texts.map(text => read(shown, text, numberRange, numberForm)),
      };
    case 'quantity':
      return {
        kind: 'quantity',
        param: number,
        any: texts.map(text => read(shown, text, quantityValue, quantityForm)),
      };
    case 'uri':
      return { kind: 'uri', param: number, any: texts.map(text => uriValue(unescapeValue(text), modifier)) };
    case 'special':
      return { kind: 'near', param: number, any: texts.map(text => read(shown, text, nearValue, nearForm)) };
    case 'composite':
      return compositeCondition(context, shown, param, number, texts);
    default:
      return reference(context, asked, number, texts);
  }
}

/** `_id` and `_lastUpdated` are columns of every resource. */
function ownColumn(context: SearchContext, { shown, param, modifier, value }: Asked): Draft {
  if (modifier !== undefined)
    throw refuse(shown, `${param.code} takes no modifier, and every resource has it`);
  const texts = alternatives(shown, value);
  if (param.code === '_lastUpdated') return { kind: 'lastUpdated', any: dates(context, shown, texts) };
  const bad = texts.find(text => !idForm.test(text));
  if (bad !== undefined) throw refuse(shown, 'an id has 1 to 64 letters, digits, - and .');
  return { kind: 'id', any: [...new Set(texts)] };
}

/** A reference may be there as a literal, as an identifier alone or as a URL of another server. */
function missing({ shown, param, value }: Asked, number: number): Draft {
  if (value !== 'true' && value !== 'false') throw refuse(shown, 'expected true or false');
  const tables = param.kind === 'reference' ? (['ref', 'tok', 'uri'] as const) : [param.table];
  return { kind: 'missing', param: number, tables, missing: value === 'true' };
}

const numberForm = 'a number such as 5, le5.40 or 1e-3';
const quantityForm = 'number, number|system|code or number||code, such as ge5.4|http://unitsofmeasure.org|mg';
const dateForm = 'a date such as 2026, 2026-03, ge2026-03-01 or 2026-03-01T09:00:00Z';
const nearForm = 'latitude|longitude|distance|units, such as 41.82|-71.41|25|[mi_i]';

function read<T>(shown: string, text: string, parse: (text: string) => T | undefined, form: string): T {
  const value = parse(text);
  if (value === undefined) throw refuse(shown, `expected ${form}`);
  return value;
}

const dates = (context: SearchContext, shown: string, texts: readonly string[]) =>
  texts.map(text => read(shown, unescapeValue(text), it => dateValue(it, context.now), dateForm));

function stringValue(shown: string, text: string, modifier: string | undefined): StringValue {
  const plain = unescapeValue(text);
  const norm = clip(normalize(plain));
  if (norm === '') throw refuse(shown, 'a text of at least one letter is expected');
  if (modifier === 'exact') return { norm, match: 'exact', text: plain };
  return { norm, match: modifier === 'contains' ? 'contains' : 'prefix' };
}

function uriValue(uri: string, modifier: string | undefined): UriValue {
  return { uri: clip(uri), match: modifier === 'above' || modifier === 'below' ? modifier : 'exact' };
}

function reference(context: SearchContext, asked: Asked, number: number, texts: readonly string[]): Draft {
  const { shown, modifier } = asked;
  if (modifier === 'identifier') return { kind: 'token', param: number, any: tokenValues(shown, texts) };
  const any: Key[] = [];
  const elsewhere: UriValue[] = [];
  for (const text of texts) {
    const form = 'Type/id, an id or an absolute URL';
    const value = read(shown, unescapeValue(text), it => referenceValue(it, context.baseUrl), form);
    if (value.kind === 'elsewhere') elsewhere.push(uriValue(value.uri, undefined));
    else if (value.kind === 'local') any.push(checked(context, asked, value.key));
    else any.push(...typesOfBare(context, asked).map(type => ({ type, id: value.id })));
  }
  return { kind: 'reference', param: number, any, elsewhere };
}

function checked(context: SearchContext, { shown, modifier }: Asked, key: Key): Key {
  if (!context.definitions.resourceTypes.has(key.type)) {
    throw refuse(shown, `"${key.type}" is no resource type of FHIR R4`);
  }
  if (modifier && modifier !== key.type)
    throw refuse(shown, `:${modifier} and ${key.type}/… contradict each other`);
  return key;
}

/** Where to look for a bare id. */
function typesOfBare(context: SearchContext, { shown, param, modifier }: Asked): readonly string[] {
  if (modifier) return [modifier];
  const types = targetsOf(context, param);
  if (types.length <= limits.bareTypes) return types;
  // Whom something is about is a person, to clients that write no type (Gravity's search for Tasks of a subject).
  if (param.code === 'subject' && types.includes('Patient')) return ['Patient'];
  throw refuse(shown, `write Type/id: ${param.code} may refer to ${oneOf(types, 8)}`);
}
