import type { Address, Location } from '@medplum/fhirtypes';

/** Where women and men hide from violence: its address is on no page, its own organization's included. */
export const isShelter = ({ meta }: Location): boolean =>
  (meta?.security ?? []).some(({ code }) => code === 'SDV');

/** An address on one line, as on an envelope. */
export function addressWords({ line = [], city, state, postalCode }: Address): string {
  const region = [state, postalCode].filter(Boolean).join(' ');
  return [...line, city, region].filter(Boolean).join(', ');
}
