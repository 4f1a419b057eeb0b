import type { Leases } from '../store/store.ts';

/** How long a process that died keeps others from running its bots. */
export const leaseMs = 10_000;

/**
 * Keeps one bot to one process. The lease saves work; that an effect happens once is guaranteed by the bot's
 * place in the feed, which moves in the same commit.
 */
export function createHold(leases: Leases, name: string, holder: string): (now: Date) => Promise<boolean> {
  let until = Number.NEGATIVE_INFINITY;
  return async now => {
    const time = now.getTime();
    // A clock that was set back makes the remembered end meaningless: ask again.
    if (time < until - leaseMs / 2 && time >= until - leaseMs) {
      return true;
    }
    const held = await leases.acquire(name, holder, time, leaseMs);
    until = held ? time + leaseMs : Number.NEGATIVE_INFINITY;
    return held;
  };
}
