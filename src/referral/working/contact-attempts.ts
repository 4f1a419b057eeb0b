import type { Communication } from '@medplum/fhirtypes';
import type { Work } from './action.ts';
import { isCategory } from './correspondence.ts';

/** The attempts to reach the person that the actor's organization has recorded for this referral. */
export async function attemptsOf(work: Work): Promise<Communication[]> {
  const about = await work.own<Communication>('Communication', 'based-on', `Task/${work.task.id}`);
  return about.filter(one => isCategory(one, 'contact-attempt') && one.status !== 'entered-in-error');
}
