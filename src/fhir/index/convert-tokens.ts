import { isObject } from '../definitions/fhirpath/collection.ts';
import type { Extracted } from '../definitions/types.ts';
import type { CodeSet } from '../definitions/value-set.ts';
import type { Convert } from './convert.ts';
import { clip, normalize } from './normalize.ts';

/**
 * Codes with their system (https://hl7.org/fhir/R4/search.html#token). The system of a `code` is the one that its
 * binding implies; that of a ContactPoint is `phone`, `email`, …
 */
export function tokenConvert(type: string, bound: CodeSet | undefined): Convert | undefined {
  switch (type) {
    case 'code':
      return (value, param, rows) => {
        if (typeof value === 'string') add(rows, param, value, bound?.systemOf(value));
      };
    case 'Coding':
      return coding;
    case 'CodeableConcept':
      return (value, param, rows) => {
        if (!isObject(value)) return;
        if (Array.isArray(value.coding)) for (const one of value.coding) coding(one, param, rows);
        shown(rows, param, value.text);
      };
    case 'Identifier':
    case 'ContactPoint':
      return identifier;
    case 'boolean':
    case 'string':
    case 'id':
    case 'uri':
      return (value, param, rows) => {
        if (typeof value === 'string' || typeof value === 'boolean') add(rows, param, String(value), '');
      };
    default:
      return undefined;
  }
}

const coding: Convert = (value, param, rows) => {
  if (!isObject(value)) return;
  add(rows, param, value.code, value.system);
  shown(rows, param, value.display);
};

/** An Identifier, or what has a value and a system like one. */
export const identifier: Convert = (value, param, rows) => {
  if (!isObject(value)) return;
  add(rows, param, value.value, value.system);
  if (isObject(value.type)) shown(rows, param, value.type.text);
};

/** The words beside a code, for the modifier `:text`. */
function shown(rows: Extracted, param: number, text: unknown): void {
  if (typeof text !== 'string') return;
  const norm = clip(normalize(text));
  if (norm) rows.str.push([param, norm]);
}

function add(rows: Extracted, param: number, code: unknown, system: unknown): void {
  if (typeof code !== 'string' || code === '') return;
  rows.tok.push([param, clip(code), typeof system === 'string' ? clip(system) : '']);
}
