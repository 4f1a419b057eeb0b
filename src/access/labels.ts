import type { Resource } from '@medplum/fhirtypes';

/**
 * Security labels whose resources are disclosed only where a relationship clears them (a Consent, a state
 * pack): one bit each. PSY and BH are the ordinary content of a referral and restrict nothing.
 * https://terminology.hl7.org/CodeSystem-v3-ActCode.html
 */
export const restrictedLabels = {
  SUD: 1,
  ETH: 2,
  ETHUD: 4,
  PSYTHPN: 8,
  SDV: 16,
  HIV: 32,
} as const;

/** The restricted labels in `meta.security` as a bit mask; 0 restricts nothing. */
export function labelMask(resource: Resource): number {
  let mask = 0;
  for (const { code } of resource.meta?.security ?? []) {
    if (code && Object.hasOwn(restrictedLabels, code))
      mask |= restrictedLabels[code as keyof typeof restrictedLabels];
  }
  return mask;
}
