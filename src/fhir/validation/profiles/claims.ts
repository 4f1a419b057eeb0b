import { isObject } from '../../definitions/fhirpath/collection.ts';
import type { Report } from '../report.ts';
import type { ProfileChecks } from './profile-check.ts';
import type { JsonObject } from './values.ts';

/** Which profiles a resource is held to. */
export interface Asked {
  /** By resource type: what the site enforces. */
  enforced: ReadonlyMap<string, readonly string[]>;
  /** Of the resource itself, not of those within it: what the caller asks for. */
  profiles: readonly string[];
}

/**
 * Checks a resource against the profiles that it claims, that the site enforces for its type, that the caller asks
 * for, and those that any of these impose. A claimed profile that the hub does not know is a warning: FHIR lets a
 * resource claim more than a server knows (https://hl7.org/fhir/R4/resource.html#profile-tags).
 */
export function checkClaims(
  value: JsonObject,
  type: string,
  report: Report,
  checks: ProfileChecks,
  asked: Asked,
): void {
  const done = new Set<string>();
  const found = { value, side: undefined, type, steps: [] };
  const follow = (canonical: string, unknown: () => void): void => {
    const profile = checks.parts.profiles.find(canonical);
    if (!profile) unknown();
    if (!profile || done.has(profile.url)) return;
    done.add(profile.url);
    checks.check(found, profile, report);
    // Whoever does not know an imposed profile may leave it out.
    for (const imposed of profile.imposes ?? []) follow(imposed, () => undefined);
  };
  for (const [at, canonical] of claimsOf(value).entries()) {
    // Every resource conforms to the definition of its type, and may say so.
    if (canonical.split('|', 1)[0] === `${structureDefinition}${type}`) continue;
    follow(canonical, () =>
      report.within('meta', () =>
        report.within('profile', () =>
          report.within(at, () =>
            report.remark('is not known to this hub: the resource was not checked against it', 'not-found'),
          ),
        ),
      ),
    );
  }
  const isRoot = report.path.length === 1;
  const further = [...(asked.enforced.get(type) ?? []), ...(isRoot ? asked.profiles : [])];
  for (const canonical of further) {
    if (canonical.split('|', 1)[0] === `${structureDefinition}${type}`) continue;
    follow(canonical, () =>
      report.add(`must conform to ${canonical}, which this hub does not know`, 'not-found'),
    );
  }
}

const structureDefinition = 'http://hl7.org/fhir/StructureDefinition/';

function claimsOf({ meta }: JsonObject): string[] {
  const claimed = isObject(meta) ? meta.profile : undefined;
  return Array.isArray(claimed) ? claimed.filter(one => typeof one === 'string') : [];
}
