import type { GuidanceResponse, Parameters, ParametersParameter, Task } from '@medplum/fhirtypes';

/** The organization (logical id) that an answer is for: it asked. */
export const askerOf = ({ note }: GuidanceResponse): string | undefined =>
  note?.[0]?.authorReference?.reference?.split('/')[1];

/** What an answer rests on, each as `Type/id`. */
export function factsOf(answer: GuidanceResponse): string[] {
  return criteriaOf(answer).flatMap(({ part = [] }) =>
    part.flatMap(({ name, valueReference }) => {
      const [plain] = valueReference?.reference?.split('/_history/') ?? [];
      return name === 'fact' && plain ? [plain] : [];
    }),
  );
}

/** Types of resources of which a new one could turn the answer: none where it is eligible. */
export function openTypesOf(answer: GuidanceResponse): string[] {
  if (parametersOf(answer).some(({ name, valueCode }) => name === 'answer' && valueCode === 'eligible'))
    return [];
  return criteriaOf(answer).flatMap(({ part = [] }) => {
    const met = part.some(({ name, valueCode }) => name === 'finding' && valueCode === 'met');
    return met
      ? []
      : part.flatMap(({ name, valueCode }) => (name === 'type' && valueCode ? [valueCode] : []));
  });
}

const criteriaOf = (answer: GuidanceResponse): ParametersParameter[] =>
  parametersOf(answer).filter(({ name }) => name === 'criterion');

function parametersOf({ contained }: GuidanceResponse): ParametersParameter[] {
  const found = contained?.find(one => one.resourceType === 'Parameters') as Parameters | undefined;
  return found?.parameter ?? [];
}

/** Whether a Task asks for an answer to be checked again, and still waits. */
export const asksAgain = (task: Task, answer: string): boolean =>
  task.focus?.reference === `GuidanceResponse/${answer}` && task.status === 'requested';
