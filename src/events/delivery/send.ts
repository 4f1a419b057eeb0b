import { deliver } from '../../../bots/deliver.ts';
import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Outbox, StoredDelivery } from '../../store/outbox-types.ts';
import type { EventsLog } from '../deps.ts';
import { told } from '../park.ts';
import type { Channel } from './channel.ts';
import { NotDelivered } from './not-delivered.ts';

export interface SendDeps {
  outbox: Outbox;
  clock: Clock;
  log: EventsLog;
  /** 0 to 1. */
  chance(): number;
}

/** One attempt to send one delivery, and what came of it, on the disk before anything else of its channel is sent. */
export async function attempt(channel: Channel, delivery: StoredDelivery, deps: SendDeps): Promise<void> {
  const { outbox, clock } = deps;
  const { seq, channel: name } = delivery;
  // Numbered when it is taken: what may not be seen any more by then leaves no gap to tell of it.
  const number = (await outbox.lastNumber(name)) + 1;
  try {
    const outcome = await channel.send(delivery, number);
    const at = clock.now().getTime();
    if (outcome === 'withheld') await outbox.withdraw(seq, at);
    else await outbox.sent(seq, { number: outcome === 'numbered' ? number : null, at });
  } catch (error) {
    // A database or an audit that does not answer is no failure of the receiver's.
    if (error instanceof HubError && error.kind === 'unavailable') throw error;
    await failed(channel, delivery, error, deps);
  }
}

async function failed(
  channel: Channel,
  delivery: StoredDelivery,
  error: unknown,
  { outbox, clock, log, chance }: SendDeps,
): Promise<void> {
  const { seq, channel: name, thread } = delivery;
  const failures = delivery.attempts + 1;
  const text = error instanceof NotDelivered ? error.message : told(error);
  const now = clock.now().getTime();
  const most = thread === handshake ? deliver.mostHandshakes : deliver.mostAttempts;
  const facts = { channel: name, failures, error: text };
  const due = now + deliver.delayMs(failures, chance());
  await outbox.failed(seq, { due, error: text });
  if (failures < most) {
    log.warn(facts, 'a delivery was not taken and will be tried again');
    return;
  }
  log.error(facts, 'a delivery is never taken: a person has to look');
  const { keep } = await channel.park(delivery, text);
  if (!keep) await outbox.parked(seq, { at: now, error: text });
}

/** The thread of the message that opens a channel. */
export const handshake = 'handshake';
