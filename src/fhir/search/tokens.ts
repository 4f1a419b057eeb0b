import { HubError } from '../../errors.ts';
import type { TokenValue } from '../../store/search/types.ts';
import type { SearchParam } from '../definitions/types.ts';
import { clip } from '../index/normalize.ts';
import { hasIdentifier, ofTypeName, typedCode } from '../index/of-type.ts';
import type { Draft } from './draft.ts';
import { limits } from './limits.ts';
import { type AskedCodes, keyOf } from './looked-up-codes.ts';
import type { SearchContext } from './parsed.ts';
import { refuse } from './refuse.ts';
import { splitAt, unescapeValue } from './values/separators.ts';
import { tokenValue } from './values/token.ts';

interface AskedToken {
  shown: string;
  param: SearchParam;
  number: number;
  modifier: string | undefined;
  /** The alternatives, with their escapes. */
  texts: readonly string[];
}

const form = 'code, system|code, |code or system|';

/** A condition on codes, with the modifiers of https://hl7.org/fhir/R4/search.html#token but `:text` and `:missing`. */
export function tokenCondition(context: SearchContext, asked: AskedToken): Draft {
  const { number, modifier } = asked;
  const found = (any: readonly TokenValue[], negate = false, param = number): Draft => ({
    kind: 'token',
    param,
    any,
    ...(negate && { negate }),
  });
  switch (modifier) {
    case 'in':
    case 'not-in':
    case 'above':
    case 'below':
      if (asked.texts.length > limits.codeLists)
        throw refuse(asked.shown, `more than ${limits.codeLists} values with :${modifier}`);
      return found(
        asked.texts.flatMap(text => codesOf(context, asked.shown, { modifier, text })),
        modifier === 'not-in',
      );
    case 'of-type':
      return found(
        asked.texts.map(text => typed(asked.shown, text)),
        false,
        ofTypeNumber(context, asked),
      );
    default:
      return found(tokenValues(asked.shown, asked.texts), modifier === 'not');
  }
}

export function tokenValues(shown: string, texts: readonly string[]): TokenValue[] {
  return texts.map(text => {
    const value = tokenValue(text);
    if (value === undefined) throw refuse(shown, `expected ${form}`);
    return value;
  });
}

/** What a value stands for: as the terminology has said, or where there is none as FHIR R4 publishes it. */
function codesOf(context: SearchContext, shown: string, asked: AskedCodes): readonly TokenValue[] {
  const { modifier, text } = asked;
  const known = context.lookedUp?.get(keyOf(asked));
  if (known instanceof HubError) throw refuse(shown, known.problems.map(problem => problem.text).join('; '));
  if (known) return known;
  return modifier === 'above' || modifier === 'below'
    ? related(context, shown, text, modifier)
    : members(context, shown, text);
}

/** All codes of a value set. */
function members(context: SearchContext, shown: string, text: string): TokenValue[] {
  const url = unescapeValue(text).split('|', 1)[0] ?? '';
  const set = context.definitions.valueSet(url.startsWith('ValueSet/') ? `http://hl7.org/fhir/${url}` : url);
  if (!set)
    throw refuse(shown, 'the hub does not know all codes of this value set; name one that FHIR R4 publishes');
  return set.systems.flatMap(sys => set.codesOf(sys).map(code => ({ sys: clip(sys), code: clip(code) })));
}

/** The codes that a code subsumes, or that subsume it. */
function related(
  context: SearchContext,
  shown: string,
  text: string,
  direction: 'above' | 'below',
): TokenValue[] {
  const [value] = tokenValues(shown, [text]);
  if (!value?.sys || !value.code)
    throw refuse(shown, 'expected system|code: what is above or below depends on it');
  const { sys, code } = value;
  const hierarchy = context.definitions.hierarchy(sys);
  if (!hierarchy) throw refuse(shown, 'the hub does not know the hierarchy of this code system');
  return hierarchy[direction](code).map(one => ({ sys, code: clip(one) }));
}

/** `system|code|value`: the type of an identifier, and its value. */
function typed(shown: string, text: string): TokenValue {
  const [system, code, value, ...more] = splitAt('|', text).map(unescapeValue);
  if (!system || !code || !value || more.length > 0)
    throw refuse(shown, "expected system|code|value: the identifier's type, and its value");
  return { sys: clip(system), code: typedCode(code, value) };
}

function ofTypeNumber(context: SearchContext, { shown, param }: AskedToken): number {
  const number = hasIdentifier(param) ? context.numbers.get(ofTypeName(param)) : undefined;
  if (number === undefined)
    throw refuse(shown, `${param.code} is no identifier: :of-type is for identifiers`);
  return number;
}

/** Alternatives of one parameter: commas that no backslash precedes part them. */
export function alternatives(shown: string, value: string): string[] {
  const texts = splitAt(',', value);
  if (texts.some(text => text === '')) throw refuse(shown, 'a value is empty');
  if (texts.length > limits.values) throw refuse(shown, `more than ${limits.values} values`);
  return texts;
}
