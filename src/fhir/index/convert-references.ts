import { isObject } from '../definitions/fhirpath/collection.ts';
import { parseReference } from '../definitions/reference.ts';
import type { Convert } from './convert.ts';
import { identifier } from './convert-tokens.ts';
import { clip } from './normalize.ts';

/** What a reference parameter finds: resources here, those elsewhere by their URL, and logical references. */
export function referenceConvert(type: string, resourceTypes: ReadonlySet<string>): Convert | undefined {
  switch (type) {
    case 'Reference':
      return (value, param, rows) => {
        if (!isObject(value)) return;
        // For the modifier `:identifier`.
        identifier(value.identifier, param, rows);
        if (typeof value.reference !== 'string') return;
        const target = parseReference(value.reference);
        if (target?.kind === 'local' && resourceTypes.has(target.type)) {
          rows.ref.push([param, `${target.type}/${target.id}`]);
        } else if (target?.kind === 'absolute' || target?.kind === 'uri') {
          rows.uri.push([param, clip(value.reference)]);
        }
      };
    case 'canonical':
    case 'uri':
      return canonicalUri;
    default:
      return undefined;
  }
}

/** A canonical URL with a version is found with it and without. */
export const canonicalUri: Convert = (value, param, rows) => {
  if (typeof value !== 'string' || value === '') return;
  rows.uri.push([param, clip(value)]);
  const version = value.indexOf('|');
  if (version > 0) rows.uri.push([param, clip(value.slice(0, version))]);
};
