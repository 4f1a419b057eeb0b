import type { FeedCursor, FeedRow } from '../store/types.ts';
import { createAttempts } from './attempts.ts';
import type { Running } from './deps.ts';
import { type RunOutcome, runOnce } from './run-bot.ts';

const batch = 200;

/**
 * The consumer of the feed for one bot. Each call goes on from the bot's place until it has caught up, has to
 * wait, or is stopped, and answers with the number of rows that concerned the bot and are done.
 */
export function createConsumer(running: Running, stopping: () => boolean): () => Promise<number> {
  const { bot, deps } = running;
  const attempts = createAttempts(deps.store.records, bot.name);
  return async () => {
    let done = 0;
    while (!stopping() && (await held())) {
      const from = await deps.store.feed.cursor(bot.name);
      const rows = await deps.store.feed.read(from, batch);
      if (rows.length === 0) {
        break;
      }
      const result = await consume(from, rows);
      done += result.done;
      if (!result.goOn) {
        break;
      }
    }
    return done;
  };

  async function held(): Promise<boolean> {
    const mine = await running.hold(deps.clock.now());
    if (!mine) {
      attempts.forget();
    }
    return mine;
  }

  /** Rows that have no effect only move the place when the next effect is written, or at the end of the batch. */
  async function consume(
    from: FeedCursor | null,
    rows: readonly FeedRow[],
  ): Promise<{ done: number; goOn: boolean }> {
    let place = from;
    let reached = from;
    let done = 0;
    let outcome: RunOutcome = 'nothing';
    for (const row of rows) {
      if (stopping()) {
        break;
      }
      if (bot.on?.includes(row.type)) {
        outcome = await runRow(row, place);
        if (outcome === 'later' || outcome === 'elsewhere') {
          break;
        }
        done++;
        place = outcome === 'written' ? row.cursor : place;
      }
      reached = row.cursor;
    }
    const moved = outcome === 'elsewhere' || (await moveTo(place, reached));
    return { done, goOn: moved && outcome !== 'later' };
  }

  function runRow({ cursor, type, id, op }: FeedRow, from: FeedCursor | null): Promise<RunOutcome> {
    const run = { change: { type, id, op }, now: deps.clock.now(), at: `${cursor.xid}/${cursor.seq}` };
    return runOnce(running, { ...run, cursor: { name: bot.name, from, to: cursor } }, attempts);
  }

  /** False when another process has moved the place: that one goes on. */
  async function moveTo(from: FeedCursor | null, to: FeedCursor | null): Promise<boolean> {
    if (!to || (from?.xid === to.xid && from.seq === to.seq)) {
      return true;
    }
    const expect = [{ kind: 'cursor', name: bot.name, from } as const];
    const { ok } = await deps.store.commit({ expect, writes: [], links: [], cursor: { name: bot.name, to } });
    return ok;
  }
}
