import type { Organization } from '@medplum/fhirtypes';
import valueSet from '../../terminology/treating-provider.json' with { type: 'json' };

const treating = new Set(
  valueSet.compose.include.flatMap(({ system, concept }) => concept.map(({ code }) => `${system}|${code}`)),
);

/**
 * Whether the organization treats people (`Organization.type` in the value set `treating-provider`): only then
 * an accepted referral opens the person's record to it.
 */
export function isTreatingProvider(organization: Pick<Organization, 'type'>): boolean {
  const codings = (organization.type ?? []).flatMap(type => type.coding ?? []);
  return codings.some(({ system, code }) => treating.has(`${system}|${code}`));
}
