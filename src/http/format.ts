import type { Context } from 'hono';
import { parseAccept } from 'hono/utils/accept';
import { HubError } from '../errors.ts';
import type { Xml } from '../fhir/xml/xml.ts';
import { type PrintFormat, printFormats } from '../web/packet/print.ts';
import { setHeader } from './answer.ts';

export const fhirJson = 'application/fhir+json; charset=utf-8';
const fhirXml = 'application/fhir+xml; charset=utf-8';

const jsonNames = ['json', 'application/json', 'application/fhir+json', 'text/json', '*/*', 'application/*'];
const xmlNames = ['xml', 'application/xml', 'application/fhir+xml', 'text/xml'];

/**
 * https://hl7.org/fhir/R4/http.html#mime-type : in which format the answer is asked for; `_format` goes before Accept.
 * HubError('not-acceptable') where it is one that the hub does not speak.
 *
 * @param xml how the hub speaks it, for what reads the body and writes the answer
 * @param printable whether what is asked for is also there for people
 */
export function settleFormat(c: Context, xml: Xml, printable: boolean): void {
  c.set('xml', xml);
  const print = printable ? printFormatOf(c) : undefined;
  if (print) {
    c.set('print', print);
    return;
  }
  const format = c.req.query('_format');
  if (format === undefined) {
    const accept = c.req.header('accept');
    if (accept && accept !== '*/*') c.set('asXml', acceptsXml(accept, printable));
  } else settleFormatParameter(c, format, printable);
}

/** For people: as a page or as a PDF, where that is asked for before FHIR. */
function printFormatOf(c: Context): PrintFormat | undefined {
  const format = c.req.query('_format');
  if (format !== undefined) return printFormats.find(one => isNamed(format, [one, one.split('/')[1] ?? '']));
  for (const { type, q } of parseAccept(c.req.header('accept') ?? '')) {
    const print = printFormats.find(one => one === type.toLowerCase());
    if (q > 0 && print) return print;
    if (q > 0 && isNamed(type, [...jsonNames, ...xmlNames])) return undefined;
  }
  return undefined;
}

/** The same for a `_format` that comes otherwise: in the form of a search. */
export function settleFormatParameter(c: Context, format: string | undefined, printable = false): void {
  if (format === undefined) return;
  const asXml = isNamed(format, xmlNames);
  if (!asXml && !isNamed(format, jsonNames)) throw notAcceptable(`_format=${format.slice(0, 40)}`, printable);
  c.set('asXml', asXml);
}

function acceptsXml(accept: string, printable: boolean): boolean {
  // A browser that asks for a page gets JSON rather than nothing.
  if (accept.includes('text/html')) return false;
  // The best first; of two that are as good, the one that was named first.
  for (const { type, q } of parseAccept(accept)) {
    if (q > 0 && isNamed(type, jsonNames)) return false;
    if (q > 0 && isNamed(type, xmlNames)) return true;
  }
  throw notAcceptable(`Accept: ${accept.slice(0, 80)}`, printable);
}

// An unescaped `+` in a query arrives as a space.
const isNamed = (name: string, names: readonly string[]): boolean =>
  names.includes((name.split(';')[0] ?? '').trim().toLowerCase().replace(' ', '+'));

/** What is sent of a resource in JSON: the same in XML, with its Content-Type, where that is asked for. */
export function inAskedFormat(c: Context, json: string): string {
  if (c.get('asXml') !== true) return json;
  const xml = (c.get('xml') as Xml | undefined)?.write(json);
  if (xml === undefined) return json;
  setHeader(c, 'Content-Type', fhirXml);
  return xml;
}

function notAcceptable(asked: string, printable: boolean): HubError {
  const formats = ['application/fhir+json', 'application/fhir+xml', ...(printable ? printFormats : [])];
  const text = `The hub answers in ${formats.join(' or ')}, not in what "${asked}" asks for.`;
  return new HubError('not-acceptable', text);
}

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
