import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../definitions/fhirpath/collection.ts';
import { compare } from '../../definitions/fhirpath/values.ts';
import type { ProfileElement } from '../../definitions/schema-profile.ts';
import type { Report } from '../report.ts';
import { type Found, hasPattern, shown } from './values.ts';

/** Fixed values, patterns, bounds and lengths: https://hl7.org/fhir/R4/elementdefinition-definitions.html */
export function checkValue(element: ProfileElement, { value, type }: Found, report: Report): void {
  if (value === undefined) return;
  const { fixed, pattern, minValue, maxValue, maxLength } = element;
  if (fixed !== undefined && !isDeepStrictEqual(value, fixed)) report.add(`must be ${shown(fixed)}`, 'value');
  if (pattern !== undefined && !hasPattern(value, pattern))
    report.add(`must have ${shown(pattern)}`, 'value');
  if (minValue !== undefined && isBeyond('<', value, minValue, type))
    report.add(`must be at least ${bound(minValue)}`, 'value');
  if (maxValue !== undefined && isBeyond('>', value, maxValue, type))
    report.add(`must be at most ${bound(maxValue)}`, 'value');
  if (maxLength !== undefined && typeof value === 'string' && [...value].length > maxLength)
    report.add(`must not be longer than ${maxLength} characters`, 'too-long');
}

/** What cannot be compared (other units, a date that may be either) is not beyond. */
function isBeyond(operator: '<' | '>', value: unknown, limit: unknown, type: string): boolean {
  const dates = type === 'date' || type === 'dateTime' || type === 'instant';
  const holds = compare(operator === '<' ? '>=' : '<=', [value], [limit], dates);
  return holds === false;
}

const bound = (value: unknown): string =>
  isObject(value) ? `${value.value ?? ''} ${value.unit ?? value.code ?? ''}`.trim() : String(value);
