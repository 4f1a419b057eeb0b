import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../definitions/fhirpath/collection.ts';
import { parseReference } from '../../definitions/reference.ts';
import type { Discriminator, ProfileElement, Slice, Slicing } from '../../definitions/schema-profile.ts';
import { codingsOf, memberOf } from './binding.ts';
import type { Walk } from './profile-check.ts';
import { typeOf } from './targets.ts';
import { type Found, hasPattern, valuesOf } from './values.ts';

/** https://hl7.org/fhir/R4/profiling.html#discriminator : all of them must say that the value is in the slice. */
export function isInSlice(found: Found, slice: Slice, { discriminators }: Slicing, walk: Walk): boolean {
  // Without a discriminator it is the slice whose values it has.
  if (discriminators.length === 0) return hasValues(slice, found, walk);
  return discriminators.every(one => discriminates(one, found, slice, walk));
}

function discriminates({ type, path }: Discriminator, found: Found, slice: Slice, walk: Walk): boolean {
  if (found.type === 'Extension' && path === 'url') return isExtension(found, slice);
  const at = follow(path, { values: [found], element: slice, resolves: false }, walk);
  switch (type) {
    case 'value':
    case 'pattern':
      return at.element !== undefined && at.values.some(value => hasValues(at.element, value, walk));
    case 'exists':
      return at.values.length > 0 === (at.element?.max !== 0);
    case 'type':
      return at.values.some(value => isOfType(value, at, walk));
    case 'profile':
      return at.values.some(value => hasProfile(value, at, walk));
  }
}

/** By the url that the slice, or the definition it names, has. */
function isExtension({ value }: Found, slice: Slice): boolean {
  const fixed = slice.children?.find(child => child.name === 'url')?.fixed;
  const url = fixed ?? slice.profiles?.Extension?.[0]?.split('|', 1)[0];
  return isObject(value) && value.url === url;
}

/** Where a discriminator's path leads: in the value, and in what the slice asks. */
interface Place {
  values: readonly Found[];
  element: ProfileElement | undefined;
  /** The values are references that stand for what they refer to. */
  resolves: boolean;
}

function follow(path: string, from: Place, walk: Walk): Place {
  let at = from;
  for (const part of partsOf(path)) at = step(part, at, walk);
  return at;
}

/** `extension('http://…').value.ofType(Coding)`: points within quotes or parentheses are no steps. */
const partsOf = (path: string): string[] => path.match(/(?:[^.('"]|\([^)]*\))+/g) ?? [];

function step(part: string, { values, element, resolves }: Place, walk: Walk): Place {
  const { schema } = walk.parts.definitions;
  if (part === '$this') return { values, element, resolves };
  if (part === 'resolve()')
    return { values: values.map(value => resolved(value, walk)), element, resolves: true };
  const ofType = /^ofType\((\w+)\)$/.exec(part)?.[1];
  if (ofType) {
    const kept = values.filter(value => schema.is(value.type, ofType));
    const typed = element?.slices?.find(slice => slice.types?.includes(ofType)) ?? element;
    return { values: kept, element: typed, resolves };
  }
  const url = /^extension\(['"](.+)['"]\)$/.exec(part)?.[1];
  const name = url === undefined ? part.replace('[x]', '') : 'extension';
  const all = values.flatMap(value => valuesOf(value, name, schema));
  const own = element?.children?.find(child => child.name === name) ?? ofProfile(element, name, walk);
  if (url === undefined) return { values: all, element: own, resolves };
  const wanted = all.filter(({ value }) => isObject(value) && value.url === url);
  const slice = own?.slices?.find(one =>
    isExtension({ value: { url }, side: undefined, type: 'Extension', steps: [] }, one),
  );
  return { values: wanted, element: slice, resolves };
}

/** What the profile of the slice's type asks of the element. */
function ofProfile(
  element: ProfileElement | undefined,
  name: string,
  { parts }: Walk,
): ProfileElement | undefined {
  const urls = [...Object.values(element?.profiles ?? {}).flat(), ...(element?.targets ?? [])];
  for (const url of urls) {
    const found = parts.profiles.find(url)?.root.children?.find(child => child.name === name);
    if (found) return found;
  }
  return undefined;
}

/** A contained resource; any other reference stands for itself, with the type that it names. */
function resolved(found: Found, { report }: Walk): Found {
  const { value } = found;
  if (!isObject(value)) return found;
  const target = typeof value.reference === 'string' ? parseReference(value.reference) : undefined;
  const inner = target?.kind === 'contained' ? report.evaluation.contained(target.id) : undefined;
  if (inner) return { value: inner, side: undefined, type: String(inner.resourceType), steps: [] };
  const type = target && 'type' in target ? target.type : value.type;
  return typeof type === 'string' ? { ...found, type } : found;
}

function isOfType(found: Found, { element, resolves }: Place, walk: Walk): boolean {
  const { schema } = walk.parts.definitions;
  const types = resolves ? (element?.targets ?? []).map(url => typeOf(url, walk)) : element?.types;
  if (!types) return true;
  return types.some(type => type !== undefined && schema.is(found.type, type));
}

function hasProfile(found: Found, { element, resolves }: Place, walk: Walk): boolean {
  const urls = resolves ? element?.targets : element?.profiles?.[found.type];
  return (urls ?? []).some(url => {
    const profile = walk.parts.profiles.find(url);
    if (!profile) return typeOf(url, walk) === found.type;
    // What is elsewhere cannot be looked at: its type decides.
    const here = isObject(found.value) && (!resolves || typeof found.value.resourceType === 'string');
    return here ? walk.checks.conforms(found, profile, walk) : profile.type === found.type;
  });
}

/** Whether a value has what is fixed, patterned or bound in the element and below: what tells slices apart. */
function hasValues(element: ProfileElement | undefined, found: Found, walk: Walk): boolean {
  if (!element) return true;
  const { fixed, pattern, binding, children = [], slices = [] } = element;
  if (fixed !== undefined && !isDeepStrictEqual(found.value, fixed)) return false;
  if (pattern !== undefined && !hasPattern(found.value, pattern)) return false;
  if (
    binding?.strength === 'required' &&
    fixed === undefined &&
    pattern === undefined &&
    !isBound(binding.valueSet, found, walk)
  )
    return false;
  const inner = (child: ProfileElement): readonly Found[] =>
    valuesOf(found, child.name, walk.parts.definitions.schema);
  return (
    children.filter(tells).every(child => {
      const values = inner(child);
      const wanted = (child.slices ?? []).filter(slice => (slice.min ?? 0) > 0);
      if (values.length === 0) return false;
      if (wanted.length > 0)
        return wanted.every(slice => values.some(value => hasValues(slice, value, walk)));
      return values.some(value => hasValues({ ...child, slices: [] }, value, walk));
    }) &&
    (slices.length === 0 || slices.some(slice => (slice.min ?? 0) === 0 || hasValues(slice, found, walk)))
  );
}

/** Whether an element, or one below, has values that tell one slice from another. */
function tells({ fixed, pattern, binding, children = [], slices = [] }: ProfileElement): boolean {
  return (
    fixed !== undefined ||
    pattern !== undefined ||
    binding?.strength === 'required' ||
    children.some(tells) ||
    slices.some(slice => (slice.min ?? 0) > 0 && tells(slice))
  );
}

/** Slices are told apart at once: what has to be looked up is said to the report. */
function isBound(valueSet: string, found: Found, { parts, report }: Walk): boolean {
  const answer = memberOf(valueSet, codingsOf(found) ?? [], parts);
  if (typeof answer !== 'string') report.undecided = true;
  return answer === 'in';
}
