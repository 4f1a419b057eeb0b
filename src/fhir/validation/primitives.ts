import { dateRange } from '../definitions/dates.ts';
import { narrativeProblem } from './narrative.ts';
import type { Check } from './report.ts';

/** https://hl7.org/fhir/R4/datatypes.html#primitive : what a value of a type must be like, and how to say so. */
interface Format {
  json: 'string' | 'number' | 'boolean';
  /** Undefined when it is right; else what would be right, without quoting the value. */
  fault(value: string & number & boolean): string | undefined;
}

/** The check of a primitive type's JSON value. */
export function primitiveCheck(type: string): Check {
  const format = formats[type];
  if (!format) throw new TypeError(`no format for the primitive type ${type}`);
  return (value, report) => {
    const right = typeof value === format.json;
    // The cast is what the line above has checked.
    const fault = right
      ? format.fault(value as never)
      : `must be a JSON ${format.json}, not ${jsonType(value)}`;
    if (fault) report.add(fault, right ? 'value' : 'structure');
  };
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** R4: "strings SHALL NOT exceed 1MB". */
const longest = 1024 * 1024;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

function textFault(text: string): string | undefined {
  if (!/\S/.test(text)) return 'must not be empty';
  if (text.length > longest) return 'must not be longer than 1 MB';
  if (control.test(text)) return 'must not contain control characters';
  return text.isWellFormed() ? undefined : 'must be well-formed Unicode';
}

function text(pattern?: RegExp, wanted?: string): Format {
  return {
    json: 'string',
    fault: value => textFault(value) ?? (pattern && !pattern.test(value) ? `must be ${wanted}` : undefined),
  };
}

function date(pattern: RegExp, wanted: string): Format {
  return {
    json: 'string',
    fault(value) {
      if (!pattern.test(value)) return `must be ${wanted}`;
      return dateRange(value) ? undefined : 'must be a date that exists';
    },
  };
}

function integer(from: number, to: number): Format {
  const wanted = `must be a whole number from ${from} to ${to}`;
  return {
    json: 'number',
    fault: value => (Number.isInteger(value) && value >= from && value <= to ? undefined : wanted),
  };
}

const zone = String.raw`(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))`;
const time = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?`;
const day = String.raw`\d{4}-\d\d-\d\d`;
const url = text(/^\S+$/, 'a URL without spaces');
const largest = 2_147_483_647;

const formats: Readonly<Record<string, Format>> = {
  boolean: { json: 'boolean', fault: () => undefined },
  integer: integer(-largest - 1, largest),
  unsignedInt: integer(0, largest),
  positiveInt: integer(1, largest),
  decimal: {
    json: 'number',
    fault: value => (Number.isFinite(value) ? undefined : 'must be a finite number'),
  },
  string: text(),
  markdown: text(),
  code: text(/^\S+(?:\s\S+)*$/, 'a code without leading, trailing or double spaces'),
  id: text(/^[A-Za-z0-9\-.]{1,64}$/, 'an id of 1 to 64 letters, digits, "-" and "."'),
  uri: url,
  url,
  canonical: url,
  oid: text(/^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/, 'an OID such as urn:oid:2.16.840'),
  uuid: text(
    /^urn:uuid:[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/,
    'a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
  ),
  date: date(/^\d{4}(?:-\d\d(?:-\d\d)?)?$/, 'a date such as 2024, 2024-03 or 2024-03-07'),
  dateTime: date(
    new RegExp(String.raw`^(?:\d{4}(?:-\d\d)?|${day}(?:T${time}${zone})?)$`),
    'a date such as 2024, 2024-03 or 2024-03-07, or with time and time zone, 2024-03-07T13:28:17-05:00',
  ),
  instant: date(
    new RegExp(`^${day}T${time}${zone}$`),
    'a moment with seconds and time zone, such as 2024-03-07T13:28:17.239-05:00',
  ),
  time: text(new RegExp(`^${time}$`), 'a time of day such as 13:28:17'),
  base64Binary: { json: 'string', fault: base64Fault },
  xhtml: { json: 'string', fault: value => textFault(value) ?? narrativeProblem(value) },
};

function base64Fault(value: string): string | undefined {
  const plain = /\s/.test(value) ? value.replace(/\s+/g, '') : value;
  const right = plain.length > 0 && plain.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(plain);
  return right ? undefined : 'must be base64, padded with "="';
}
