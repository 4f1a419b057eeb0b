import type { Appointment, Encounter } from '@medplum/fhirtypes';
import rules from '../../../terminology/follow-up.json' with { type: 'json' };
import { tokens } from '../../referral/routing/codes.ts';
import type { Fact } from './facts.ts';
import { isStay } from './stay.ts';

/** A visit as far as follow-up is concerned. */
export interface Visit {
  fact: Fact;
  at: Date;
}

/** What an appointment or an encounter says of follow-up; undefined where it says nothing. */
export function visitOf(resource: Appointment | Encounter): Visit | undefined {
  return resource.resourceType === 'Appointment' ? appointment(resource) : encounter(resource);
}

function appointment({
  status,
  start,
  serviceType,
  serviceCategory,
  specialty,
}: Appointment): Visit | undefined {
  if (!start) return undefined;
  const at = new Date(start);
  if (status === 'noshow') return { fact: 'missed-visit', at };
  if (status === 'cancelled' || status === 'entered-in-error') return { fact: 'cancelled-visit', at };
  if (status === 'fulfilled') {
    return {
      fact: kept(tokens(...(serviceType ?? []), ...(serviceCategory ?? []), ...(specialty ?? [])), at),
      at,
    };
  }
  return ['booked', 'arrived', 'checked-in'].includes(status) ? { fact: 'booked-visit', at } : undefined;
}

function encounter(visit: Encounter): Visit | undefined {
  const start = visit.period?.start;
  if (!start || isStay(visit) || visit.status !== 'finished') return undefined;
  const at = new Date(start);
  const roles = (visit.participant ?? []).flatMap(({ type }) => type ?? []);
  return { fact: kept(tokens(visit.serviceType, ...(visit.type ?? []), ...roles), at), at };
}

/** Which visits count is keyed by year: the newest rules that are not newer than the visit. */
function kept(codes: readonly string[], at: Date): Fact {
  const years = Object.entries(rules.afterDischarge.visits).sort(([a], [b]) => b.localeCompare(a));
  const [, rule] = years.find(([year]) => Number(year) <= at.getUTCFullYear()) ?? years.at(-1) ?? [];
  if (codes.some(code => rule?.caseManagement.includes(code))) return 'case-manager-contact';
  return codes.some(code => rule?.qualifying.includes(code)) ? 'qualifying-visit' : 'other-visit';
}
