import type { LoadedDefinitions } from '../definitions/definitions.ts';
import type { Branch } from '../definitions/fhirpath/branch.ts';
import { isObject } from '../definitions/fhirpath/collection.ts';
import type { Extracted, SearchParam } from '../definitions/types.ts';
import { dateConvert } from './convert-dates.ts';
import { canonicalUri, referenceConvert } from './convert-references.ts';
import { tokenConvert } from './convert-tokens.ts';
import { clip, normalize } from './normalize.ts';

/** Adds the rows that one value of a parameter gives (https://hl7.org/fhir/R4/search.html#table). */
export type Convert = (value: unknown, param: number, rows: Extracted) => void;

/** How values of one type are indexed for a parameter of a kind; undefined where they are not. */
export function convertFor(
  kind: SearchParam['kind'],
  branch: Pick<Branch, 'type' | 'binding'>,
  definitions: LoadedDefinitions,
): Convert | undefined {
  const quantity = definitions.schema.is(branch.type, 'Quantity');
  const type = quantity ? 'Quantity' : branch.type;
  switch (kind) {
    case 'token':
      return tokenConvert(type, branch.binding ? definitions.valueSet(branch.binding) : undefined);
    case 'reference':
      return referenceConvert(type, definitions.resourceTypes);
    case 'string':
      return strings[type];
    case 'date':
      return dateConvert(type);
    case 'uri':
      return type === 'uri' || type === 'url' || type === 'canonical' ? canonicalUri : undefined;
    case 'number':
      return numbers[type];
    case 'quantity':
      return quantities[type];
    case 'special':
      return positions[type];
    case 'composite':
      return undefined;
  }
}

const string: Convert = (value, param, rows) => {
  if (typeof value !== 'string') return;
  const norm = clip(normalize(value));
  if (norm) rows.str.push([param, norm]);
};

/** Each of the parts can be searched for: one row for each. */
function parts(...names: readonly string[]): Convert {
  return (value, param, rows) => {
    if (!isObject(value)) return;
    for (const name of names) for (const part of [value[name]].flat()) string(part, param, rows);
  };
}

const strings: Readonly<Record<string, Convert>> = {
  string,
  markdown: string,
  HumanName: parts('text', 'family', 'given', 'prefix', 'suffix'),
  Address: parts('text', 'line', 'city', 'district', 'state', 'postalCode', 'country'),
};

const number: Convert = (value, param, rows) => {
  if (typeof value === 'number') rows.num.push([param, value]);
};

const numbers: Readonly<Record<string, Convert>> = {
  integer: number,
  decimal: number,
  // A range is found by either of its ends.
  Range: (value, param, rows) => {
    if (!isObject(value)) return;
    for (const end of [value.low, value.high]) if (isObject(end)) number(end.value, param, rows);
  },
};

/** By its coded unit, and by the unit as people write it where that is another. */
const quantity: Convert = (value, param, rows) => {
  if (!isObject(value) || typeof value.value !== 'number') return;
  const { code, unit, system } = value;
  const coded = typeof code === 'string' ? clip(code) : '';
  rows.qty.push([param, coded, value.value, coded && typeof system === 'string' ? clip(system) : '']);
  if (typeof unit === 'string' && clip(unit) !== coded) rows.qty.push([param, clip(unit), value.value, '']);
};

const quantities: Readonly<Record<string, Convert>> = {
  Quantity: quantity,
  Range: (value, param, rows) => {
    if (!isObject(value)) return;
    for (const end of [value.low, value.high]) quantity(end, param, rows);
  },
  Money: (value, param, rows) => {
    if (isObject(value)) quantity({ value: value.value, code: value.currency, system: iso4217 }, param, rows);
  },
};

const iso4217 = 'urn:iso:std:iso:4217';

const positions: Readonly<Record<string, Convert>> = {
  'Location.position': (value, param, rows) => {
    if (!isObject(value)) return;
    const { latitude, longitude } = value;
    if (typeof latitude === 'number' && typeof longitude === 'number')
      rows.pos.push([param, latitude, longitude]);
  },
};
