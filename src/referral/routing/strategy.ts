import type { CodeableConcept, Task } from '@medplum/fhirtypes';
import { codesOf, routingSystem } from './codes.ts';
import { inputsOf } from './need.ts';
import type { RoutingRules } from './rules.ts';

/** In which way organizations are asked (terminology/routing-strategy.json). */
export const strategies: readonly Strategy[] = ['direct', 'cascade', 'parallel', 'claim'];
export type Strategy = RoutingRules['strategy'];

/** Somebody whom the sender chooses by hand, and why. */
export interface Choice {
  /** `HealthcareService/…` or `Organization/…`. */
  reference: string;
  reason: string;
}

/** The way that a referral asks for; undefined where it says nothing of it. */
export function strategyOf(task: Pick<Task, 'input'>): Strategy | undefined {
  const [input] = inputsOf(task.input ?? [], 'strategy');
  return strategyIn(input?.valueCodeableConcept);
}

export function strategyIn(concept: CodeableConcept | undefined): Strategy | undefined {
  const codes = codesOf(routingSystem.strategy, [concept]);
  return strategies.find(known => codes.includes(known));
}

/** How many the sender wants asked at the same time, where they are asked in parallel; undefined: the network's own. */
export function offersWanted(task: Pick<Task, 'input'>): number | undefined {
  const [input] = inputsOf(task.input ?? [], 'offers-at-once');
  return input?.valuePositiveInt ?? input?.valueUnsignedInt ?? input?.valueInteger;
}

/** The last choice is the one that counts. */
export function choiceOf(task: Pick<Task, 'input'>): Choice | undefined {
  const inputs = task.input ?? [];
  const reference = inputsOf(inputs, 'choice').at(-1)?.valueReference?.reference;
  const reason = inputsOf(inputs, 'choice-reason').at(-1)?.valueString?.trim();
  return reference && reason ? { reference, reason } : undefined;
}
