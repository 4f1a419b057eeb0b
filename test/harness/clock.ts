import type { Clock } from '../../src/clock.ts';

/** A clock that stands still until it is moved: a test lives through weeks in a moment. */
export interface FakeClock extends Clock {
  /** Moves on, by so much. */
  advance(by: { minutes?: number; hours?: number; days?: number }): Date;
  set(at: string): void;
}

const minute = 60_000;

export function fakeClock(start = '2026-03-02T09:00:00.000Z'): FakeClock {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance({ minutes = 0, hours = 0, days = 0 }) {
      now += minutes * minute + hours * 60 * minute + days * 24 * 60 * minute;
      return new Date(now);
    },
    set(at) {
      now = Date.parse(at);
    },
  };
}
