import type { TuplePart } from '../../store/search/types.ts';
import type { Key } from '../../store/types.ts';
import type { Component, SearchParam } from '../definitions/types.ts';
import { clip, normalize } from '../index/normalize.ts';
import type { Draft } from './draft.ts';
import type { SearchContext } from './parsed.ts';
import { refuse } from './refuse.ts';
import { dateValue } from './values/date.ts';
import { numberRange } from './values/number.ts';
import { quantityValue } from './values/quantity.ts';
import { referenceValue } from './values/reference.ts';
import { splitAt, unescapeValue } from './values/separators.ts';
import { tokenValue } from './values/token.ts';

/** `part$part` (https://hl7.org/fhir/R4/search.html#composite): one element in which each part matches. */
export function compositeCondition(
  context: SearchContext,
  shown: string,
  param: SearchParam,
  number: number,
  texts: readonly string[],
): Draft {
  const components = param.components ?? [];
  const tuples = texts.map((text): Draft => {
    const values = splitAt('$', text);
    if (values.length !== components.length || values.includes(''))
      throw refuse(shown, `expected ${components.map(part => part.code).join('$')}`);
    const keys: Key[] = [];
    const parts = components.map((component, at) => part(context, shown, component, values[at] ?? '', keys));
    return { kind: 'tuple', param: number, parts, keys };
  });
  const [first] = tuples;
  return tuples.length === 1 && first ? first : { kind: 'or', filters: tuples };
}

/** One part; resources of this server that it refers to are added to `keys`. */
function part(
  context: SearchContext,
  shown: string,
  { code, kind, targets }: Component,
  text: string,
  keys: Key[],
): TuplePart {
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw refuse(shown, `the value of its part ${code} is no ${kind}`);
    return value;
  };
  switch (kind) {
    case 'token':
      return { kind, ...found(tokenValue(text)) };
    case 'string':
      return { kind, norm: clip(normalize(unescapeValue(text))), match: 'prefix' };
    case 'date':
      return { kind: 'range', ...found(dateValue(unescapeValue(text), context.now)) };
    case 'number':
      return { kind: 'range', ...found(numberRange(text)) };
    case 'quantity':
      return { kind, ...found(quantityValue(text)) };
    case 'uri':
      return { kind: 'reference', target: clip(unescapeValue(text)) };
    case 'reference': {
      const value = found(referenceValue(unescapeValue(text), context.baseUrl));
      if (value.kind === 'elsewhere') return { kind, target: clip(value.uri) };
      const [only, ...others] = targets;
      if (value.kind === 'bare' && (!only || others.length > 0))
        throw refuse(shown, `write Type/id for its part ${code}`);
      const key = value.kind === 'local' ? value.key : { type: only ?? '', id: value.id };
      keys.push(key);
      return { kind, target: `${key.type}/${key.id}` };
    }
  }
}
