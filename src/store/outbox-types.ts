import type { FeedCursor } from './types.ts';

/** Something to be sent. */
export interface NewDelivery {
  /** Where to: what is sent there is sent one after the other. */
  channel: string;
  /** What it is made of: a channel has each event once, however often it is added. */
  event: string;
  /** Within it nothing overtakes what was added before. */
  thread: string;
  /** JSON. */
  payload: unknown;
  /** Epoch milliseconds of the event; due from then on. */
  at: number;
}

export interface StoredDelivery extends NewDelivery {
  /** In the order in which they were added. */
  seq: number;
  /** Failures so far. */
  attempts: number;
  /** The event number it was told with, once it was taken. */
  number: number | null;
}

/** One that was not taken: parked, or still tried. */
export interface FailingDelivery extends StoredDelivery {
  parked: boolean;
  /** Why, the last time. */
  error: string;
  /** How many wait in its channel: itself too, unless it is parked. */
  waiting: number;
}

/** What waits to be sent and what was, durable and shared by all processes. */
export interface Outbox {
  /** Adds what is not there yet, and moves a place in the feed on (never back), in one commit. */
  add(deliveries: readonly NewDelivery[], place?: { name: string; to: FeedCursor }): Promise<void>;
  /** Channels with something that is due. */
  channels(now: number): Promise<string[]>;
  /** The first that is due and whose thread has nothing older waiting; `only`: of this thread. */
  next(
    channel: string,
    now: number,
    how?: { only?: string | undefined },
  ): Promise<StoredDelivery | undefined>;
  /** It was taken, as the event of this number. */
  sent(seq: number, how: { number: number | null; at: number }): Promise<void>;
  failed(seq: number, how: { due: number; error: string }): Promise<void>;
  /** Not tried again until `retry`. */
  parked(seq: number, how: { at: number; error: string }): Promise<void>;
  /** It may not be sent any more. */
  withdraw(seq: number, at: number): Promise<void>;
  /** All that waits or is parked is due at once, as if it had never failed; `only`: the one of this `seq`. */
  retry(channel: string, now: number, how?: { only?: number | undefined }): Promise<void>;
  /** What is parked or has failed `least` times, the oldest first. */
  failing(how: { least: number; limit: number }): Promise<FailingDelivery[]>;
  /** Leaves nothing of what was to be sent. */
  forget(seq: number): Promise<void>;
  /** What was sent, by number. */
  events(channel: string, range: { from: number; to: number; limit: number }): Promise<StoredDelivery[]>;
  /** The newest number that was sent; 0 when none was. */
  lastNumber(channel: string): Promise<number>;
  /** The channel is no more. */
  remove(channel: string): Promise<void>;
  /**
   * Forgets what was settled before, and what was parked before (epoch milliseconds); of each channel the newest
   * number stays.
   */
  prune(before: { settled: number; parked: number }): Promise<void>;
}
