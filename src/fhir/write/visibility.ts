import type { Actor } from '../../access/actor.ts';
import { extentsForWriting } from '../../access/extent.ts';
import type { AccessFilter } from '../../access/filter.ts';

/** What exists for an actor that writes: its relationships decide; its scopes are asked for each interaction. */
export function visibleTo(actor: Actor, now: Date): AccessFilter {
  const within = extentsForWriting(actor.scopes);
  return {
    organization: actor.organization,
    now: now.getTime(),
    types: '*',
    ...(within ? { within } : {}),
  };
}
