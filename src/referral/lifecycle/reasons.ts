import { isDeepStrictEqual } from 'node:util';
import type { CodeableConcept, Task } from '@medplum/fhirtypes';
import codeSystem from '../../../terminology/hub-reason.json' with { type: 'json' };
import { system } from '../../fhir/canonical.ts';
import type { ReferralEvent } from './possible.ts';

/** Codes of `hub-reason`: why the hub itself ended or marked something. */
export type HubReason =
  | 'offer-expired'
  | 'another-accepted'
  | 'no-longer-offered'
  | 'source-cancelled'
  | 'candidates-exhausted'
  | 'unspecified';

/** Reasons for which the hub ends an offer, while the request stands. */
export const offerEnds = [
  'offer-expired',
  'another-accepted',
  'no-longer-offered',
] as const satisfies readonly HubReason[];

/** A reason of the hub's own, with its words. */
export function hubReason(code: HubReason, text?: string): CodeableConcept {
  const concept = codeSystem.concept.find(one => one.code === code);
  return {
    coding: [{ system: system.hubReason, code, ...(concept ? { display: concept.display } : {}) }],
    ...(text ? { text } : {}),
  };
}

/** Whether a Task's reason is this one of the hub's. */
export const hasHubReason = (task: Task, code: HubReason): boolean =>
  task.statusReason?.coding?.some(coding => coding.system === system.hubReason && coding.code === code) ??
  false;

/**
 * The `statusReason` after an event. A reason the writer gives is kept; where one is due and none is coded, the hub
 * says what it knows, or marks it as unspecified. A reason of the state before does not outlive it.
 */
export function reasonAfter(
  transition: ReferralEvent,
  before: Task | undefined,
  after: Task,
): CodeableConcept | undefined {
  const stays = transition.to.status === 'same';
  const given = isDeepStrictEqual(before?.statusReason, after.statusReason) ? undefined : after.statusReason;
  if (stays) return given ?? before?.statusReason;
  if (given?.coding?.length) return given;
  const known = knownReason(transition);
  if (known) return { ...known, ...given };
  if (!transition.needs?.includes('reason')) return given;
  return given ? { ...hubReason('unspecified'), ...given } : hubReason('unspecified');
}

/** What the event itself says about its reason. */
function knownReason({ event }: ReferralEvent): CodeableConcept | undefined {
  const cancelled = event === 'cancel' || event === 'cancel-under-way' || event === 'confirm-cancellation';
  if (cancelled) return hubReason('source-cancelled');
  return event === 'withdraw-offer' ? hubReason('no-longer-offered') : undefined;
}

/** A reason in words: its text, or its codes' display. */
export function wordsOf(reason: CodeableConcept | undefined): string | undefined {
  if (reason?.text) return reason.text;
  const shown = reason?.coding
    ?.filter(coding => coding.code !== 'unspecified')
    .map(coding => coding.display ?? coding.code);
  return shown?.length ? shown.join(', ') : undefined;
}
