import type { Resource, Task, TaskOutput } from '@medplum/fhirtypes';
import { canonical } from '../../fhir/canonical.ts';

const caseTask = `${canonical}/CodeSystem/case-task`;
const factSystem = `${canonical}/CodeSystem/follow-up-fact`;

/** Kinds of Task.input and Task.output on a follow-up (terminology/follow-up-fact.json). */
export type Fact =
  | 'discharge'
  | 'planned-discharge'
  | 'contact-attempt'
  | 'booked-visit'
  | 'missed-visit'
  | 'cancelled-visit'
  | 'qualifying-visit'
  | 'case-manager-contact'
  | 'other-visit'
  | 'attempt-due'
  | 'window-over'
  | 'not-booked';

export const followUpCode = {
  coding: [{ system: caseTask, code: 'follow-up-after-discharge', display: 'Follow-up after discharge' }],
};

export const isFollowUp = ({ code }: Task): boolean =>
  code?.coding?.some(one => one.system === caseTask && one.code === 'follow-up-after-discharge') ?? false;

/** A Task that the hub keeps with the organization whose it is. */
export const isFollowUpTask = (resource: Resource | undefined): boolean =>
  resource?.resourceType === 'Task' && isFollowUp(resource);

export const isOpen = ({ status }: Task): boolean => status === 'requested' || status === 'in-progress';

const kindOf = (entry: { type: TaskOutput['type'] }): string | undefined =>
  entry.type.coding?.find(one => one.system === factSystem)?.code;

/** When the person left, or is expected to. */
export function dischargeOf(task: Task): { at: Date; planned: boolean } | undefined {
  const inputs = task.input ?? [];
  const of = (fact: Fact) => inputs.find(one => kindOf(one) === fact)?.valueDateTime;
  const [left, planned] = [of('discharge'), of('planned-discharge')];
  if (left) return { at: new Date(left), planned: false };
  return planned ? { at: new Date(planned), planned: true } : undefined;
}

/** The moments of a kind of fact, the earliest first. */
export function momentsOf(task: Task, ...facts: readonly Fact[]): Date[] {
  return (task.output ?? [])
    .filter(one => (facts as readonly (string | undefined)[]).includes(kindOf(one)) && one.valueDateTime)
    .map(one => new Date(one.valueDateTime ?? ''))
    .sort((a, b) => a.getTime() - b.getTime());
}

/** The outputs with one more fact; with a key it takes the place of what was known by that key. */
export function withFact(outputs: readonly TaskOutput[], fact: Fact, at: Date, key?: string): TaskOutput[] {
  const entry: TaskOutput = {
    ...(key === undefined ? {} : { id: key }),
    type: typeOf(fact),
    valueDateTime: at.toISOString(),
  };
  const known = key !== undefined && outputs.some(one => one.id === key);
  return known ? outputs.map(one => (one.id === key ? entry : one)) : [...outputs, entry];
}

export const typeOf = (fact: Fact): TaskOutput['type'] => ({ coding: [{ system: factSystem, code: fact }] });
