import type { Extension, Organization } from '@medplum/fhirtypes';
import type { Repository } from './fhir/repository.ts';
import { hubOrganization } from './hub-organization.ts';
import { timeZoneOf, timezone } from './referral/clocks/time-zone.ts';
import type { DueRules } from './referral/lifecycle/due.ts';

/** What the network is called, where its clocks are, and whom one phones. */
export interface NetworkFacts {
  name: string;
  /** IANA name. */
  timeZone: string;
  phone?: string;
}

export const timeZoneExtension = (timeZone: string): Extension => ({ url: timezone, valueCode: timeZone });

/** From the hub's own Organization; where it says no time zone, that of the rules for due times. */
export async function readNetwork(repository: Repository, rules: DueRules): Promise<NetworkFacts> {
  const organization = (await repository.read('Organization', hubOrganization)).resource() as Organization;
  const phone = organization.telecom?.find(({ system }) => system === 'phone')?.value;
  return {
    name: organization.name ?? 'Warm Handoff',
    timeZone: timeZoneOf(organization) ?? rules.timeZone,
    ...(phone ? { phone } : {}),
  };
}
