import type { GuidanceResponse, Parameters, Task } from '@medplum/fhirtypes';

/** The organization (logical id) that an answer is for: it asked. */
export const askerOf = ({ note }: GuidanceResponse): string | undefined =>
  note?.[0]?.authorReference?.reference?.split('/')[1];

/** What an answer rests on, each as `Type/id`. */
export function factsOf({ contained }: GuidanceResponse): string[] {
  const found = contained?.find(one => one.resourceType === 'Parameters') as Parameters | undefined;
  const parts = (found?.parameter ?? []).flatMap(({ part }) => part ?? []);
  return parts.flatMap(({ name, valueReference }) => {
    const [plain] = valueReference?.reference?.split('/_history/') ?? [];
    return name === 'fact' && plain ? [plain] : [];
  });
}

/** Whether a Task asks for an answer to be checked again, and still waits. */
export const asksAgain = (task: Task, answer: string): boolean =>
  task.focus?.reference === `GuidanceResponse/${answer}` && task.status === 'requested';
