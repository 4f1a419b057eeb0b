import { consentPolicy } from './access/consent/policy.ts';
import type { Config } from './config.ts';
import { dateRange } from './fhir/definitions/dates.ts';
import type { Parts } from './fhir/parts.ts';
import { hubOrganization } from './hub-organization.ts';

/** How the network handles what is sensitive, as it is configured. */
export function privacyOf({ role, statePack, emergencyHours, graceDays }: Config): Parts['privacy'] {
  const consents = consentPolicy({ role, pack: statePack }, { hub: hubOrganization, readDate: dateRange });
  return { consents, emergencyHours, graceDays };
}
