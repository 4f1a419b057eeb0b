import type { CareTeam, CareTeamParticipant, Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { system } from '../../../fhir/canonical.ts';
import type { FoundPage } from '../../found.ts';
import { personName } from '../../seen.ts';

/** Who carries the case, by the first team that has somebody; undefined where nobody does yet. */
export function caseManagerOf(
  teams: readonly CareTeam[],
  found: Pick<FoundPage<CareTeam>, 'get'>,
): string | undefined {
  const carries = teams.flatMap(({ participant = [] }) => participant).find(isCaseManager);
  return carries && memberName(carries, found);
}

const isCaseManager = ({ role, period }: CareTeamParticipant): boolean =>
  period?.end === undefined &&
  (role ?? []).some(({ coding }) =>
    coding?.some(one => one.system === system.careTeamRole && one.code === 'case-manager'),
  );

/** What a member of a team is called, as far as the directory or the reference says. */
export function memberName(
  { member }: CareTeamParticipant,
  { get }: Pick<FoundPage<CareTeam>, 'get'>,
): string | undefined {
  const found = get(member);
  if (found?.resourceType === 'PractitionerRole') return (found as PractitionerRole).practitioner?.display;
  if (found?.resourceType === 'Practitioner') return personName(found as Practitioner);
  if (found?.resourceType === 'Organization') return found.name;
  return member?.display;
}
