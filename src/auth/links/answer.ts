import type { CodeableConcept, Task } from '@medplum/fhirtypes';
import closureReasons from '../../../terminology/closure-reason.json' with { type: 'json' };
import declineReasons from '../../../terminology/decline-reason.json' with { type: 'json' };
import { HubError } from '../../errors.ts';
import { system } from '../../fhir/canonical.ts';
import { isLinkEvent, type LinkEvent } from '../../referral/lifecycle/by-link.ts';
import { possible } from '../../referral/lifecycle/possible.ts';
import { businessStatus } from '../../referral/lifecycle/steps.ts';

/** What somebody says through a link. */
export interface Answer {
  event: LinkEvent;
  /** A code: why not (decline-reason), or what came of it (closure-reason). */
  reason?: string;
  comment?: string;
}

const codes = (of: typeof declineReasons | typeof closureReasons, except: readonly string[] = []): string[] =>
  of.concept.map(({ code }) => code).filter(code => !except.includes(code));

/** Reasons that a link offers, by the kind of event that needs one. */
export const reasonsFor = {
  // Whom it is passed on to is named in an output, which a link cannot write.
  refusal: codes(declineReasons, ['redirected']),
  // Only who sends a referral cancels it.
  outcome: codes(closureReasons, ['cancelled']),
} as const;

export type ReasonKind = keyof typeof reasonsFor;

/** The kind of reason that an event needs; undefined for none. */
export function reasonKind(event: LinkEvent): ReasonKind | undefined {
  if (event === 'decline' || event === 'fail' || event === 'withdraw') return 'refusal';
  return event === 'complete' || event === 'complete-anyway' ? 'outcome' : undefined;
}

/** What a link may do with the Task as it stands. */
export const openToLink = (task: Task): LinkEvent[] =>
  possible(task, new Set(['target'] as const))
    .map(({ event }) => event)
    .filter(isLinkEvent);

const longestComment = 500;

/**
 * The Task as an answer makes it, for the write path to decide.
 * HubError: `conflict` where the Task has moved on, `invalid` for a reason that is missing or unknown.
 */
export function answered(task: Task, { event, reason, comment = '' }: Answer): Task {
  const step = possible(task, new Set(['target'] as const)).find(one => one.event === event);
  if (!step) throw new HubError('conflict', 'The referral has moved on: look again.');
  const kind = reasonKind(event);
  const concept = kind && reasonOf(kind, reason, comment.trim().slice(0, longestComment));
  const outcome = kind === 'outcome' && concept;
  return {
    ...task,
    status: step.status,
    ...(step.explicit && step.step ? { businessStatus: businessStatus(step.step) } : {}),
    ...(concept ? { statusReason: concept } : {}),
    ...(outcome
      ? {
          output: [...(task.output ?? []), { type: { text: 'Outcome' }, valueCodeableConcept: outcome }],
        }
      : {}),
  };
}

function reasonOf(kind: ReasonKind, code: string | undefined, comment: string): CodeableConcept {
  const of = kind === 'refusal' ? declineReasons : closureReasons;
  const found = reasonsFor[kind].includes(code ?? '') && of.concept.find(one => one.code === code);
  if (!found)
    throw new HubError('invalid', {
      text: 'Choose a reason from the list.',
      expression: 'Task.statusReason',
    });
  if (found.code === 'other' && comment === '')
    throw new HubError('invalid', {
      text: 'Say in a few words what the other reason is.',
      expression: 'Task.statusReason.text',
    });
  const url = kind === 'refusal' ? system.declineReason : system.closureReason;
  return {
    coding: [{ system: url, code: found.code, display: found.display }],
    ...(comment ? { text: comment } : {}),
  };
}
