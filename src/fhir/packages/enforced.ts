import type { Profiles } from '../validation/profiles/profiles.ts';

/**
 * Profiles that a site enforces, by the type of resource that each is for.
 *
 * @throws Error that names a profile which no package and no definition has
 */
export function enforcedProfiles(
  canonicals: readonly string[],
  profiles: Profiles,
): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy(canonicals, canonical => {
    const profile = profiles.find(canonical);
    if (profile) return profile.type;
    throw new Error(
      `HUB_PROFILES names ${canonical}, which is not known: put the FHIR package that defines it into HUB_PACKAGES`,
    );
  });
}
