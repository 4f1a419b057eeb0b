import { refreshDirectory } from '../../../bots/refresh-directory.ts';
import type { Bot } from '../../events/bot.ts';
import { type DirectorySource, importSource, type SourceImport } from './import-source.ts';
import { sourceOrganization } from './refresh.ts';

/** The bot for the sources that are configured; none where there are none. */
export function directoryBots(sources: readonly DirectorySource[], how: SourceImport): Bot[] {
  if (!sources.length) return [];
  const runs = sources.map(
    source => [`Organization/${sourceOrganization(source.name)}`, () => importSource(source, how)] as const,
  );
  return [refreshDirectory(new Map(runs))];
}
