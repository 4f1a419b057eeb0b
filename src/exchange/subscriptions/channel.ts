import type { Actor } from '../../access/actor.ts';
import { disclosedTo, shortNotice } from '../../access/disclosure.ts';
import { HubError } from '../../errors.ts';
import type { About, Channel } from '../../events/delivery/channel.ts';
import { NotDelivered } from '../../events/delivery/not-delivered.ts';
import { handshake } from '../../events/delivery/send.ts';
import type { Parts } from '../../fhir/parts.ts';
import type { Stored } from '../../fhir/repository.ts';
import { createResources } from '../../fhir/resources.ts';
import type { StoredDelivery } from '../../store/outbox-types.ts';
import type { OutgoingTarget } from '../outgoing-url.ts';
import { notificationBundle } from './notification.ts';
import type { Message, Poster } from './post.ts';
import type { Secrets } from './secrets.ts';
import { signed } from './signature.ts';
import type { EventPayload } from './source.ts';
import { readSubscription, type StoredSubscription, setStatus } from './stored.ts';
import { type Wanted, wantedOf } from './wanted.ts';

export interface SubscriptionChannel {
  parts: Parts;
  secrets: Secrets;
  poster: Poster;
  /** The actor of a client as it is registered now; undefined when it is suspended or gone. */
  actorOf(client: string): Promise<Actor | undefined>;
  /** The checked address of an endpoint, or HubError. */
  target(url: string): Promise<OutgoingTarget>;
}

const prefix = 'Subscription/';

/** Delivers to the endpoints of Subscriptions, each time as much as its subscriber may see at that moment. */
export function subscriptionChannel(deps: SubscriptionChannel): Channel {
  const { parts } = deps;
  const stored = (name: string) => readSubscription(parts, name.slice(prefix.length));
  /** As it was when its state was asked for, a moment before sending. */
  const asked = new Map<string, StoredSubscription>();
  return {
    owns: name => name.startsWith(prefix),
    async state(name) {
      const found = await stored(name);
      if (!found) return 'over';
      const { status } = found.subscription;
      if (status === 'active' || status === 'requested') asked.set(name, found);
      if (status === 'active') return 'open';
      return status === 'requested' ? { only: handshake } : 'shut';
    },
    async send(delivery, number) {
      const found = asked.get(delivery.channel) ?? (await stored(delivery.channel));
      asked.delete(delivery.channel);
      if (!found) return 'withheld';
      if (delivery.thread === handshake) {
        if (found.subscription.status !== 'requested') return 'done';
        await greet(found, delivery, deps);
        await setStatus(parts, found, 'active');
        return 'done';
      }
      return (await tell(found, delivery, number, deps)) ? 'numbered' : 'withheld';
    },
    async park(delivery, error) {
      const found = await stored(delivery.channel);
      const what = delivery.thread === handshake ? 'The handshake' : 'A notification';
      if (found) await setStatus(parts, found, 'error', `${what} was not taken: ${error}.`);
      return { keep: delivery.thread !== handshake };
    },
    async about({ channel }) {
      const found = await stored(channel);
      return found?.subscription.status === 'error' ? aboutSubscription(found) : undefined;
    },
    async retry({ channel }, now) {
      const found = await stored(channel);
      if (found) await setStatus(parts, found, 'requested');
      await parts.store.outbox.retry(channel, now);
    },
  };
}

/** Of the endpoint its host alone: the rest of the address may be a secret. */
function aboutSubscription({ subscription, organization }: StoredSubscription): About {
  const { id } = subscription;
  const host = new URL(wantedOf(subscription).endpoint).hostname;
  const text = `Subscription/${id} of Organization/${organization}, to ${host}`;
  return { kind: 'subscription', text, resource: { type: 'Subscription', id, owner: organization } };
}

async function subscriberOf({ subscription, organization }: StoredSubscription, deps: SubscriptionChannel) {
  const { client, secret } = deps.secrets.signing(subscription, organization);
  const actor = await deps.actorOf(client);
  if (actor?.organization !== organization)
    throw new NotDelivered(`the client ${client} is suspended or no longer registered`);
  return { actor, secret };
}

async function greet(found: StoredSubscription, delivery: StoredDelivery, deps: SubscriptionChannel) {
  const { secret } = await subscriberOf(found, deps);
  const wanted = wantedOf(found.subscription);
  const message = wanted.topic ? bundleMessage(found, wanted, { count: 0, events: [] }, deps) : bare;
  await post(found, wanted.endpoint, { delivery, secret, message }, deps);
}

/** False when the subscriber may not see it now: it is not told that there was anything. */
async function tell(
  found: StoredSubscription,
  delivery: StoredDelivery,
  number: number,
  deps: SubscriptionChannel,
): Promise<boolean> {
  const { actor, secret } = await subscriberOf(found, deps);
  const focus = await seen(delivery.payload as EventPayload, actor, deps.parts);
  if (!focus) return false;
  const wanted = wantedOf(found.subscription);
  const { endpoint } = wanted;
  if (wanted.content !== 'empty') await recordDisclosure(actor, focus, deps.parts);
  const events = [{ number, at: delivery.at, focus }];
  const content = { delivery, secret };
  if (wanted.topic) {
    const message = bundleMessage(found, wanted, { count: number, events }, deps);
    await post(found, endpoint, { ...content, message }, deps);
  } else if (wanted.content === 'empty') await post(found, endpoint, { ...content, message: bare }, deps);
  else await post(found, instanceUrl(endpoint, focus), { ...content, message: whole(focus, actor) }, deps);
  return true;
}

/** The version of the event, if its subscriber may see the resource now. */
async function seen(
  { type, id, ver }: EventPayload,
  actor: Actor,
  parts: Parts,
): Promise<Stored | undefined> {
  try {
    return await createResources(parts, actor).vread(type, id, String(ver));
  } catch (error) {
    const unseen = error instanceof HubError && ['not-found', 'gone', 'forbidden'].includes(error.kind);
    if (!unseen) throw error;
    return undefined;
  }
}

/** Before it is sent: what may have been received is on record. */
async function recordDisclosure(actor: Actor, focus: Stored, parts: Parts): Promise<void> {
  const { type, id, versionId, source, patient, label } = focus;
  const entity = { type, id, version: versionId, owner: source };
  const about = { ...(patient ? { patient } : {}), ...(label ? { label } : {}) };
  await parts.audit.record({
    kind: 'disclosure',
    outcome: 'success',
    agent: { kind: actor.kind, id: actor.id, organization: actor.organization },
    interaction: 'disclose',
    type,
    entities: [{ ...entity, ...about }],
    purpose: 'subscription',
  });
}

type Body = Message & { notice?: number };

/** R4's own message without a payload: something has changed. */
const bare: Body = { method: 'POST', headers: {}, body: '' };

const fhirJson = { 'content-type': 'application/fhir+json; charset=utf-8' };

function bundleMessage(
  { subscription, organization }: StoredSubscription,
  { topic, content }: Wanted,
  told: { count: number; events: { number: number; at: number; focus: Stored }[] },
  { parts }: SubscriptionChannel,
): Body {
  const type = told.events.length ? 'event-notification' : 'handshake';
  const bundle = notificationBundle({
    base: parts.baseUrl,
    subscription,
    topic: topic?.url,
    content,
    type,
    ...told,
    now: parts.clock.now(),
    organization,
  });
  const notice =
    content === 'full-resource'
      ? disclosedTo(
          organization,
          told.events.map(one => one.focus),
        )
      : 0;
  return { method: 'POST', headers: fhirJson, body: JSON.stringify(bundle), notice };
}

/** R4's own message with a payload: an update of the resource at the endpoint. */
const whole = (focus: Stored, actor: Actor): Body => ({
  method: 'PUT',
  headers: fhirJson,
  body: focus.body,
  notice: disclosedTo(actor.organization, [focus]),
});

const instanceUrl = (endpoint: string, { type, id }: Stored): string => {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${type}/${id}`;
  return url.href;
};

async function post(
  { subscription, organization }: StoredSubscription,
  url: string,
  { delivery, secret, message }: { delivery: StoredDelivery; secret: string; message: Body },
  { parts, secrets, poster, target }: SubscriptionChannel,
): Promise<void> {
  const own = Object.fromEntries(secrets.headers(subscription, organization));
  const id = `msg_${subscription.id}_${delivery.event}`;
  const notice: Record<string, string> = message.notice
    ? { 'disclosure-notice': shortNotice(message.notice) }
    : {};
  const headers = {
    ...own,
    ...message.headers,
    ...notice,
    ...signed(secret, id, parts.clock.now(), message.body),
  };
  await poster.post(await target(url), { ...message, headers });
}
