import { join } from 'node:path';
import { type LoadedDefinitions, loadDefinitions } from './definitions.ts';

/** Where tests keep the compiled definitions, so that not each of them compiles its own. */
export const testCacheFolder = join(import.meta.dirname, '../../../node_modules/.cache/warm-handoff');

/** The definitions for tests, without the hub's own parameters. */
export function testDefinitions(): Promise<LoadedDefinitions> {
  return loadDefinitions({
    cacheFolder: testCacheFolder,
    profileFolder: join(import.meta.dirname, 'no-profiles'),
  });
}
