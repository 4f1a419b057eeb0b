/** The time, injected everywhere so that a test can live through three weeks in a second. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
