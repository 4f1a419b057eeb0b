import type { ConsentProvision } from '@medplum/fhirtypes';
import { type Label, labels, maskOf } from '../labels.ts';
import { evaluate } from './evaluate.ts';
import type { ConsentPolicy } from './policy.ts';
import type { ConsentFacts, Question } from './question.ts';

/** What consents clear from one moment to another, and the consent it rests on. */
export interface Cleared {
  labels: readonly Label[];
  mask: number;
  /** Epoch milliseconds; `ends` is the first moment after it. */
  starts: number;
  ends: number | null;
  consent: string;
}

/** So many changes of what holds are looked ahead; beyond them nothing is cleared until the next change. */
const horizon = 100;

/** What the consents clear from now on, as it changes by itself when periods begin and end. */
export function clearedOverTime(
  consents: readonly ConsentFacts[],
  question: Omit<Question, 'labels'>,
  policy: ConsentPolicy,
): Cleared[] {
  const { now } = question;
  const changes = [...new Set(consents.flatMap(({ consent }) => momentsOf(consent.provision, policy)))]
    .filter(moment => moment > now)
    .sort((a, b) => a - b)
    .slice(0, horizon);
  const starts = [now, ...changes];
  const pieces = starts.flatMap((start, index) => {
    const ends = starts[index + 1] ?? null;
    if (ends === null && changes.length === horizon) return [];
    const decisions = evaluate(consents, { ...question, labels, now: start }, policy);
    const permitted = decisions.filter(({ decision }) => decision === 'permit');
    const consent = permitted.find(one => one.consent !== undefined)?.consent;
    if (consent === undefined) return [];
    const cleared = permitted.map(({ label }) => label);
    return [{ labels: cleared, mask: maskOf(cleared), starts: start, ends, consent }];
  });
  return joined(pieces);
}

/** Moments at which a provision, or one inside it, begins or ceases to hold. */
function momentsOf(provision: ConsentProvision | undefined, policy: ConsentPolicy): number[] {
  if (!provision) return [];
  const { period, provision: inner = [] } = provision;
  const start = period?.start === undefined ? undefined : policy.readDate(period.start)?.lo;
  const end = period?.end === undefined ? undefined : policy.readDate(period.end)?.hi;
  const own = [...(start === undefined ? [] : [start]), ...(end === undefined ? [] : [end + 1])];
  return [...own, ...inner.flatMap(one => momentsOf(one, policy))];
}

/** Pieces that follow one another without a change are one. */
function joined(pieces: readonly Cleared[]): Cleared[] {
  const result: Cleared[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    const goesOn = last?.ends === piece.starts && last.mask === piece.mask && last.consent === piece.consent;
    if (last && goesOn) last.ends = piece.ends;
    else result.push({ ...piece });
  }
  return result;
}
