import { rankingFor, taskFor } from '../../../fhir/operations/match.ts';
import type { Parts } from '../../../fhir/parts.ts';
import type { Repository } from '../../../fhir/repository.ts';
import type { Ranked, Ranking } from '../../../referral/routing/rank.ts';
import type { Draft } from './draft.ts';
import { idsOf, mostAtOnce, type Way } from './way.ts';

interface Source {
  parts: Parts;
  repository: Repository;
}

/** The ranking for a draft, as `ServiceRequest/$match` gives it. A place chosen already is judged like any other. */
export function rankingOf(
  source: Source,
  { request, task }: Pick<Draft, 'request' | 'task'>,
): Promise<Ranking> {
  const { organization } = source.repository.actor;
  return rankingFor(source, { request, task: taskFor(request, organization, task) });
}

/** Who would read the packet: logical ids and names of HealthcareServices. */
export async function askedOf(
  source: Source,
  draft: Draft,
  way: Way,
): Promise<{ ids: string[]; names: string[] }> {
  if (way.kind !== 'cascade') {
    const references = way.kind === 'these' ? way.services : [way.service];
    return { ids: idsOf(references), names: references.flatMap(({ display }) => display ?? []) };
  }
  const { ranked } = await rankingOf(source, draft);
  const first = onePerOrganization(ranked).slice(0, mostAtOnce);
  return {
    ids: first.map(({ candidate }) => candidate.id),
    names: first.map(({ candidate }) => candidate.name),
  };
}

/** An organization is asked once, for the service that fits best. */
function onePerOrganization(ranked: readonly Ranked[]): Ranked[] {
  const first = new Map<string, Ranked>();
  for (const one of ranked)
    if (!first.has(one.candidate.organization)) first.set(one.candidate.organization, one);
  return [...first.values()];
}
