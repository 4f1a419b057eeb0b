import type { FailingDelivery, StoredDelivery } from '../../store/outbox-types.ts';

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
  /** What an operator is told of one that was not taken; undefined when nobody has to look any more. */
  about(delivery: FailingDelivery): Promise<About | undefined>;
  /** An operator has one tried again: what stands in its way is cleared, and it is due now. */
  retry(delivery: FailingDelivery, now: number): Promise<void>;
}

/** Of a delivery, without health information. */
export interface About {
  kind: 'subscription' | 'mail';
  text: string;
  /** The resource that it is for, if there is one. */
  resource?: { type: string; id: string; owner: string };
}

/** `only`: of one thread. `over`: the channel is no more. */
export type ChannelState = 'open' | 'shut' | 'over' | { only: string };

/** `numbered`: an event that was told with its number. `withheld`: it may not be sent (any more). */
export type Sent = 'numbered' | 'done' | 'withheld';
