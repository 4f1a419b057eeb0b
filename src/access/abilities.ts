import { HubError } from '../errors.ts';
import type { Actor } from './actor.ts';
import { type Ability, abilities } from './roles.ts';

/**
 * Whether the actor may do what an ability names. People may what their role says. Systems have no role: the
 * organization that registered them answers for who uses them, so that their scopes alone decide.
 */
export const may = (actor: Actor, ability: Ability): boolean =>
  actor.abilities === undefined ? actor.kind !== 'person' : actor.abilities.includes(ability);

/** HubError `forbidden` when the role of the person does not include it. */
export function requireAbility(actor: Actor, ability: Ability): void {
  if (may(actor, ability)) return;
  throw new HubError(
    'forbidden',
    `Your role does not include: ${abilities[ability]}. See /roles for those that do.`,
  );
}
