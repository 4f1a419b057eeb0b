import { isObject } from '../../definitions/fhirpath/collection.ts';
import { parseReference } from '../../definitions/reference.ts';
import type { ProfileElement } from '../../definitions/schema-profile.ts';
import type { Walk } from './profile-check.ts';
import type { Found } from './values.ts';

const structureDefinition = 'http://hl7.org/fhir/StructureDefinition/';

/** Where a reference may point: its type, how it refers, and of a contained resource the profile it must have. */
export function checkTarget(element: ProfileElement, { value, type }: Found, walk: Walk): void {
  const { report } = walk;
  if (type !== 'Reference' || !isObject(value)) return;
  const target = typeof value.reference === 'string' ? parseReference(value.reference) : undefined;
  const contained = target?.kind === 'contained';
  const { aggregation, targets } = element;
  if (target && aggregation && !aggregation.includes('bundled')) {
    if (contained && !aggregation.includes('contained'))
      report.add('must refer to a resource of its own, not to a contained one', 'value');
    if (!contained && !aggregation.includes('referenced'))
      report.add('must refer to a contained resource', 'value');
  }
  if (!targets) return;
  const inner = contained ? report.evaluation.contained(target.id) : undefined;
  const said = targetType(value, target, inner);
  const allowed = targets.map(url => typeOf(url, walk));
  if (said === undefined || allowed.includes(undefined)) return;
  if (!allowed.some(one => one === said || one === 'Resource')) {
    const names = targets.map(url => url.slice(url.lastIndexOf('/') + 1));
    report.add(`must refer to ${names.join(' or ')}, not to ${said}`, 'value');
  } else if (inner) checkContainedTarget(inner, targets, said, walk);
}

function targetType(
  value: Readonly<Record<string, unknown>>,
  target: ReturnType<typeof parseReference>,
  inner: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  if (target && 'type' in target) return target.type;
  const said = inner ? inner.resourceType : value.type;
  return typeof said === 'string' ? said : undefined;
}

/** The resource type that a target profile stands for; undefined where the hub does not know the profile. */
export function typeOf(url: string, { parts }: Walk): string | undefined {
  const profile = parts.profiles.find(url);
  if (profile) return profile.type;
  const name = url.startsWith(structureDefinition) ? url.slice(structureDefinition.length) : '';
  return parts.definitions.schema.find(name)?.kind === 'resource' ? name : undefined;
}

/** Other resources are checked when they are written; a contained one is only here. */
function checkContainedTarget(
  inner: Readonly<Record<string, unknown>>,
  targets: readonly string[],
  type: string,
  walk: Walk,
): void {
  const found: Found = { value: inner, side: undefined, type, steps: [] };
  const profiles = targets.map(url => walk.parts.profiles.find(url));
  const free = targets.some((url, at) => !profiles[at] && typeOf(url, walk) === type);
  const wanted = profiles.filter(one => one !== undefined && one.type === type);
  const [only, ...others] = wanted;
  if (free || !only) return;
  const conforming = wanted.some(one => one !== undefined && walk.checks.conforms(found, one, walk));
  if (conforming) return;
  const names = [only, ...others].map(one => one?.url ?? '').join(' or ');
  walk.report.add(`must refer to a contained resource that conforms to ${names}`, 'structure');
}
