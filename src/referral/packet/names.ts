import type { Resource } from '@medplum/fhirtypes';
import { textsOf } from './describe.ts';

/** What organizations, people and medications are called, by `Type/id`: as far as they say it. */
export function namesOf(known: readonly Resource[]): ReadonlyMap<string, string> {
  return new Map(
    known.flatMap((one): [string, string][] => {
      const { name, code } = one as { name?: unknown; code?: unknown };
      const [words] = textsOf(name ?? code);
      return words ? [[`${one.resourceType}/${one.id}`, words]] : [];
    }),
  );
}

/** A copy for people: references that say no name say that of what they refer to, where it is known. */
export function withNames<R extends Resource>(resource: R, names: ReadonlyMap<string, string>): R {
  return named(resource, names) as R;
}

function named(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map(one => named(one, names));
  if (typeof value !== 'object' || value === null) return value;
  const { reference, display } = value as { reference?: unknown; display?: unknown };
  if (typeof reference === 'string') {
    const name = names.get(reference.split('/_history')[0] ?? '');
    return display === undefined && name !== undefined ? { ...value, display: name } : value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, named(one, names)]));
}
