import type { Actor } from '../access/actor.ts';
import type { Config } from '../config.ts';
import type { Channel } from '../events/delivery/channel.ts';
import { createDelivery, type Delivery } from '../events/delivery/delivery.ts';
import type { EventsLog } from '../events/deps.ts';
import { createRepository } from '../fhir/create-repository.ts';
import type { Parts } from '../fhir/parts.ts';
import type { SearchContext } from '../fhir/search/parsed.ts';
import { hubActor } from '../fhir/write/write.ts';
import { createMail, type SendMail } from './mail.ts';
import { createMailQueue } from './notify/mail-queue.ts';
import { noticeMail } from './notify/notice-mail.ts';
import { subscriptionChannel } from './subscriptions/channel.ts';
import { createPoster } from './subscriptions/post.ts';
import type { Seal } from './subscriptions/secrets.ts';
import { createSource } from './subscriptions/source.ts';
import type { Subscriptions } from './subscriptions/subscriptions.ts';

export interface SendingOptions {
  config: Config;
  parts: Parts;
  seal: Seal;
  subscriptions: Subscriptions;
  criteria: SearchContext;
  log: EventsLog;
  /** Where people reach the hub. */
  baseUrl: string;
  /** The actor of a client as it is registered now. */
  actorOf(client: string): Promise<Actor | undefined>;
}

/** All that leaves the hub by itself: notifications and mail. */
export interface Sending {
  delivery: Delivery;
  channels: readonly Channel[];
  sendMail: SendMail;
  close(): Promise<void>;
}

export function createSending(options: SendingOptions): Sending {
  const { config, parts, seal, subscriptions, criteria, log, baseUrl, actorOf } = options;
  const { store, clock, hubOrganization } = parts;
  const hub = createRepository(parts, hubActor(parts));
  const poster = createPoster();
  const transport = createMail(config, clock);
  const mailQueue = createMailQueue({
    outbox: store.outbox,
    clock,
    seal,
    transport,
    write: notice => noticeMail(hub, notice, { now: clock.now(), baseUrl, accounts: store.accounts }),
    hub,
    hubOrganization,
    soon: channel => delivery.soon(channel),
  });
  const channels = [subscriptionChannel({ parts, poster, actorOf, ...subscriptions }), mailQueue.channel];
  const delivery: Delivery = createDelivery({
    store,
    clock,
    log,
    chance: Math.random,
    source: createSource(parts, criteria),
    channels,
  });
  return {
    delivery,
    channels,
    // Without a server there is nothing to wait for: who sends is told at once.
    sendMail: config.smtpUrl === undefined ? transport : mailQueue.sendMail,
    async close() {
      await delivery.stop();
      await poster.close();
    },
  };
}
