import type { CodeableConcept, Reference, Task, TaskOutput } from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';

type OutputCode = 'service-received' | 'outcome' | 'redirected-to' | 'transferred-to';

const displays: Record<OutputCode, string> = {
  'service-received': 'Service received',
  outcome: 'Outcome',
  'redirected-to': 'Redirected to',
  'transferred-to': 'Transferred to',
};

/** An output that the hub itself has a code for. */
export const output = (
  code: OutputCode,
  value: Pick<TaskOutput, 'valueCodeableConcept' | 'valueReference' | 'valueString'>,
): TaskOutput => ({
  type: { coding: [{ system: system.referralOutput, code, display: displays[code] }] },
  ...value,
});

/** What came of it, as Gravity says it: https://hl7.org/fhir/us/sdoh-clinicalcare. */
export const resultingActivity = (valueReference: Reference): TaskOutput => ({
  type: {
    coding: [
      {
        system: 'http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes',
        code: 'resulting-activity',
        display: 'Resulting Activity',
      },
    ],
  },
  valueReference,
});

export const isOutput = (one: TaskOutput, code: OutputCode): boolean => hasCode(one.type, code);

const hasCode = (concept: CodeableConcept, code: OutputCode): boolean =>
  concept.coding?.some(coding => coding.system === system.referralOutput && coding.code === code) ?? false;

/** The organizations (ids) that whoever declined advises to ask instead. */
export const redirectedTo = (task: Pick<Task, 'output'>): string[] =>
  (task.output ?? []).flatMap(one => {
    const [type, id] = one.valueReference?.reference?.split('/') ?? [];
    return isOutput(one, 'redirected-to') && type === 'Organization' && id ? [id] : [];
  });
