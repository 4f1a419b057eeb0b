import type { Task } from '@medplum/fhirtypes';
import { system } from '../fhir/canonical.ts';
import type { Repository } from '../fhir/repository.ts';
import type { Records } from '../store/store.ts';
import { hubTaskSystem } from './park.ts';

/** What a bot did since its counts began; times are ISO instants. */
export interface BotRuns {
  since: string;
  lastRun: string;
  /** When it last wrote anything. */
  lastEffect?: string;
  runs: number;
  effects: number;
  failures: number;
  /** When this was last published as a Task. */
  published?: string;
}

const kind = 'bot-runs';

/** The Task is rewritten at most this often, and only when the bot has done something: its history stays small. */
const publishMs = 3_600_000;

export async function runsOf(records: Records, bot: string, now: Date): Promise<BotRuns | undefined> {
  return (await records.get(kind, bot, now.getTime()))?.value as BotRuns | undefined;
}

/** Counts the runs of one bot in memory, and writes them down when it is told to. */
export function createRunLog(
  bot: { name: string; description: string },
  { records, repository, hub }: { records: Records; repository: Repository; hub: string },
) {
  let fresh = { runs: 0, effects: 0, failures: 0 };

  return {
    ran(outcome: 'written' | 'nothing' | 'failed'): void {
      fresh.runs++;
      if (outcome === 'written') fresh.effects++;
      if (outcome === 'failed') fresh.failures++;
    },
    async flush(now: Date): Promise<void> {
      if (fresh.runs === 0) return;
      const counted = fresh;
      fresh = { runs: 0, effects: 0, failures: 0 };
      const before = await runsOf(records, bot.name, now);
      const at = now.toISOString();
      const runs: BotRuns = {
        since: at,
        ...before,
        lastRun: at,
        ...(counted.effects > 0 ? { lastEffect: at } : {}),
        runs: (before?.runs ?? 0) + counted.runs,
        effects: (before?.effects ?? 0) + counted.effects,
        failures: (before?.failures ?? 0) + counted.failures,
      };
      const publishes = counted.effects + counted.failures > 0 && isStale(before?.published, now);
      if (publishes) await repository.write([runsTask(bot, runs, hub)], { purpose: bot.name });
      const value = publishes ? { ...runs, published: at } : runs;
      await records.put({ kind, id: bot.name, value, expires: null, family: null });
    },
  };
}

export type RunLog = ReturnType<typeof createRunLog>;

const isStale = (published: string | undefined, now: Date): boolean =>
  published === undefined || now.getTime() - Date.parse(published) >= publishMs;

/** One Task for each bot: when it ran, what it did. What it is stuck on are Tasks of their own (`investigate`). */
function runsTask(bot: { name: string; description: string }, runs: BotRuns, hub: string) {
  const value = `bot-runs/${bot.name}`;
  const itself = { reference: `Organization/${hub}` };
  const count = (text: string, valueUnsignedInt: number) => ({ type: { text }, valueUnsignedInt });
  const resource: Task = {
    resourceType: 'Task',
    identifier: [{ system: system.hubIdentifier, value }],
    status: 'in-progress',
    intent: 'order',
    code: { coding: [{ system: hubTaskSystem, code: 'bot-runs', display: 'Runs of a bot' }] },
    description: `${bot.name}: ${bot.description}`,
    authoredOn: runs.since,
    executionPeriod: { start: runs.since, end: runs.lastRun },
    requester: itself,
    owner: itself,
    output: [
      count('runs', runs.runs),
      count('runs with an effect', runs.effects),
      count('failures', runs.failures),
    ],
  };
  const condition = new URLSearchParams({ identifier: `${system.hubIdentifier}|${value}` }).toString();
  return { kind: 'update', type: 'Task', condition, resource } as const;
}
