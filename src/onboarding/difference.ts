import { isDeepStrictEqual } from 'node:util';
import type { Extension, Resource } from '@medplum/fhirtypes';
import type { Desired } from './desired.ts';

/** What the file makes of a resource. */
export type Difference =
  | { kind: 'create'; resource: Resource & { id: string } }
  /** `elements`: the names of those that become others. */
  | { kind: 'change'; resource: Resource & { id: string }; elements: string[] }
  | { kind: 'unchanged' };

/** The elements that the file names are as the file says; what else the organization has added stays. */
export function differenceOf({ resource, extensions }: Desired, current: Resource | undefined): Difference {
  if (!current) return { kind: 'create', resource };
  const wanted = resource as unknown as Record<string, unknown>;
  const before = current as unknown as Record<string, unknown>;
  const extension = merged(
    (before.extension as Extension[] | undefined) ?? [],
    (wanted.extension as Extension[] | undefined) ?? [],
    extensions,
  );
  const after: Record<string, unknown> = { ...before, ...wanted, extension };
  if (extension.length === 0) delete after.extension;
  const elements = Object.keys(after).filter(name => !isDeepStrictEqual(after[name], before[name]));
  if (before.extension && extension.length === 0) elements.push('extension');
  return elements.length === 0
    ? { kind: 'unchanged' }
    : { kind: 'change', resource: after as unknown as Resource & { id: string }, elements };
}

const merged = (
  before: readonly Extension[],
  wanted: readonly Extension[],
  decided: readonly string[],
): Extension[] => {
  const others = before.filter(({ url }) => !decided.includes(url));
  // In the order they stand in, so that nothing has changed where nothing did.
  const same = before.filter(one => wanted.some(other => isDeepStrictEqual(one, other)));
  const kept =
    same.length === wanted.length
      ? before.filter(one => others.includes(one) || same.includes(one))
      : undefined;
  return kept ?? [...others, ...wanted];
};
