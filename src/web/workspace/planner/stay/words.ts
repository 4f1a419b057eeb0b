import type { Encounter } from '@medplum/fhirtypes';
import { words } from '../../../../referral/routing/codes.ts';

/** What a stay is, and where: `Inpatient psychiatry, Ward 4B`. */
export function stayWords({ type, serviceType, location }: Encounter): string {
  const what = words(type?.[0]) ?? words(serviceType) ?? 'Stay in hospital';
  const ward = location?.[0]?.location.display;
  return ward ? `${what}, ${ward}` : what;
}

/** Where to the person was discharged. */
export const dispositionOf = ({ hospitalization }: Encounter): string | undefined =>
  words(hospitalization?.dischargeDisposition);
