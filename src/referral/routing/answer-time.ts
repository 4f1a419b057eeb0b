import type { Task } from '@medplum/fhirtypes';
import { hasHubReason } from '../lifecycle/reasons.ts';
import type { Candidate } from './candidate.ts';

const hourMs = 60 * 60 * 1000;

/**
 * How many hours an organization takes to answer an offer, as the median of several, and how many of them it
 * answered at all. Each is given by its versions, newest first: an offer lasts from the first one that asks to the
 * first that no longer does. One that ran out waited in vain. Nothing where none has ended.
 */
export function answersOf(offers: readonly (readonly Task[])[]): Pick<Candidate, 'answerHours' | 'answered'> {
  const ended = offers.map(offerOf).filter(offer => offer !== undefined);
  const hours = ended.map(offer => offer.hours).sort((a, b) => a - b);
  const answerHours = hours[Math.floor((hours.length - 1) / 2)];
  if (answerHours === undefined) return {};
  const answers = ended.filter(offer => offer.answered).length;
  return { answerHours, answered: { of: ended.length, answers } };
}

/** An offer that the hub or its sender took back says nothing of who was asked. */
function offerOf(versions: readonly Task[]): { hours: number; answered: boolean } | undefined {
  const oldestFirst = versions.toReversed();
  const asked = oldestFirst.findIndex(isAsked);
  const end = asked < 0 ? undefined : oldestFirst.slice(asked).find(version => !isAsked(version));
  const [from, to] = [oldestFirst[asked], end].map(version => version?.meta?.lastUpdated);
  const ranOut = end !== undefined && end.status === 'cancelled' && hasHubReason(end, 'offer-expired');
  if (!end || !from || !to || (end.status === 'cancelled' && !ranOut)) return undefined;
  return { hours: (Date.parse(to) - Date.parse(from)) / hourMs, answered: !ranOut };
}

function isAsked({ status }: Task): boolean {
  return status === 'requested' || status === 'received';
}
