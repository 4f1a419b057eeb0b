import type { Bundle, BundleEntry, Parameters, ParametersParameter, Subscription } from '@medplum/fhirtypes';
import { bundleSecurity, disclosedTo } from '../../access/disclosure.ts';
import type { Stored } from '../../fhir/repository.ts';
import { backport, type PayloadContent } from './backport.ts';

export interface NotifiedEvent {
  number: number;
  at: number;
  /** Absent where only the number is told. */
  focus?: Stored;
}

export interface Notification {
  base: string;
  subscription: Subscription;
  topic: string | undefined;
  content: PayloadContent;
  type: 'handshake' | 'event-notification' | 'query-status' | 'query-event';
  /** The newest event number. */
  count: number;
  events: readonly NotifiedEvent[];
  now: Date;
  organization: string;
}

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/StructureDefinition-backport-subscription-notification-r4.html */
export function notificationBundle(notification: Notification): Bundle {
  const { base, subscription, events, content, now, organization } = notification;
  const shown = events.flatMap(({ focus }) => focus ?? []);
  const mask = content === 'full-resource' ? disclosedTo(organization, shown) : 0;
  const status: BundleEntry = {
    fullUrl: `${base}/Subscription/${subscription.id}/$status`,
    resource: statusParameters(notification),
    request: { method: 'GET', url: `Subscription/${subscription.id}/$status` },
    response: { status: '200' },
  };
  return {
    resourceType: 'Bundle',
    meta: { profile: [backport.notification], ...(mask ? { security: bundleSecurity(mask) } : {}) },
    type: 'history',
    timestamp: now.toISOString(),
    entry: [status, ...(content === 'empty' ? [] : shown.map(stored => focusEntry(stored, base, content)))],
  };
}

/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/StructureDefinition-backport-subscription-status-r4.html */
export function statusParameters(notification: Notification): Parameters {
  const { base, subscription, topic, type, count, events, content } = notification;
  const parameter: ParametersParameter[] = [
    { name: 'subscription', valueReference: { reference: `${base}/Subscription/${subscription.id}` } },
    ...(topic === undefined ? [] : [{ name: 'topic', valueCanonical: topic }]),
    { name: 'status', valueCode: subscription.status ?? 'requested' },
    { name: 'type', valueCode: type },
    { name: 'events-since-subscription-start', valueString: String(count) },
    ...events.map(({ number, at, focus }) => ({
      name: 'notification-event',
      part: [
        { name: 'event-number', valueString: String(number) },
        { name: 'timestamp', valueInstant: new Date(at).toISOString() },
        ...(focus && content !== 'empty'
          ? [{ name: 'focus', valueReference: { reference: `${base}/${focus.type}/${focus.id}` } }]
          : []),
      ],
    })),
    ...(subscription.error ? [{ name: 'error', valueCodeableConcept: { text: subscription.error } }] : []),
  ];
  return { resourceType: 'Parameters', meta: { profile: [backport.status] }, parameter };
}

function focusEntry(stored: Stored, base: string, content: PayloadContent): BundleEntry {
  const url = `${stored.type}/${stored.id}`;
  const created = stored.versionId === '1';
  return {
    fullUrl: `${base}/${url}`,
    ...(content === 'full-resource' ? { resource: stored.resource() as BundleEntry['resource'] } : {}),
    request: created ? { method: 'POST', url: stored.type } : { method: 'PUT', url },
    response: {
      status: created ? '201' : '200',
      etag: `W/"${stored.versionId}"`,
      lastModified: stored.lastUpdated.toISOString(),
    },
  };
}
