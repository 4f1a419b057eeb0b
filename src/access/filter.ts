import type { Actor, Interaction, Scope } from './actor.ts';
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
  const known = reaches.get(actor.scopes) ?? {};
  reaches.set(actor.scopes, known);
  known[interaction] ??= reachOf(actor.scopes.filter(scope => scope[interaction]));
  return { organization: actor.organization, now, ...known[interaction] };
}

type Reach = Pick<AccessFilter, 'types' | 'within'>;

/** Of the scopes of an actor that comes again and again. */
const reaches = new WeakMap<readonly Scope[], Partial<Record<Interaction, Reach>>>();

function reachOf(scopes: readonly Scope[]): Reach {
  const within = extentsOf(scopes);
  return { types: typesOf(scopes), ...(within ? { within } : {}) };
}
