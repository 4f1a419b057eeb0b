import type { StoredDelivery } from '../../store/outbox-types.ts';

/** A kind of places to send to: the subscriptions, the mail. */
export interface Channel {
  /** Whether it is for a channel of this name. */
  owns(name: string): boolean;
  /** What may be sent to it now. */
  state(name: string): Promise<ChannelState>;
  /**
   * Sends one; `number` is the event number it is told with.
   * @throws NotDelivered when the other side did not take it.
   */
  send(delivery: StoredDelivery, number: number): Promise<Sent>;
  /** It was never taken: shows it to a person. `keep`: it waits on, for when they are done. */
  park(delivery: StoredDelivery, error: string): Promise<{ keep: boolean }>;
}

/** `only`: of one thread. `over`: the channel is no more. */
export type ChannelState = 'open' | 'shut' | 'over' | { only: string };

/** `numbered`: an event that was told with its number. `withheld`: it may not be sent (any more). */
export type Sent = 'numbered' | 'done' | 'withheld';
