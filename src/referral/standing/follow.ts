import type { CarePlan, CareTeam, EpisodeOfCare, Resource } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { EventName } from '../lifecycle/table.ts';

/** What came to be at a receiver when it accepted: it follows the referral from then on. */
export interface Standing {
  /** `ServiceRequest/id` that the episode is for. */
  request: string;
  /** Organization id. */
  organization: string;
  episode: EpisodeOfCare;
  teams: CareTeam[];
  plans: CarePlan[];
}

type EpisodeStatus = EpisodeOfCare['status'];

/**
 * What an event does to an episode, by where it stands; what is not named stays as it is. Once care has begun
 * (active), a cancellation by the sender does not end it: that is for the center to decide.
 */
const effects: Partial<Record<EventName, Partial<Record<EpisodeStatus, EpisodeStatus>>>> = {
  hold: { planned: 'waitlist', active: 'onhold' },
  resume: { waitlist: 'planned', onhold: 'active' },
  'record-visit': { planned: 'active', waitlist: 'active' },
  fail: { planned: 'cancelled', waitlist: 'cancelled', active: 'finished', onhold: 'finished' },
  withdraw: { planned: 'cancelled', waitlist: 'cancelled', active: 'finished', onhold: 'finished' },
  'confirm-cancellation': { planned: 'cancelled', waitlist: 'cancelled' },
  'cancel-under-way': { planned: 'cancelled', waitlist: 'cancelled' },
  'mark-error': { planned: 'entered-in-error', waitlist: 'entered-in-error' },
};

/** A completed referral ends the episode only where its coded closure says that care did not take place, or is over. */
const takenUp: readonly string[] = ['engaged', 'enrolled', 'partly-met'];
const begun: Partial<Record<EpisodeStatus, EpisodeStatus>> = {
  planned: 'active',
  waitlist: 'active',
  onhold: 'active',
};
const ended: Partial<Record<EpisodeStatus, EpisodeStatus>> = {
  planned: 'cancelled',
  waitlist: 'cancelled',
  active: 'finished',
  onhold: 'finished',
};

/** The status an episode comes to; undefined where it stays. `closure`: code of `closure-reason` on a completed Task. */
export function episodeAfter(
  status: EpisodeStatus,
  event: EventName,
  closure: string | undefined,
): EpisodeStatus | undefined {
  if (event !== 'complete' && event !== 'complete-anyway') return effects[event]?.[status];
  if (closure === undefined) return undefined;
  return (takenUp.includes(closure) ? begun : ended)[status];
}

/** Whether an event can change what stands at the receiver: only then it is read. */
export const concernsStanding = (event: EventName): boolean =>
  event in effects ||
  ['accept', 'claim', 'complete', 'complete-anyway', 'request-cancellation'].includes(event);

/** Whether the episode is not over. */
export const stands = ({ episode }: Standing): boolean =>
  ['planned', 'waitlist', 'active', 'onhold'].includes(episode.status);

/** The code of `closure-reason` that a completed Task gives. */
export const closureOf = (
  reason: { coding?: { system?: string; code?: string }[] } | undefined,
): string | undefined => reason?.coding?.find(one => one.system === system.closureReason)?.code;

/** The standing after an event, as updates. */
export function follow(
  standing: Standing,
  event: EventName,
  closure: string | undefined,
  now: Date,
): WriteOperation[] {
  const { episode, teams, plans } = standing;
  const status = episodeAfter(episode.status, event, closure);
  if (!status) return [];
  const operations = [update(moved(episode, status, now))];
  if (!['cancelled', 'finished', 'entered-in-error'].includes(status)) return operations;
  const error = status === 'entered-in-error';
  for (const team of teams.filter(one => one.status === 'proposed' || one.status === 'active')) {
    operations.push(update({ ...team, status: error ? status : 'inactive' }));
  }
  for (const plan of plans.filter(one => one.status === 'draft')) {
    operations.push(update({ ...plan, status: error ? status : 'revoked' }));
  }
  return operations;
}

/** The episode in its new status, with the one before in its history. */
function moved(episode: EpisodeOfCare, status: EpisodeStatus, now: Date): EpisodeOfCare {
  const at = now.toISOString();
  const since = episode.statusHistory?.at(-1)?.period?.end ?? episode.period?.start;
  const past = { status: episode.status, period: { ...(since ? { start: since } : {}), end: at } };
  const over = status === 'finished' || status === 'cancelled';
  return {
    ...episode,
    status,
    statusHistory: [...(episode.statusHistory ?? []), past],
    ...(over ? { period: { ...episode.period, end: at } } : {}),
  };
}

function update(resource: Resource): WriteOperation {
  if (!resource.id) throw new Error(`a stored ${resource.resourceType} has no id`);
  return { kind: 'update', type: resource.resourceType, id: resource.id, resource };
}
