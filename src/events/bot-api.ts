import { createReader } from '../fhir/reader.ts';
import type { BotApi } from './bot.ts';
import type { Running } from './deps.ts';

/** The data as a bot sees it, through the repository of the bot's own actor. */
export function createBotApi(
  { bot, repository, deps }: Pick<Running, 'bot' | 'repository' | 'deps'>,
  now: Date,
): BotApi {
  const { hubOrganization, rules } = deps;
  return {
    ...createReader(repository, now, hubOrganization),
    of: organization => createReader(deps.repositoryFor(bot, organization), now, hubOrganization),
    ...(rules ? { rules } : {}),
  };
}
