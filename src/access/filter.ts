import type { Actor, Interaction } from './actor.ts';

/**
 * What an actor may see, as data that the store turns into the WHERE clause every query ends in.
 * A resource is visible when its type is in scope and
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
  /**
   * The write path's own reads (current versions, existence, siblings of a referral): they see everything,
   * decide, and are never answered to anyone.
   */
  internal?: true;
}

/** The filter for one interaction of an actor at a moment. */
export function accessFilter(actor: Actor, interaction: Interaction, now: number): AccessFilter {
  const scopes = actor.scopes.filter(scope => scope[interaction]);
  const types = scopes.some(scope => scope.type === '*')
    ? '*'
    : [...new Set(scopes.map(scope => scope.type))];
  return { organization: actor.organization, now, types };
}
