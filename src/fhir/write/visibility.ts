import type { Actor } from '../../access/actor.ts';
import type { AccessFilter } from '../../access/filter.ts';

/** What exists for an actor that writes: its relationships decide; its scopes are asked for each interaction. */
export const visibleTo = (actor: Actor, now: Date): AccessFilter => ({
  organization: actor.organization,
  now: now.getTime(),
  types: '*',
});
