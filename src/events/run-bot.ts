import { HubError } from '../errors.ts';
import type { WriteOperation } from '../fhir/repository.ts';
import type { FeedCursor } from '../store/types.ts';
import { type Attempts, type AttemptsBook, mostAttempts } from './attempts.ts';
import type { BotChange } from './bot.ts';
import { createBotApi } from './bot-api.ts';
import type { Running } from './deps.ts';
import { parkOperation, told } from './park.ts';

/** A run of a bot: for one row of the feed, or one instant of its schedule. */
export interface Run {
  /** What tells it from every other run of this bot. */
  at: string;
  change?: BotChange;
  now: Date;
  /** The place that moves with the effects; absent where the effects themselves say that they are done. */
  cursor?: { name: string; from: FeedCursor | null; to: FeedCursor };
}

/**
 * `written`: effects and place are committed. `nothing`: there was nothing to write, the place has not moved.
 * `later`: it failed and waits. `elsewhere`: another process has moved the place.
 */
export type RunOutcome = 'written' | 'nothing' | 'later' | 'elsewhere';

/** Runs a bot once; a failure is counted, waited for, and in the end parked where a person sees it. */
export async function runOnce(running: Running, run: Run, attempts: AttemptsBook): Promise<RunOutcome> {
  const before = await attempts.of(run.at, run.now);
  if (before.retryAt > run.now.getTime()) {
    return 'later';
  }
  try {
    const outcome = await runNow(running, run);
    if (outcome !== 'elsewhere') {
      running.runs.ran(outcome);
      await attempts.over();
    }
    return outcome;
  } catch (error) {
    if (isOutage(error)) {
      throw error;
    }
    return failed(running, run, { error, attempts, before });
  }
}

/** A database that does not answer is no fault of the bot's: nothing is counted, the run comes again. */
function isOutage(error: unknown): boolean {
  return error instanceof HubError && error.kind === 'unavailable';
}

/** How often a run starts over at once because what it had read was changed by others meanwhile. */
const freshStarts = 8;

/** Runs a bot and commits what it wants; what fails is the caller's. */
export async function runNow(running: Running, run: Run): Promise<'written' | 'nothing' | 'elsewhere'> {
  const { bot } = running;
  for (let start = 1; ; start++) {
    const api = createBotApi(running, run.now);
    const operations = await bot.run(api, run.change);
    if (operations.length === 0) {
      return 'nothing';
    }
    try {
      await write(running, run, operations);
      return 'written';
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
      if (await hasMoved(running, run)) {
        return 'elsewhere';
      }
      if (start >= freshStarts) {
        throw error;
      }
    }
  }
}

function write(
  { bot, repository }: Running,
  { cursor }: Run,
  operations: readonly WriteOperation[],
): Promise<unknown> {
  return repository.write(operations, { purpose: bot.name, ...(cursor ? { cursor } : {}) });
}

/** What was read is no longer so, or the place in the feed is another: both are answered by looking again. */
function isConflict(error: unknown): boolean {
  return error instanceof HubError && (error.kind === 'conflict' || error.kind === 'precondition-failed');
}

async function hasMoved({ deps }: Running, { cursor }: Run): Promise<boolean> {
  if (!cursor) {
    return false;
  }
  const current = await deps.store.feed.cursor(cursor.name);
  return current?.xid !== cursor.from?.xid || current?.seq !== cursor.from?.seq;
}

async function failed(
  running: Running,
  run: Run,
  { error, attempts, before }: { error: unknown; attempts: AttemptsBook; before: Attempts },
): Promise<RunOutcome> {
  const { bot, deps } = running;
  running.runs.ran('failed');
  const after = await attempts.failed(before, run.now);
  const facts = { bot: bot.name, at: run.at, failures: after.failures, error: told(error) };
  if (after.failures < mostAttempts) {
    deps.log.warn(facts, 'a bot failed and will be run again');
    return 'later';
  }
  deps.log.error(facts, 'a bot keeps failing: a person has to look');
  await park(running, run, { error, attempts: after.failures });
  await attempts.over();
  return 'written';
}

async function park(
  running: Running,
  run: Run,
  failure: { error: unknown; attempts: number },
): Promise<void> {
  const { bot, deps } = running;
  const { change, now } = run;
  const api = createBotApi(running, now);
  const present = change !== undefined && (await api.read(`${change.type}/${change.id}`)) !== undefined;
  const operation = parkOperation({
    bot: bot.name,
    ...(change ? { change } : {}),
    present,
    ...failure,
    now,
    hubOrganization: deps.hubOrganization,
  });
  await write(running, run, [operation]);
}
