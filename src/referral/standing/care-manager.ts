import { isDeepStrictEqual } from 'node:util';
import type { CareTeam, CareTeamParticipant, EpisodeOfCare } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import type { WriteRule } from '../../fhir/write/rules.ts';
import { participant } from './acceptance.ts';

/** Who is made care manager of an episode joins its care teams; who was, leaves them. */
export const careManagerRule: WriteRule = {
  types: ['EpisodeOfCare'],
  async apply(change, context) {
    const before = change.before as EpisodeOfCare | undefined;
    const after = change.after as EpisodeOfCare | undefined;
    if (!after || change.actor.importing) return {};
    if (before?.careManager?.reference === after.careManager?.reference) return {};
    const named = await Promise.all(
      (after.team ?? []).map(one => context.get<CareTeam>(one.reference ?? '')),
    );
    const manager = await context.organizationOf(after.managingOrganization?.reference);
    const also = [];
    for (const team of named) {
      if (!team?.id || !(await manages(team))) continue;
      const changed = withCaseManager(team, after.careManager, context.now);
      if (!isDeepStrictEqual(team, changed)) {
        also.push({ kind: 'update', type: 'CareTeam', id: team.id, resource: changed } as const);
      }
    }
    return { also };

    async function manages(team: CareTeam): Promise<boolean> {
      const organizations = await Promise.all(
        (team.managingOrganization ?? []).map(one => context.organizationOf(one.reference)),
      );
      return manager !== undefined && organizations.includes(manager);
    }
  },
};

/** The team with this case manager and no other; an earlier one's time ends. */
export function withCaseManager(team: CareTeam, manager: EpisodeOfCare['careManager'], now: Date): CareTeam {
  const at = now.toISOString();
  const current = (one: CareTeamParticipant): boolean =>
    one.period?.end === undefined &&
    (one.role ?? []).some(role =>
      role.coding?.some(coding => coding.system === system.careTeamRole && coding.code === 'case-manager'),
    );
  const stays = (one: CareTeamParticipant): boolean =>
    !current(one) || one.member?.reference === manager?.reference;
  const kept = (team.participant ?? []).map(one =>
    stays(one) ? one : { ...one, period: { ...one.period, end: at } },
  );
  const there = kept.some(one => current(one) && one.member?.reference === manager?.reference);
  const joins =
    manager && !there
      ? [{ ...participant('case-manager', 'Case manager', manager), period: { start: at } }]
      : [];
  return { ...team, participant: [...kept, ...joins] };
}
