import type { Task } from '@medplum/fhirtypes';

const hourMs = 60 * 60 * 1000;

/**
 * How many hours an organization takes to answer an offer, as the median of several. Each is given by its
 * versions, newest first: from the first one that asks to the first that no longer does, whether it was
 * answered or ran out. Undefined where none has ended.
 */
export function answerHours(offers: readonly (readonly Task[])[]): number | undefined {
  const hours = offers
    .map(waited)
    .filter(value => value !== undefined)
    .sort((a, b) => a - b);
  return hours[Math.floor((hours.length - 1) / 2)];
}

function waited(versions: readonly Task[]): number | undefined {
  const oldestFirst = versions.toReversed();
  const asked = oldestFirst.findIndex(isAsked);
  const answered = asked < 0 ? undefined : oldestFirst.slice(asked).find(version => !isAsked(version));
  const [from, to] = [oldestFirst[asked], answered].map(version => version?.meta?.lastUpdated);
  return from && to ? (Date.parse(to) - Date.parse(from)) / hourMs : undefined;
}

function isAsked({ status }: Task): boolean {
  return status === 'requested' || status === 'received';
}
