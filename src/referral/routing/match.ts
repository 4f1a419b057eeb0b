import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import weights from '../../../terminology/routing-weights.json' with { type: 'json' };
import { withPacket } from './attached-packet.ts';
import { candidatesFor, needFor, offersOf, withheldOf } from './gather.ts';
import { programsOf } from './need.ts';
import { type Ranking, rank } from './rank.ts';
import { query, type RoutingReader } from './reader.ts';
import { routingRules } from './rules.ts';

export interface MatchQuestion {
  request: ServiceRequest;
  /** The Task by which it was, or would be, sent to the hub: wishes, needs, priority. */
  task: Pick<Task, 'id' | 'meta' | 'for' | 'input' | 'priority' | 'requester'>;
}

/**
 * Who could take a referral, without asking anybody. The person's data are read as the caller sees them, so that
 * nothing of another sender's referrals is in the answer; the directory, and how organizations stand, as the hub does.
 */
export async function match(
  { caller, hub }: { caller: RoutingReader; hub: RoutingReader },
  { request, task }: MatchQuestion,
): Promise<Ranking> {
  const rules = routingRules(weights, programsOf(request));
  const offers = task.id ? await offersOf(caller, query({ 'part-of': `Task/${task.id}` })) : [];
  const need = await needFor(caller, { task, request, offers, rules });
  const sent: Task = { ...task, resourceType: 'Task', status: 'requested', intent: 'order' };
  const withheld = withheldOf(caller, { request, task: sent });
  const { candidates, left } = await candidatesFor(hub, need, rules, withheld);
  const whole = await withPacket(caller, need, candidates, { request, task });
  return { ...rank(whole, candidates, rules, hub.now), left };
}
