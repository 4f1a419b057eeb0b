import type { FeedCursor } from '../store/types.ts';
import { createAttempts } from './attempts.ts';
import { createBotApi } from './bot-api.ts';
import type { Running } from './deps.ts';
import { runOnce } from './run-bot.ts';
import { lastDue, minuteMs, readSchedule } from './schedule.ts';

/**
 * The scheduled runs of one bot. The last run is kept as a place of its own (`seq`: epoch minutes), so that it
 * moves in the same commit as what the run writes. Each call runs the bot at most once and says whether it did.
 */
export function createScheduler(running: Running, expression: string): (now: Date) => Promise<boolean> {
  const { bot, deps } = running;
  const name = `schedule:${bot.name}`;
  const matches = readSchedule(expression, deps.timeZone ?? 'UTC');
  const attempts = createAttempts(deps.store.records, name);
  /** Up to here this process knows that nothing is due. */
  let seen: Date | undefined;

  return async now => {
    if (seen && !lastDue(matches, seen, now)) {
      seen = later(seen, now);
      return false;
    }
    if (!(await running.hold(now))) {
      attempts.forget();
      return false;
    }
    return runDue(now);
  };

  async function runDue(now: Date): Promise<boolean> {
    const last = await deps.store.feed.cursor(name);
    // A new schedule counts from the minute in which it is first seen.
    const due = lastDue(matches, last ? instantOf(last) : new Date(now.getTime() - minuteMs), now);
    if (!due) {
      if (!last) {
        await move(null, placeAt(now));
      }
      seen = now;
      return false;
    }
    return runAt(due, last, now);
  }

  async function runAt(due: Date, from: FeedCursor | null, now: Date): Promise<boolean> {
    const to = placeAt(due);
    const outcome = bot.due
      ? await runEach(now)
      : await runOnce(running, { at: due.toISOString(), now, cursor: { name, from, to } }, attempts);
    if (outcome === 'nothing') {
      await move(from, to);
    }
    const ran = outcome === 'written' || outcome === 'nothing';
    // Failed or taken by another process: the database is asked again at the next tick.
    seen = ran ? now : undefined;
    return ran;
  }

  /** What fails is due again at the next run. */
  async function runEach(now: Date): Promise<'nothing'> {
    const api = createBotApi(running, now);
    for (const reference of (await bot.due?.(api)) ?? []) {
      const [type = '', id = ''] = reference.split('/');
      const run = { at: reference, now, change: { type, id, op: 'due' } as const };
      await runOnce(running, run, createAttempts(deps.store.records, `${name}:${reference}`));
    }
    return 'nothing';
  }

  /** When another process was faster, its place is as good. */
  async function move(from: FeedCursor | null, to: FeedCursor): Promise<void> {
    const expect = [{ kind: 'cursor', name, from } as const];
    await deps.store.commit({ expect, writes: [], links: [], cursor: { name, to } });
  }
}

function placeAt(instant: Date): FeedCursor {
  return { xid: '0', seq: Math.floor(instant.getTime() / minuteMs) };
}

function instantOf({ seq }: FeedCursor): Date {
  return new Date(seq * minuteMs);
}

function later(a: Date, b: Date): Date {
  return a.getTime() > b.getTime() ? a : b;
}
