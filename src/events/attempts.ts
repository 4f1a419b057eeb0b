import type { Records } from '../store/store.ts';

/** After so many failures of one run a person has to look. */
export const mostAttempts = 5;

const firstDelayMs = 250;
const longestDelayMs = 5 * 60_000;

/** What has gone wrong with the run a bot is at; kept in the database, so that a restart does not start over. */
export interface Attempts {
  /** The run: a place in the feed, or an instant of the schedule. */
  at: string;
  failures: number;
  /** Epoch milliseconds before which it is not tried again. */
  retryAt: number;
}

/** The wait after the nth failure: doubled each time. */
export function delayMs(failures: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
}

const kind = 'bot-attempts';

/** The failures of one bot's runs; `name` sets its feed apart from its schedule. */
export function createAttempts(records: Records, name: string) {
  let known: Attempts | undefined;
  let loaded = false;
  return {
    /** The failures of the run at this place so far. */
    async of(at: string, now: Date): Promise<Attempts> {
      if (!loaded) {
        known = (await records.get(kind, name, now.getTime()))?.value as Attempts | undefined;
        loaded = true;
      }
      return known?.at === at ? known : { at, failures: 0, retryAt: 0 };
    },
    async failed(before: Attempts, now: Date): Promise<Attempts> {
      const failures = before.failures + 1;
      known = { at: before.at, failures, retryAt: now.getTime() + delayMs(failures) };
      await records.put({ kind, id: name, value: known, expires: null, family: null });
      return known;
    },
    async over(): Promise<void> {
      if (known) {
        known = undefined;
        await records.remove(kind, name);
      }
    },
    /** Another process may have tried meanwhile. */
    forget(): void {
      loaded = false;
    },
  };
}

export type AttemptsBook = ReturnType<typeof createAttempts>;
