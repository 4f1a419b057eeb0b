import type { Resource } from '@medplum/fhirtypes';
import type { Privacy } from '../access/privacy.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { ReferralRules } from '../referral/rule-packs.ts';
import type { Store } from '../store/store.ts';
import type { LoadedDefinitions } from './definitions/definitions.ts';
import type { Extract } from './definitions/types.ts';
import type { FoundReference } from './index/references.ts';
import type { Memory } from './memory.ts';
import type { Terminology } from './terminology/terminology.ts';
import type { Validate } from './validation/profile-validator.ts';
import type { Profiles } from './validation/profiles/profiles.ts';
import type { WriteRule } from './write/rules.ts';

/** What a FHIR server is made of: shared by all repositories of a hub. */
export interface Parts {
  store: Store;
  clock: Clock;
  definitions: LoadedDefinitions;
  /** Code systems, value sets and concept maps. */
  terminology: Terminology;
  /** Problems of a would-be resource; none: it may be stored. */
  validate: Validate;
  /** Every profile that the hub knows. */
  profiles: Profiles;
  extract: Extract;
  /** Every literal reference of a resource. */
  references(resource: Resource): readonly FoundReference[];
  /** Replaces links by the ids that entries were given. */
  rewrite<R extends Resource>(resource: R, links: ReadonlyMap<string, string>): R;
  /** The number of a search parameter, by `Type.code`. */
  numbers: ReadonlyMap<string, number>;
  rules: readonly WriteRule[];
  /** What the clocks of referrals go by in this network. */
  rulePacks: ReferralRules;
  /** Answers that hold until something changes. */
  memory: Memory;
  /** Where everything is recorded before it is answered. */
  audit: Audit;
  /** Seals the places in paging links. */
  pagingKey: Buffer;
  /** What clears restricted labels. */
  privacy: Privacy;
  /** Logical id of the hub's own Organization. */
  hubOrganization: string;
  /** Sends who is asked by a Task (id) a link to answer with; see `LinkSender.send`. */
  sendLink(task: string): Promise<SentLink>;
  /** The FHIR base as clients write it, e.g. `https://hub.example/fhir`. */
  baseUrl: string;
}

/** The number of a parameter that the hub itself relies on. */
export function parameterNumber(parts: Parts, type: string, code: string): number {
  const number = parts.numbers.get(`${type}.${code}`);
  if (number === undefined) throw new Error(`no search parameter ${type}.${code}`);
  return number;
}

/** The reference that names a resource: `Type/id`. */
export const referenceTo = (resource: Resource): string => `${resource.resourceType}/${resource.id}`;

/** A link that has left the hub: its address is not told. */
export interface SentLink {
  id: string;
  contact: { system: 'email' | 'phone'; value: string };
  expires: Date;
}
