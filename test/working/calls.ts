import type { Parameters, ParametersParameter, Task } from '@medplum/fhirtypes';
import type { Answer, Party } from '../harness/hub.ts';

/** One operation on a referral Task, with these inputs. */
export const call = (
  party: Party,
  task: string,
  name: string,
  ...parameter: ParametersParameter[]
): Promise<Answer> =>
  party.request(
    'POST',
    `/Task/${task}/$${name}`,
    parameter.length ? { resourceType: 'Parameters', parameter } : undefined,
  );

export const code = (name: string, valueCode: string): ParametersParameter => ({ name, valueCode });
export const text = (name: string, valueString: string): ParametersParameter => ({ name, valueString });
export const ref = (name: string, reference: string): ParametersParameter => ({
  name,
  valueReference: { reference },
});

/** The names of the actions that are open to the party now. */
export async function openActions(party: Party, task: string): Promise<(string | undefined)[]> {
  const answer = (await party.get(`/Task/${task}/$available-actions`)).json as Parameters;
  return (answer.parameter ?? [])
    .filter(one => one.name === 'action')
    .map(one => one.part?.find(part => part.name === 'name')?.valueCode);
}

/** Whose turn it is (organization id) and what they have to do. */
export function codeOf(task: Task, name: 'next-step'): (string | undefined)[] {
  const parts = task.extension?.find(one => one.url.endsWith(`/${name}`))?.extension;
  const part = (url: string) => parts?.find(one => one.url === url);
  return [part('turn')?.valueReference?.reference?.split('/')[1], part('action')?.valueCode];
}
