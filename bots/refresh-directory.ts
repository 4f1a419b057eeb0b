import type { Bot } from '../src/events/bot.ts';

/**
 * Brings the directory to what its sources say, each night. Each source is a run of its own: one that cannot be
 * read is tried again and then parked, and holds up no other. It writes through the import, so it returns nothing.
 *
 * @param sources by the `Organization/id` in whose name its entries are written
 */
export function refreshDirectory(sources: ReadonlyMap<string, () => Promise<unknown>>): Bot {
  return {
    name: 'refresh-directory',
    description: 'Brings the directory to what its sources say, each night.',
    schedule: '17 2 * * *',
    due: async () => [...sources.keys()],
    async run(_, change) {
      await sources.get(`${change?.type}/${change?.id}`)?.();
      return [];
    },
  };
}
