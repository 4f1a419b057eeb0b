import { HubError } from '../../errors.ts';
import type { TokenValue } from '../../store/search/types.ts';
import { limits } from './limits.ts';
import type { SearchContext } from './parsed.ts';
import { splitAt } from './values/separators.ts';

/** Modifiers whose values stand for codes that a terminology knows (https://hl7.org/fhir/R4/search.html#token). */
export type CodesModifier = 'in' | 'not-in' | 'above' | 'below';

/** A value set's codes, or those above or below a code; `text` as the caller wrote it, with its escapes. */
export interface AskedCodes {
  modifier: CodesModifier;
  text: string;
}

/** What the terminology answered, by modifier and text. */
export type LookedUpCodes = ReadonlyMap<string, readonly TokenValue[] | HubError>;

const modified = /:(in|not-in|above|below)$/;

/** Whether a parameter asks for codes that may be others tomorrow. */
export const asksForCodes = (name: string): boolean => modified.test(name);

export const keyOf = ({ modifier, text }: AskedCodes): string => `${modifier} ${text}`;

/**
 * Asks the terminology for everything that a search needs to know of it, before the search is read. What it does not
 * know is refused where the parameter is read.
 */
export async function lookUpCodes(context: SearchContext, query: URLSearchParams): Promise<SearchContext> {
  const { codesOf } = context;
  const asked = [...query].flatMap(([name, value]) => askedBy(name, value));
  if (!codesOf || asked.length === 0) return context;
  const lookedUp = new Map<string, readonly TokenValue[] | HubError>();
  for (const one of asked) {
    if (!lookedUp.has(keyOf(one))) lookedUp.set(keyOf(one), await codesOf(one).catch(refusal));
  }
  return { ...context, lookedUp };
}

function askedBy(name: string, value: string): AskedCodes[] {
  const modifier = modified.exec(name)?.[1] as CodesModifier | undefined;
  if (!modifier) return [];
  const texts = splitAt(',', value);
  // More are refused when the search is read; and `:above` and `:below` of a uri are not about codes.
  if (texts.length > limits.codeLists) return [];
  const ofSet = modifier === 'in' || modifier === 'not-in';
  return texts.filter(text => ofSet || text.includes('|')).map(text => ({ modifier, text }));
}

function refusal(error: unknown): HubError {
  if (error instanceof HubError) return error;
  throw error;
}
