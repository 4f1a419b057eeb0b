import { deliver } from '../../../bots/deliver.ts';
import type { FailingDelivery, Outbox } from '../../store/outbox-types.ts';
import type { About, Channel } from './channel.ts';

/** More than anybody looks through. */
const most = 500;

export interface ParkedDelivery {
  about: About;
  delivery: FailingDelivery;
}

/**
 * What was given up until a person looks: a mail by itself, and a channel that was shut by its first delivery that was
 * never taken, since what waits behind it is sent with it.
 */
export async function parkedDeliveries(
  outbox: Outbox,
  channels: readonly Channel[],
): Promise<ParkedDelivery[]> {
  const failing = await outbox.failing({ least: deliver.mostHandshakes, limit: most });
  const found: ParkedDelivery[] = [];
  const shut = new Set<string>();
  for (const delivery of failing) {
    if (shut.has(delivery.channel)) continue;
    const about = await channels.find(one => one.owns(delivery.channel))?.about(delivery);
    if (!about) continue;
    if (about.kind === 'subscription') shut.add(delivery.channel);
    found.push({ about, delivery });
  }
  return found;
}

/** Has one tried again; it is sent as soon as the hub runs. */
export async function retryDelivery(
  { delivery }: ParkedDelivery,
  channels: readonly Channel[],
  now: number,
): Promise<void> {
  await channels.find(one => one.owns(delivery.channel))?.retry(delivery, now);
}
