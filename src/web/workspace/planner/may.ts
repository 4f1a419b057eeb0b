import { type Actor, allows, type Interaction } from '../../../access/actor.ts';
import { HubError } from '../../../errors.ts';

/** HubError('forbidden') where the role of who is signed in does not include it. `doing`: in words. */
export function requireMay(actor: Actor, interaction: Interaction, type: string, doing: string): void {
  if (allows(actor, interaction, type)) return;
  throw new HubError('forbidden', `Your role does not include ${doing}. What each role may do is at /roles.`);
}
