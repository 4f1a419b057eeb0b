import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import codeSystem from '../../../terminology/referral-status.json' with { type: 'json' };
import toBser from '../../../terminology/referral-status-to-bser.json' with { type: 'json' };
import { HubError } from '../../errors.ts';
import { system } from '../../fhir/canonical.ts';

/** `TaskBusinessStatusCS` of BSeR 2.0 (http://hl7.org/fhir/us/bser). */
export const bserDisplay = {
  '2.0': 'Service Request Created',
  '3.0': 'Service Request Accepted',
  '4.0': 'Service Request Declined',
  '5.1.1': 'Service Request Event Scheduled',
  '5.1.2': 'Scheduled Service Request Event Unattended',
  '5.1.3': 'Scheduled Service Request Event Cancelled',
  '5.1.4': 'Service Request Event Completed',
  '5.2': 'Service Request Cancellation Requested',
  '6.0': 'Service Request Fulfillment Cancelled',
  '7.0': 'Service Request Fulfillment Completed',
} as const;

export type BserCode = keyof typeof bserDisplay;

/** The two steps that BSeR has no code for. */
const localDisplay = { 'in-progress': 'In progress', waitlisted: 'On hold or waitlisted' } as const;

/** What a referral's business status can stand at. Finer codes of the hub each belong to one of these. */
export type StepCode = BserCode | keyof typeof localDisplay;

const isBser = (code: string | undefined): code is BserCode =>
  code !== undefined && Object.hasOwn(bserDisplay, code);
const isLocal = (code: string): code is keyof typeof localDisplay => Object.hasOwn(localDisplay, code);

/** Steps by finer code: what it is a kind of, or what it maps to in BSeR. */
const stepOfFiner = new Map<string, StepCode>();
for (const { code, concept } of codeSystem.concept as { code: string; concept?: { code: string }[] }[]) {
  const step = isLocal(code) ? code : mapped(code);
  for (const one of [code, ...(concept ?? []).map(child => child.code)]) stepOfFiner.set(one, step);
}

function mapped(code: string): BserCode {
  const [target] = toBser.group.flatMap(group => group.element).find(one => one.code === code)?.target ?? [];
  const found = (target as { code?: string } | undefined)?.code;
  if (!isBser(found)) throw new Error(`referral-status ${code} maps to no BSeR code`);
  return found;
}

/** The step a business status says: by its BSeR coding, or else by a code of the hub's; and what it says wrongly. */
function read(concept: CodeableConcept | undefined): { step?: StepCode; unknown?: Coding } {
  const codings = concept?.coding ?? [];
  const bser = codings.find(coding => coding.system === system.bserStatus);
  if (bser) return isBser(bser.code) ? { step: bser.code } : { unknown: bser };
  const own = codings.find(coding => coding.system === system.referralStatus);
  const step = stepOfFiner.get(own?.code ?? '');
  if (step) return { step };
  return own ? { unknown: own } : {};
}

/** The step of a stored business status; undefined when it says none that the hub knows. */
export const stepIn = (concept: CodeableConcept | undefined): StepCode | undefined => read(concept).step;

/** The step a writer gives. An unknown code of BSeR's system or the hub's is refused; a mere text says none. */
export function stepGiven(concept: CodeableConcept | undefined): StepCode | undefined {
  const { step, unknown } = read(concept);
  if (!unknown) return step;
  const known = unknown.system === system.bserStatus ? Object.keys(bserDisplay) : [...stepOfFiner.keys()];
  throw new HubError('unprocessable', {
    text: `Task.businessStatus has the code "${unknown.code ?? ''}", which ${unknown.system} does not define: use one of ${known.join(', ')}.`,
    expression: 'Task.businessStatus',
    code: 'code-invalid',
  });
}

/** Whether the business status carries this finer code of the hub. */
export const hasFiner = (concept: CodeableConcept | undefined, code: string): boolean =>
  concept?.coding?.some(coding => coding.system === system.referralStatus && coding.code === code) ?? false;

/** The receiver waits for something from the sender: before its answer, or while it works. */
export const asksSomething = (concept: CodeableConcept | undefined): boolean =>
  hasFiner(concept, 'info-requested') || hasFiner(concept, 'question-open');

/** The coding of a step: BSeR's where it has one. */
export function codingOf(step: StepCode): Coding {
  if (isLocal(step)) return { system: system.referralStatus, code: step, display: localDisplay[step] };
  return { system: system.bserStatus, code: step, display: bserDisplay[step] };
}

/** A business status at a step, with what the writer said more finely (`given`) kept beside it. */
export function businessStatus(step: StepCode, given?: CodeableConcept): CodeableConcept {
  const main = codingOf(step);
  const finer = (given?.coding ?? []).filter(
    ({ system: of, code }) =>
      of !== system.bserStatus &&
      !(of === main.system && code === main.code) &&
      (of !== system.referralStatus || stepOfFiner.get(code ?? '') === step),
  );
  return { ...given, coding: [main, ...finer] };
}
