import type { Coding, Resource } from '@medplum/fhirtypes';

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

export type Label = keyof typeof restrictedLabels;

export const labels = Object.keys(restrictedLabels) as Label[];

/** Every restricted label. */
export const allLabels = labels.reduce((mask, label) => mask | restrictedLabels[label], 0);

/** The labels of a bit mask. */
export const labelsIn = (mask: number): Label[] => labels.filter(label => mask & restrictedLabels[label]);

/** The bit mask of labels. */
export const maskOf = (some: Iterable<Label>): number => {
  let mask = 0;
  for (const label of some) mask |= restrictedLabels[label];
  return mask;
};

const isLabel = (code: string | undefined): code is Label =>
  code !== undefined && Object.hasOwn(restrictedLabels, code);

/** The restricted labels among codings; the system is not asked, so that a misspelt one restricts all the same. */
export const labelsAmong = (codings: readonly Coding[] | undefined): Label[] =>
  (codings ?? []).map(({ code }) => code).filter(isLabel);

/** The restricted labels in `meta.security` as a bit mask; 0 restricts nothing. */
export const labelMask = (resource: Resource): number => maskOf(labelsAmong(resource.meta?.security));
