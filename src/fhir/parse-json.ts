import { HubError } from '../errors.ts';

/** Nesting beyond this is no FHIR resource, but an attempt to exhaust the stack. */
const maxDepth = 200;

/**
 * JSON in UTF-8, or HubError('invalid') with what is wrong with it. No content is quoted in an error.
 *
 * @param what what the sender calls it at the start of a sentence: `The body`, `Line 3`
 */
export function parseJson(bytes: Uint8Array | ArrayBuffer, what: string): unknown {
  const text = decodeUtf8(bytes, what);
  if (text.trim() === '')
    throw new HubError('invalid', `${what} is empty: a FHIR resource in JSON is needed.`);
  const json = parse(text, what);
  if (tooDeep(json))
    throw new HubError('invalid', `${what} is JSON nested more than ${maxDepth} levels deep.`);
  return json;
}

/** Text in UTF-8, or HubError('invalid'). */
export function decodeUtf8(bytes: Uint8Array | ArrayBuffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HubError('invalid', `${what} is not valid UTF-8.`);
  }
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = /at position (\d+)/.exec(error instanceof Error ? error.message : '');
    throw new HubError(
      'invalid',
      `${what} is not well-formed JSON${place ? ` (at character ${place[1]})` : ''}.`,
    );
  }
}

function tooDeep(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length; depth++) {
    if (depth > maxDepth) return true;
    level = level.flatMap(value => (isObject(value) ? Object.values(value).filter(isObject) : []));
  }
  return false;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
