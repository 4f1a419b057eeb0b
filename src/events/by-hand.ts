import type { Task } from '@medplum/fhirtypes';
import { HubError } from '../errors.ts';
import { system } from '../fhir/canonical.ts';
import type { Repository } from '../fhir/repository.ts';
import type { BotChange } from './bot.ts';
import { createBotApi } from './bot-api.ts';
import type { Running } from './deps.ts';
import { hubTaskSystem, told } from './park.ts';
import { runNow } from './run-bot.ts';

/** What came of runs that a person asked for. */
export interface ByHand {
  /** Runs that wrote something. */
  written: number;
  /** Runs in which there was nothing to do. */
  nothing: number;
  /** What failed: the resource, and why. */
  failed: { about: string; error: string }[];
}

/** Runs a bot's schedule once, now: for each resource that is due, or for these. Error: it has no schedule. */
export async function runByHand(running: Running, now: Date, about?: readonly string[]): Promise<ByHand> {
  const { bot } = running;
  if (!bot.schedule) throw new HubError('invalid', `${bot.name} has no schedule: it runs at each change.`);
  if (!bot.due) return attempted(running, [undefined], now);
  const due = about ?? (await bot.due(createBotApi(running, now)));
  return attempted(running, due.map(changeOf), now);
}

/** What is to be run again of what was parked: that of one bot, one Task's (its id); all unless said. */
export interface Which {
  bot?: string;
  task?: string;
}

/** Runs again what was parked of these bots; what works now is settled, what fails stays parked. */
export async function retryParked(bots: readonly Running[], now: Date, which: Which = {}): Promise<ByHand> {
  const all: ByHand = { written: 0, nothing: 0, failed: [] };
  for (const running of bots) {
    for (const task of await parkedTasks(running.repository)) {
      const { bot, about } = parkedOn(task);
      if (bot !== running.bot.name || (which.task && which.task !== task.id)) continue;
      const result = await attempted(running, [about ? changeOf(about) : undefined], now);
      all.written += result.written;
      all.nothing += result.nothing;
      all.failed.push(...result.failed);
      if (result.failed.length === 0) await settle(running.repository, task);
    }
  }
  return all;
}

/** The Tasks of runs that were given up (terminology/hub-task.json: `investigate`). */
export async function parkedTasks(repository: Repository): Promise<Task[]> {
  const query = new URLSearchParams({
    code: `${hubTaskSystem}|investigate`,
    status: 'requested',
    _count: '500',
  });
  const { entries } = await repository.search('Task', query);
  return entries.map(({ stored }) => stored.resource() as Task);
}

/** The bot that was parked, and the resource it was about; a scheduled run may be about none. */
export function parkedOn({ identifier = [] }: Task): { bot: string; about?: string } {
  const value = identifier.find(one => one.system === system.hubIdentifier)?.value ?? '';
  const [bot = '', type, id] = value.split('/');
  return type && id ? { bot, about: `${type}/${id}` } : { bot };
}

async function attempted(
  running: Running,
  changes: readonly (BotChange | undefined)[],
  now: Date,
): Promise<ByHand> {
  const result: ByHand = { written: 0, nothing: 0, failed: [] };
  for (const change of changes) {
    try {
      const outcome = await runNow(running, { at: 'by-hand', now, ...(change ? { change } : {}) });
      result[outcome === 'written' ? 'written' : 'nothing']++;
    } catch (error) {
      const about = change ? `${change.type}/${change.id}` : running.bot.name;
      result.failed.push({ about, error: told(error) });
    }
  }
  return result;
}

function changeOf(reference: string): BotChange {
  const [type = '', id = ''] = reference.split('/');
  return { type, id, op: 'due' };
}

/** The run is parked no more. */
export async function settle(repository: Repository, task: Task): Promise<void> {
  const { id, meta } = task;
  if (!id || !meta?.versionId) throw new Error('a stored Task has an id and a version');
  const resource: Task = { ...task, status: 'completed' };
  await repository.write([{ kind: 'update', type: 'Task', id, resource, ifMatch: `W/"${meta.versionId}"` }]);
}
