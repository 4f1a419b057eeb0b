import type { CodeableConcept, Task } from '@medplum/fhirtypes';

const bser = (code: string): CodeableConcept => ({
  coding: [{ system: 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS', code }],
});
const own = (code: string): CodeableConcept => ({
  coding: [{ system: 'https://warmhandoff.example/fhir/CodeSystem/referral-status', code }],
});
const reason = (code: string): CodeableConcept => ({
  coding: [{ system: 'https://warmhandoff.example/fhir/CodeSystem/decline-reason', code }],
});

/** What comes of the referral, as text so that it refers to nothing. */
const outcome = { type: { text: 'Outcome' }, valueString: 'The person is in care.' };
const lateOutcome = { type: { text: 'Outcome' }, valueString: 'The person had been seen already.' };

/** What a plain client changes in the Task it has read. */
export const asks = {
  send: { status: 'requested' },
  receive: { status: 'received' },
  redraft: { status: 'draft' },
  ready: { status: 'ready' },
  accept: { status: 'accepted' },
  decline: { status: 'rejected', statusReason: reason('no-capacity') },
  bserDecline: { status: 'rejected', businessStatus: bser('4.0'), statusReason: reason('other') },
  start: { status: 'in-progress' },
  schedule: {
    status: 'in-progress',
    businessStatus: bser('5.1.1'),
    executionPeriod: { start: '2026-05-06T15:00:00Z', end: '2026-05-06T16:00:00Z' },
  },
  scheduleInOurWords: { status: 'in-progress', businessStatus: own('intake-scheduled') },
  missVisit: { status: 'in-progress', businessStatus: bser('5.1.2') },
  cancelVisit: { status: 'in-progress', businessStatus: bser('5.1.3') },
  recordVisit: { status: 'in-progress', businessStatus: bser('5.1.4') },
  hold: { status: 'on-hold', statusReason: reason('waitlist-too-long') },
  complete: { status: 'completed', output: [outcome] },
  completeWithout: { status: 'completed' },
  fail: { status: 'failed', statusReason: reason('unable-to-contact') },
  cancel: { status: 'cancelled' },
  askToCancel: { status: 'in-progress', businessStatus: bser('5.2') },
  markError: { status: 'entered-in-error' },
  question: { businessStatus: own('info-requested') },
  questionAtWork: { status: 'in-progress', businessStatus: own('question-open') },
  redirect: {
    status: 'rejected',
    statusReason: reason('redirected'),
    output: [
      {
        type: {
          coding: [
            { system: 'https://warmhandoff.example/fhir/CodeSystem/referral-output', code: 'redirected-to' },
          ],
        },
        valueReference: { reference: 'Organization/outsider' },
      },
    ],
  },
  unknownStep: { businessStatus: bser('9.9') },
  wrongStep: { businessStatus: bser('7.0') },
  write: { note: [{ text: 'Please bring the discharge papers.' }] },
  attach: { output: [outcome, lateOutcome] },
  hurry: { priority: 'urgent' },
  moveVisit: { executionPeriod: { start: '2026-05-08T15:00:00Z' } },
  otherPatient: { for: { reference: 'Patient/somebody-else' } },
  otherRequest: { focus: { reference: 'ServiceRequest/another' } },
} as const satisfies Record<string, Partial<Task>>;

export type Ask = keyof typeof asks;
