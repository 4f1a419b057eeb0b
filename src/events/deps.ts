import type { Clock } from '../clock.ts';
import type { Repository } from '../fhir/repository.ts';
import type { ReferralRules } from '../referral/rule-packs.ts';
import type { Store } from '../store/store.ts';
import type { Bot } from './bot.ts';
import type { RunLog } from './run-log.ts';

/** What running bots rests on. */
export interface EventsDeps {
  store: Store;
  clock: Clock;
  bots: readonly Bot[];
  /** The repository of the bot's own actor, in the name of the hub's Organization, or of another one (its id). */
  repositoryFor(bot: Bot, organization?: string): Repository;
  /** Logical id of the hub's own Organization. */
  hubOrganization: string;
  log: EventsLog;
  /** What the clocks of referrals go by; those that are shipped unless said. */
  rules?: ReferralRules;
  /** IANA time zone in which schedules are read; UTC unless said. */
  timeZone?: string;
}

/** The part of a pino logger that is used here. */
export interface EventsLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** One bot while it runs in this process. */
export interface Running {
  bot: Bot;
  repository: Repository;
  deps: EventsDeps;
  /** True while this process is the one that runs the bot; asks for the lease when needed. */
  hold(now: Date): Promise<boolean>;
  /** What it did, for people. */
  runs: RunLog;
}
