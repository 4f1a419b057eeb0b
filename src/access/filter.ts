import type { Actor, Interaction } from './actor.ts';
import { type Extent, extentsOf, typesOf } from './extent.ts';

/**
 * What an actor may see, as data that the store turns into the WHERE clause every query ends in.
 * A resource is visible when it is in scope (its type, and what the scopes leave of it) and
 *   it is the organization's own (`source`), or
 *   it is open (directory, terminology, profiles) and carries no restricted label, or
 *   a record-level relationship to its patient covers its labels, or
 *   a party row names the resource for this organization and covers its labels.
 */
export interface AccessFilter {
  organization: string;
  /** Epoch milliseconds at which relationships are judged. */
  now: number;
  /** Resource types the scopes allow for this interaction; `'*'` is every type. */
  types: '*' | readonly string[];
  /** Within the types: a resource is in one of these. Absent: all that there is of the types. */
  within?: readonly Extent[];
  /**
   * The write path's own reads (current versions, existence, siblings of a referral): they see everything,
   * decide, and are never answered to anyone.
   */
  internal?: true;
}

/** The filter for one interaction of an actor at a moment. */
export function accessFilter(actor: Actor, interaction: Interaction, now: number): AccessFilter {
  const scopes = actor.scopes.filter(scope => scope[interaction]);
  const within = extentsOf(scopes);
  return { organization: actor.organization, now, types: typesOf(scopes), ...(within ? { within } : {}) };
}
