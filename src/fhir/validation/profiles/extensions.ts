import { isObject } from '../../definitions/fhirpath/collection.ts';
import type { Schema } from '../../definitions/schema.ts';
import type { Report } from '../report.ts';
import type { ProfileChecks } from './profile-check.ts';
import type { JsonObject } from './values.ts';

/**
 * An extension against its definition, wherever it stands (https://hl7.org/fhir/R4/extensibility.html). One that the
 * hub does not know is kept as it is; as a modifier it is refused, since it may turn round what the resource says.
 * Where it may stand is a warning: FHIR's own definitions have extensions where these say they may not be.
 */
export function checkExtension(value: JsonObject, report: Report, checks: ProfileChecks): void {
  const { url } = value;
  // The parts of a complex extension are defined with it.
  if (typeof url !== 'string' || !url.includes(':')) return;
  const steps = report.path.filter(step => typeof step === 'string');
  const asModifier = steps.at(-1) === 'modifierExtension';
  const profile = checks.parts.profiles.find(url);
  if (profile?.type !== 'Extension') {
    if (asModifier)
      report.add(
        `has a url that this hub does not know: a modifier may change what the resource means, so it is refused; leave it out, or have the operator load its definition`,
        'extension',
      );
    return;
  }
  if (asModifier !== (profile.modifier === true)) {
    const wanted = profile.modifier ? 'modifierExtension' : 'extension';
    report.add(`must be in ${wanted}, as ${url} says`, 'extension');
    return;
  }
  const { context } = profile;
  const places = context && placesOf(steps.slice(0, -1), report, checks.parts.definitions.schema);
  if (places && !context.some(one => places.has(one.replace('[x]', ''))))
    report.remark(`is meant to be on ${context.join(' or ')}, as ${url} says`, 'extension');
  checks.check({ value, side: undefined, type: 'Extension', steps: [] }, profile, report);
}

/**
 * All names of where an extension stands: `Patient.name`, `HumanName`, `Element`. Undefined where the path does not
 * tell: within a choice of types.
 */
function placesOf(steps: readonly string[], report: Report, schema: Schema): ReadonlySet<string> | undefined {
  let places: string[] = [];
  let type = '';
  for (const [at, step] of steps.entries()) {
    const properties = at === 0 ? [] : schema.element(type, step);
    if (properties.length > 1) return undefined;
    type = at === 0 ? step : (properties[0]?.type.code ?? '');
    places = places.flatMap(head => [`${head}.${step}`]);
    if (type === 'Resource') {
      type = innermostType(report);
      places = [];
    }
    if (!schema.find(type)) return undefined;
    places = [...places, ...ancestors(type, schema)];
  }
  return new Set(places);
}

function innermostType({ evaluation }: Report): string {
  const { resource } = evaluation;
  return isObject(resource) && typeof resource.resourceType === 'string' ? resource.resourceType : '';
}

function ancestors(type: string, schema: Schema): string[] {
  const base = schema.find(type)?.base;
  return base && base !== type ? [type, ...ancestors(base, schema)] : [type];
}
