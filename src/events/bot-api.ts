import { createReader } from '../fhir/reader.ts';
import type { Repository } from '../fhir/repository.ts';
import type { ReferralRules } from '../referral/rule-packs.ts';
import type { BotApi } from './bot.ts';

/** The data as a bot sees it, through the repository of the bot's own actor. */
export function createBotApi(
  repository: Repository,
  now: Date,
  hubOrganization: string,
  rules?: ReferralRules,
): BotApi {
  return { ...createReader(repository, now, hubOrganization), ...(rules ? { rules } : {}) };
}
