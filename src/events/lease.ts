import type { Leases } from '../store/store.ts';

/** How long a process that died keeps others from running its bots. */
export const leaseMs = 10_000;

/**
 * Keeps one bot (or channel) to one process. The lease saves work; that an effect happens once is guaranteed by the bot's
 * place in the feed, which moves in the same commit.
 */
export function createHold(
  leases: Leases,
  name: string,
  holder: string,
  ttl = leaseMs,
): (now: Date) => Promise<boolean> {
  let until = Number.NEGATIVE_INFINITY;
  return async now => {
    const time = now.getTime();
    // A clock that was set back makes the remembered end meaningless: ask again.
    if (time < until - ttl / 2 && time >= until - ttl) {
      return true;
    }
    const held = await leases.acquire(name, holder, time, ttl);
    until = held ? time + ttl : Number.NEGATIVE_INFINITY;
    return held;
  };
}
