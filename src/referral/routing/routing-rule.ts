import type { Task, TaskInput } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { WriteRule } from '../../fhir/write/rules.ts';
import type { DueRules } from '../lifecycle/due.ts';
import { inputsOf } from './need.ts';
import { choiceOf, offersWanted, strategies, strategyIn } from './strategy.ts';

/** What a referral to the hub says of how it is to be routed has to be something the hub can do. */
export const routingRule = ({ parallelOffers }: Pick<DueRules, 'parallelOffers'>): WriteRule => ({
  types: ['Task'],
  async apply({ before, after }, { hubOrganization }) {
    const task = after as Task | undefined;
    if (task?.owner?.reference !== `Organization/${hubOrganization}`) return {};
    // What stood before is not refused to somebody who changes something else.
    const known = new Set(((before as Task | undefined)?.input ?? []).map(input => JSON.stringify(input)));
    const fresh = (task.input ?? []).filter(input => !known.has(JSON.stringify(input)));
    checkStrategy(fresh);
    checkOffersWanted(fresh, parallelOffers);
    checkChoice(task, fresh);
    return {};
  },
});

function checkStrategy(inputs: readonly TaskInput[]): void {
  const unknown = inputsOf(inputs, 'strategy').some(
    input => strategyIn(input.valueCodeableConcept) === undefined,
  );
  if (unknown)
    throw new HubError('unprocessable', {
      text: `Task.input strategy names no way of asking: use one of ${strategies.join(', ')} of the code system routing-strategy.`,
      expression: 'Task.input',
      code: 'code-invalid',
    });
}

function checkOffersWanted(input: TaskInput[], most: number): void {
  const wanted = inputsOf(input, 'offers-at-once').length > 0 ? (offersWanted({ input }) ?? 0) : 1;
  if (wanted >= 1 && wanted <= most) return;
  throw new HubError('unprocessable', {
    text: `Task.input offers-at-once is a whole number (valuePositiveInt) from 1 to ${most}.`,
    expression: 'Task.input',
    code: 'value',
  });
}

function checkChoice(task: Task, inputs: readonly TaskInput[]): void {
  const [chosen] = inputsOf(inputs, 'choice');
  if (!chosen) return;
  if (!/^(HealthcareService|Organization)\/[^/]+$/.test(chosen.valueReference?.reference ?? ''))
    throw new HubError('unprocessable', {
      text: 'Task.input choice has to refer to a HealthcareService or an Organization of the directory.',
      expression: 'Task.input',
    });
  if (!choiceOf(task))
    throw new HubError('unprocessable', {
      text: 'A choice by hand needs its reason: add a Task.input of type choice-reason with a text (valueString).',
      expression: 'Task.input',
      code: 'required',
    });
}
