import type { Coding, Resource } from '@medplum/fhirtypes';
import { textsOf } from './describe.ts';

/** What people call things: `Type/id` of what is referred to, `system|code` of codes. */
export type Names = ReadonlyMap<string, string>;

/** What organizations, people and medications are called, by `Type/id`: as far as they say it. */
export function namesOf(known: readonly Resource[]): Names {
  return new Map(
    known.flatMap((one): [string, string][] => {
      const words = nameOf(one);
      return words ? [[`${one.resourceType}/${one.id}`, words]] : [];
    }),
  );
}

function nameOf(resource: Resource): string | undefined {
  const { name, code } = resource as { name?: unknown; code?: unknown };
  return textsOf(name ?? code)[0];
}

/** Codes in resources that say no words for people, each once. */
export function namelessCodes(resources: readonly Resource[]): Required<Pick<Coding, 'system' | 'code'>>[] {
  const found = new Map<string, { system: string; code: string }>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isNameless(value)) found.set(keyOf(value), { system: value.system, code: value.code });
    Object.values(value).forEach(look);
  };
  resources.forEach(look);
  return [...found.values()];
}

export const keyOf = ({ system, code }: { system: string; code: string }): string => `${system}|${code}`;

function isNameless(value: object): value is { system: string; code: string } {
  const { system, code, display, value: quantity } = value as Record<string, unknown>;
  return (
    typeof system === 'string' && typeof code === 'string' && display === undefined && quantity === undefined
  );
}

/** A copy for people: what is referred to and codes are named, where they are not and it is known how. */
export function withNames<R extends Resource>(resource: R, names: Names): R {
  const { contained = [] } = resource as { contained?: Resource[] };
  const inside = contained.flatMap((one): [string, string][] => {
    const words = nameOf(one);
    return words ? [[`#${one.id}`, words]] : [];
  });
  return named(resource, inside.length ? new Map([...names, ...inside]) : names) as R;
}

function named(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map(one => named(one, names));
  if (typeof value !== 'object' || value === null) return value;
  const { reference, display } = value as { reference?: unknown; display?: unknown };
  const key =
    typeof reference === 'string'
      ? reference.split('/_history')[0]
      : isNameless(value)
        ? keyOf(value)
        : undefined;
  const name = key === undefined ? undefined : names.get(key);
  if (name !== undefined && display === undefined) return { ...value, display: name };
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, named(one, names)]));
}
