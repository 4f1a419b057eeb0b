import type { Filter } from '../store/search/types.ts';
import type { Ability } from './roles.ts';

/**
 * Who is calling. Every request, bot and command has an Actor; every repository is bound to one.
 * An actor acts in the name of exactly one organization.
 */
export interface Actor {
  kind: 'client' | 'bot' | 'person' | 'hub' | 'link';
  /** Client id, bot name or account id: what the audit and `version.actor` record. */
  id: string;
  /** Logical id of the Organization the actor acts for. */
  organization: string;
  scopes: readonly Scope[];
  /** A client registered for loading: it chooses ids by `PUT` (update as create). */
  loads?: boolean;
  /** Set by `hub import`: writes are history, the lifecycle takes them as given and no bot starts. */
  importing?: boolean;
  /** Of a person: what the role includes beside its scopes. */
  abilities?: readonly Ability[];
  /** Of a link: the few resources there are for it (`Type/id`), and the one it may change. */
  confined?: { reads: readonly string[]; writes: string };
}

/** What one SMART v2 scope allows (https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html). */
export interface Scope {
  /** A resource type, or `*`. */
  type: string;
  create: boolean;
  read: boolean;
  update: boolean;
  delete: boolean;
  search: boolean;
  /** Logical id of the one Patient whose record it is about; absent: of all that the organization sees. */
  patient?: string;
  /** What its query part asks of a resource: all must hold. Absent: the type as a whole. */
  filters?: readonly Filter[];
}

export type Interaction = 'create' | 'read' | 'update' | 'delete' | 'search';

/** True when one of the actor's scopes allows the interaction on the type. No scope, no access. */
export function allows(actor: Actor, interaction: Interaction, type: string): boolean {
  return actor.scopes.some(scope => (scope.type === '*' || scope.type === type) && scope[interaction]);
}
