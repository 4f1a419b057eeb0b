import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { type CaseState, type StateName, states } from '../cases/lifecycle.ts';
import { asks } from '../cases/lifecycle-asks.ts';
import { createReferralWorld, placeNetwork, type ReferralWorld, referralTask } from './referral-world.ts';

/** A world of its own with a referral that has come to a state. */
export async function arrive(
  name: StateName,
): Promise<{ world: ReferralWorld; request: ServiceRequest; task: Task }> {
  const world = createReferralWorld();
  const { request } = placeNetwork(world);
  const state: CaseState = states[name];
  let task: Task = (
    await world.write(
      'source',
      referralTask(request.id, state.created === 'draft' ? { status: 'draft' } : {}),
    )
  ).stored;
  for (const [party, ask] of state.path) task = (await world.write(party, { ...task, ...asks[ask] })).stored;
  return { world, request: world.read(`ServiceRequest/${request.id}`), task };
}
