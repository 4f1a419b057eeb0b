import type { Resource } from '@medplum/fhirtypes';
import type { WriteOperation } from '../fhir/repository.ts';
import type { Asking } from '../fhir/withheld.ts';
import type { ReferralRules } from '../referral/rule-packs.ts';

/**
 * A bot: it reads, calls a pure function, and returns what to write. The runner commits that together with
 * the bot's place in the change feed, so each event has its effect exactly once, whatever crashes.
 */
export interface Bot {
  /** The file's name, e.g. `route-referrals`. */
  name: string;
  description: string;
  /** Resource types whose changes wake it. */
  on?: readonly string[];
  /** A node-cron expression for scheduled runs. */
  schedule?: string;
  /**
   * The resources (`Type/id`) that a scheduled run is about: each is run, committed, retried and parked by
   * itself, so that one that fails holds up no other. It is asked again at each run, so it names only what
   * still has something to be done.
   */
  due?(api: BotApi): Promise<readonly string[]>;
  /**
   * Called once for each change it wants and for each resource that is due; for a schedule without `due` once
   * a run, with `change` absent.
   */
  run(api: BotApi, change?: BotChange): Promise<readonly WriteOperation[]>;
}

export interface BotChange {
  type: string;
  id: string;
  op: 'create' | 'update' | 'delete' | 'due';
}

/** Everything a bot can see: the hub's data as the hub's own Organization may see it (`of`: as another), and the time. */
export interface BotApi {
  now: Date;
  /** Logical id of the hub's own Organization. */
  hubOrganization: string;
  /** What the clocks of referrals go by; those that are shipped unless said. */
  rules?: ReferralRules;
  /** `Type/id`; undefined when absent, deleted or hidden. */
  read<R extends Resource>(reference: string): Promise<R | undefined>;
  /**
   * A search, e.g. `search('Task', 'owner=Organization/1&status=requested')`: all of its pages, or its first
   * `limit` matches in the order of its `_sort`.
   */
  search<R extends Resource>(type: R['resourceType'], query: string, limit?: number): Promise<R[]>;
  /** The data as another organization may see them: for what concerns its own people, and leaves in nobody's hands. */
  of(organization: string): Pick<BotApi, 'read' | 'search' | 'count'>;
  /** The versions of a resource, newest first; of a long history the newest ones. */
  history<R extends Resource>(reference: string): Promise<R[]>;
  /** How many resources a search finds. */
  count(type: string, query: string): Promise<number>;
  /** Those of the organizations (ids) that would not be shown all of these, because of their labels, if they were asked. */
  withheldFrom(asking: Asking, organizations: readonly string[]): Promise<ReadonlySet<string>>;
}
