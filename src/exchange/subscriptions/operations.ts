import type { Bundle, Subscription } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { canonical } from '../../fhir/canonical.ts';
import type { Operation, OperationCall } from '../../fhir/operations/operation.ts';
import type { StoredDelivery } from '../../store/outbox-types.ts';
import { payloadContents } from './backport.ts';
import { type NotifiedEvent, notificationBundle, statusParameters } from './notification.ts';
import { channelOf, type EventPayload } from './source.ts';
import { wantedOf } from './wanted.ts';

const backportOperation = 'http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition';

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-status.html */
export const subscriptionStatus: Operation = {
  name: 'status',
  definition: `${backportOperation}/backport-subscription-status`,
  documentation: 'How a Subscription stands: its status, the number of its newest event, what went wrong.',
  levels: ['instance'],
  types: ['Subscription'],
  methods: ['GET', 'POST'],
  async run(call) {
    const { subscription, facts } = await factsOf(call);
    const resource = statusParameters({ ...facts, type: 'query-status', events: [] });
    const entry = [{ fullUrl: `${call.parts.baseUrl}/Subscription/${subscription.id}/$status`, resource }];
    const bundle: Bundle = { resourceType: 'Bundle', type: 'searchset', total: 1, entry };
    return { kind: 'resource', resource: bundle };
  },
};

const most = 200;

/**
 * What a subscriber was told, again: https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/OperationDefinition-backport-subscription-events.html
 * As much of it as the caller may see now.
 */
export const subscriptionEvents: Operation = {
  name: 'events',
  definition: `${backportOperation}/backport-subscription-events`,
  documentation: `Events of the last seven days that were sent, at most ${most}: eventsSinceNumber, eventsUntilNumber, content.`,
  levels: ['instance'],
  types: ['Subscription'],
  methods: ['GET', 'POST'],
  async run(call) {
    const { parts, query, id = '' } = call;
    const { facts } = await factsOf(call);
    const from = numberOf(query, 'eventsSinceNumber') ?? 1;
    const to = numberOf(query, 'eventsUntilNumber') ?? facts.count;
    const asked = query.get('content') ?? facts.content;
    const content = payloadContents.find(one => one === asked);
    if (!content) throw new HubError('invalid', `content is one of ${payloadContents.join(', ')}.`);
    const sent = await parts.store.outbox.events(channelOf(id), { from, to, limit: most });
    const events: NotifiedEvent[] = [];
    for (const delivery of sent) {
      const event = await eventOf(call, delivery);
      if (event) events.push(event);
    }
    const resource = notificationBundle({ ...facts, content, type: 'query-event', events });
    return { kind: 'resource', resource };
  },
};

/** Sends what waits now, as if nothing had gone wrong before; begins with a handshake. */
export const subscriptionRetry: Operation = {
  name: 'retry',
  definition: `${canonical}/OperationDefinition/subscription-retry`,
  documentation: 'After an error: asks for the Subscription again, so that what waits is sent at once.',
  levels: ['instance'],
  types: ['Subscription'],
  methods: ['POST'],
  async run({ parts, repository, id = '' }) {
    const subscription = (await repository.read('Subscription', id)).resource() as Subscription;
    const { error: _error, ...rest } = subscription;
    const resource: Subscription = { ...rest, status: 'requested' };
    const [result] = await repository.write([
      { kind: 'update', type: 'Subscription', id, resource, ifMatch: `W/"${subscription.meta?.versionId}"` },
    ]);
    await parts.store.outbox.retry(channelOf(id), parts.clock.now().getTime());
    return { kind: 'resource', resource: result?.stored?.resource() ?? resource };
  },
};

async function factsOf({ parts, repository, id = '' }: OperationCall) {
  const subscription = (await repository.read('Subscription', id)).resource() as Subscription;
  const { topic, content } = wantedOf(subscription);
  const facts = {
    base: parts.baseUrl,
    subscription,
    topic: topic?.url,
    content,
    count: await parts.store.outbox.lastNumber(channelOf(id)),
    now: parts.clock.now(),
    organization: repository.actor.organization,
  };
  return { subscription, facts };
}

/** What may not be seen any more is left out. */
async function eventOf(
  { repository }: OperationCall,
  { number, at, payload }: StoredDelivery,
): Promise<NotifiedEvent | undefined> {
  const { type, id, ver } = payload as EventPayload;
  try {
    return { number: number ?? 0, at, focus: await repository.vread(type, id, String(ver)) };
  } catch (error) {
    const unseen = error instanceof HubError && ['not-found', 'gone', 'forbidden'].includes(error.kind);
    if (!unseen) throw error;
    return undefined;
  }
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const asked = query.get(name);
  if (asked === null) return undefined;
  if (!/^[0-9]{1,15}$/.test(asked)) throw new HubError('invalid', `${name} is a whole number.`);
  return Number(asked);
}
