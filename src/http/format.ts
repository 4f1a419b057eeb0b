import type { Context } from 'hono';
import { HubError } from '../errors.ts';

export const fhirJson = 'application/fhir+json; charset=utf-8';

const jsonNames = ['json', 'application/json', 'application/fhir+json', 'text/json', '*/*', 'application/*'];

/** https://hl7.org/fhir/R4/http.html#mime-type : JSON is what the hub speaks; `_format` goes before Accept. */
export function requireJsonAnswer(c: Context): void {
  const format = c.req.query('_format');
  if (format !== undefined) {
    requireJsonFormat(format);
    return;
  }
  const accept = c.req.header('accept');
  if (!accept || accept.split(',').some(isJson)) return;
  // A browser that asks for a page gets JSON rather than nothing.
  if (accept.includes('text/html')) return;
  throw notAcceptable(`Accept: ${accept.slice(0, 80)}`);
}

/** The same for a `_format` that comes otherwise: in the form of a search. */
export function requireJsonFormat(format: string | undefined): void {
  if (format === undefined || isJson(format)) return;
  throw notAcceptable(`_format=${format.slice(0, 40)}`);
}

// An unescaped `+` in a query arrives as a space.
const isJson = (name: string): boolean =>
  jsonNames.includes((name.split(';')[0] ?? '').trim().toLowerCase().replace(' ', '+'));

const notAcceptable = (asked: string): HubError =>
  new HubError(
    'not-acceptable',
    `The hub answers in application/fhir+json, not in what "${asked}" asks for.`,
  );

/** https://hl7.org/fhir/R4/http.html#ops : what the caller prefers to get back from a write. */
export interface Preference {
  return?: 'minimal' | 'representation' | 'OperationOutcome';
  lenient: boolean;
}

export function preferenceOf(header: string | undefined): Preference {
  const preference: Preference = { lenient: false };
  for (const part of (header ?? '').split(/[,;]/)) {
    const [name, value] = part.split('=').map(one => one.trim().replace(/^"|"$/g, ''));
    if (name === 'handling') preference.lenient = value === 'lenient';
    if (
      name === 'return' &&
      (value === 'minimal' || value === 'representation' || value === 'OperationOutcome')
    ) {
      preference.return = value;
    }
  }
  return preference;
}

export const etagOf = (versionId: string): string => `W/"${versionId}"`;
