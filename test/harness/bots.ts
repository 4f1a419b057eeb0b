import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Basic, Resource } from '@medplum/fhirtypes';
import type { Clock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import type { Bot } from '../../src/events/bot.ts';
import type { EventsDeps } from '../../src/events/deps.ts';
import { createEvents, type Events } from '../../src/events/events.ts';
import type { Repository } from '../../src/fhir/repository.ts';
import { createHub, type Hub } from '../../src/hub.ts';
import type { TestDatabase } from './databases.ts';

/** Several processes' worth of hubs on one new database. */
export interface Hubs {
  /** One more process. */
  open(clock: Clock): Promise<Hub>;
  close(): Promise<void>;
}

const cacheFolder = join(import.meta.dirname, '../../node_modules/.cache/warm-handoff');

export async function hubsOn(database: TestDatabase, env: Record<string, string> = {}): Promise<Hubs> {
  const data = await mkdtemp(join(tmpdir(), 'hub-bots-'));
  const url = database.name === 'postgres' ? (await database.options()).url : undefined;
  const config = readConfig({
    HUB_DATA: data,
    HUB_CACHE: cacheFolder,
    HUB_ENV: 'test',
    HUB_LOG: 'silent',
    ...(url ? { HUB_DATABASE_URL: url } : {}),
    ...env,
  });
  const opened = new Set<Hub>();
  return {
    async open(clock) {
      const hub = await createHub({ config, clock, baseUrl: 'http://hub.test' });
      opened.add(hub);
      const close = () => {
        opened.delete(hub);
        return hub.close();
      };
      return { ...hub, close };
    },
    async close() {
      await Promise.all([...opened].map(hub => hub.close()));
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** What was logged, for a test to look at. */
export interface Logged {
  level: 'info' | 'warn' | 'error';
  facts: object;
}

/** A runner of these bots in a hub; `through` stands between a bot and the repository, to let it fail. */
export function runner(
  hub: Hub,
  bots: readonly Bot[],
  { clock = hub.parts.clock, through = (repository: Repository) => repository, log = [] as Logged[] } = {},
): Events {
  const logs = (level: Logged['level']) => (facts: object) => void log.push({ level, facts });
  const deps: EventsDeps = {
    store: hub.store,
    clock,
    bots,
    repositoryFor: (bot, organization = hub.parts.hubOrganization) =>
      through(hub.repository({ ...hub.hubActor, kind: 'bot', id: bot.name, organization })),
    hubOrganization: hub.parts.hubOrganization,
    log: { info: logs('info'), warn: logs('warn'), error: logs('error') },
  };
  return createEvents(deps);
}

/** Something for a bot to see: a Basic with this code. */
export function basic(code: string): Basic {
  return { resourceType: 'Basic', code: { coding: [{ system: 'urn:test', code }] } };
}

export async function create<R extends Resource>(
  hub: Hub,
  ...resources: R[]
): Promise<(R & { id: string })[]> {
  const operations = resources.map(resource => ({ kind: 'create', resource }) as const);
  const results = await hub.repository(hub.hubActor).write(operations);
  return results.map(result => result.stored?.resource() as unknown as R & { id: string });
}

/** How many Basics with this code there are. */
export async function countOf(hub: Hub, code: string): Promise<number> {
  const query = new URLSearchParams({ code: `urn:test|${code}`, _summary: 'count' });
  return (await hub.repository(hub.hubActor).search('Basic', query)).total ?? Number.NaN;
}
