import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import type { WriteOperation } from '../repository.ts';

/**
 * A rule of the write path (for example the referral lifecycle): it sees each create, update, patch and
 * delete of its types, whoever makes it and by whatever door, before it is committed.
 */
export interface WriteRule {
  types: readonly string[];
  /**
   * Refuses with a HubError, changes what is written (`after`), or adds what must happen in the same commit
   * (`also`: written as the hub; rules are not run on them again, so a rule decides its consequences whole).
   */
  apply(change: Change, context: RuleContext): Promise<RuleResult>;
}

/** `before` is absent on a create, `after` on a delete. */
export interface Change {
  /** The logical id that the resource has, or will have. */
  id: string;
  /** Organization id that owns the resource. */
  source: string;
  before?: Resource;
  after?: Resource;
  actor: Actor;
}

export interface RuleResult {
  after?: Resource;
  also?: readonly WriteOperation[];
}

/**
 * What a rule may ask. It reads as the hub, sees what the same write has already changed, and everything read
 * becomes an expectation of the commit: if it changes meanwhile, the write is prepared again.
 */
export interface RuleContext {
  now: Date;
  /** Logical id of the hub's own Organization. */
  hubOrganization: string;
  /** `Type/id`; undefined when absent or deleted. */
  get<R extends Resource>(reference: string): Promise<R | undefined>;
  /** Current resources of the type whose search parameter refers to the target, e.g. Task, `focus`, `ServiceRequest/1`. */
  referring<R extends Resource>(type: string, parameter: string, target: string): Promise<R[]>;
  /** The organization that an Organization, PractitionerRole or HealthcareService reference stands for. */
  organizationOf(reference: string | undefined): Promise<string | undefined>;
  /** Organizations the actor may speak for: its own, and directory entries it maintains itself. */
  actsFor(organization: string | undefined): Promise<boolean>;
}
