import type { LoadedDefinitions } from '../definitions/definitions.ts';
import { isObject } from '../definitions/fhirpath/collection.ts';
import type { Extracted, SearchParam } from '../definitions/types.ts';
import { clip } from './normalize.ts';

/** The modifier `:of-type` has an index of its own, numbered by this name. */
export const ofTypeName = (parameter: SearchParam): string => `${parameter.name}:of-type`;

/** Whether a parameter may find identifiers, which alone have a type. */
export const hasIdentifier = ({ kind, code }: SearchParam): boolean =>
  kind === 'token' && /identifier$/.test(code);

/** Every name that `Store.params` must number for a hub with these definitions. */
export function indexNames(definitions: LoadedDefinitions): string[] {
  return definitions
    .allSearchParameters()
    .flatMap(parameter =>
      hasIdentifier(parameter) ? [parameter.name, ofTypeName(parameter)] : [parameter.name],
    );
}

/** The code under which a typed identifier is found: both are compared as they are written. */
export const typedCode = (type: string, value: string): string => clip(`${type}|${value}`);

/** One row for each coding of the identifier's type (https://hl7.org/fhir/R4/search.html#modifiers). */
export function typedIdentifier(value: unknown, param: number, rows: Extracted): void {
  if (!isObject(value) || typeof value.value !== 'string' || !isObject(value.type)) return;
  for (const coding of Array.isArray(value.type.coding) ? value.type.coding : []) {
    if (!isObject(coding) || typeof coding.code !== 'string') continue;
    const system = typeof coding.system === 'string' ? clip(coding.system) : '';
    rows.tok.push([param, typedCode(coding.code, value.value), system]);
  }
}
