import type { Appointment, Communication, Resource, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Source } from '../../events/delivery/delivery.ts';
import { handshake } from '../../events/delivery/send.ts';
import type { Parts } from '../../fhir/parts.ts';
import type { SearchContext } from '../../fhir/search/parsed.ts';
import { internal } from '../../fhir/write/world.ts';
import { isNotice } from '../../referral/notices/notice.ts';
import type { NewDelivery } from '../../store/outbox-types.ts';
import type { FeedCursor, FeedRow, StoredVersion } from '../../store/types.ts';
import { noticeDelivery } from '../notify/mail-queue.ts';
import { readCriteria } from './criteria.ts';
import { createStanding } from './standing.ts';
import { readSubscription, type StoredSubscription, setStatus } from './stored.ts';
import { isSubscribable } from './topics.ts';
import { wantedOf } from './wanted.ts';

/** The place in the feed up to which all deliveries are in the outbox. */
const consumer = 'deliver';
const batch = 100;

/** What a delivery to a Subscription is about. */
export interface EventPayload {
  type: string;
  id: string;
  ver: number;
}

export const channelOf = (subscription: string): string => `Subscription/${subscription}`;

/**
 * Turns the change feed into deliveries. Every process reads the feed to know the subscriptions as they stand at each
 * place in it, and adds what is beyond the place that all processes share.
 */
export function createSource(parts: Parts, context: SearchContext): Source {
  const { store, clock } = parts;
  const standing = createStanding();
  let place: FeedCursor | null = null;
  let loaded = false;

  /** Where nothing was ever delivered the feed itself tells, from its start, when each subscription began. */
  async function load(): Promise<void> {
    place = await store.feed.cursor(consumer);
    if (place)
      for await (const id of subscriptionIds(parts)) await put(id, await readSubscription(parts, id));
    loaded = true;
  }

  async function put(id: string, stored: StoredSubscription | undefined): Promise<void> {
    const { status = 'requested', end } = stored?.subscription ?? {};
    standing.remove(id);
    if (!stored || status === 'off') return;
    try {
      const wanted = wantedOf(stored.subscription);
      const drafts = readCriteria(context, wanted.type, wanted.query);
      standing.put({ id, status, wanted, drafts, end: end === undefined ? undefined : Date.parse(end) });
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      // It was right when it was made: the definitions have changed under it.
      await setStatus(parts, stored, 'error', error.message);
    }
  }

  /** Notices that the hub itself has made are mailed. */
  async function noticesOf({ type, id, op }: FeedRow): Promise<NewDelivery[]> {
    if (type !== 'Communication' || op !== 'create') return [];
    const version = await store.read({ type, id }, internal(parts));
    if (!version?.body || version.source !== parts.hubOrganization) return [];
    const message = JSON.parse(version.body) as Communication;
    return isNotice(message) && message.status === 'preparation' ? [noticeDelivery(id, version.at)] : [];
  }

  async function deliveriesOf(row: FeedRow): Promise<NewDelivery[]> {
    const { type, id, ver, op, cursor } = row;
    if (!isSubscribable(type) || op === 'delete' || standing.isEmpty()) return [];
    const version = await store.vread({ type, id }, ver, internal(parts));
    if (!version?.body) return [];
    const resource = JSON.parse(version.body) as Resource;
    const changed = { id, values: parts.extract(resource) };
    const payload: EventPayload = { type, id, ver };
    return standing.wanting(type, changed, clock.now().getTime()).map(one => ({
      channel: channelOf(one.id),
      event: String(cursor.seq),
      thread: referralOf(resource),
      payload,
      at: version.at,
    }));
  }

  /** The subscription as it stands from here on; one that is asked for begins with a handshake. */
  async function follow({ id, ver, cursor }: FeedRow): Promise<NewDelivery[]> {
    const stored = await readSubscription(parts, id);
    await put(id, stored);
    if (stored?.subscription.status !== 'requested' || stored.versionId !== String(ver)) return [];
    const at = clock.now().getTime();
    return [{ channel: channelOf(id), event: String(cursor.seq), thread: handshake, payload: null, at }];
  }

  return {
    async collect() {
      const told = new Set<string>();
      if (!loaded) await load();
      for (;;) {
        const rows = await store.feed.read(place, batch);
        const last = rows.at(-1);
        if (!last) return told;
        const shared = await store.feed.cursor(consumer);
        const deliveries: NewDelivery[] = [];
        for (const row of rows) {
          const made = row.type === 'Subscription' ? await follow(row) : [];
          if (!isBeyond(row.cursor, shared)) continue;
          deliveries.push(...made, ...(await deliveriesOf(row)), ...(await noticesOf(row)));
        }
        if (isBeyond(last.cursor, shared))
          await store.outbox.add(deliveries, { name: consumer, to: last.cursor });
        for (const { channel } of deliveries) told.add(channel);
        place = last.cursor;
      }
    },
    async tick(now) {
      for (const { id, end } of standing.all()) {
        if (end === undefined || end > now.getTime()) continue;
        const stored = await readSubscription(parts, id);
        if (stored) await setStatus(parts, stored, 'off');
      }
    },
  };
}

async function* subscriptionIds(parts: Parts): AsyncGenerator<string> {
  let after: string | undefined;
  do {
    const page: { entries: StoredVersion[]; next?: string } = await parts.store.search(
      {
        types: ['Subscription'],
        filters: [],
        sort: [{ kind: 'id', descending: false }],
        count: 500,
        total: 'none',
        ...(after === undefined ? {} : { after }),
      },
      internal(parts),
    );
    for (const { id } of page.entries) yield id;
    after = page.next;
  } while (after !== undefined);
}

/** What stays in order: all of one referral, by its request. */
function referralOf(resource: Resource): string {
  const itself = `${resource.resourceType}/${resource.id}`;
  if (resource.resourceType === 'Task') return (resource as Task).focus?.reference ?? itself;
  if (resource.resourceType === 'Appointment')
    return (resource as Appointment).basedOn?.[0]?.reference ?? itself;
  return itself;
}

const isBeyond = (place: FeedCursor, than: FeedCursor | null): boolean =>
  than === null || BigInt(place.xid) > BigInt(than.xid) || (place.xid === than.xid && place.seq > than.seq);
