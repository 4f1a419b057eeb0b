import type { Subscription } from '@medplum/fhirtypes';
import { backport, type PayloadContent } from '../../src/exchange/subscriptions/backport.ts';
import { topics } from '../../src/exchange/subscriptions/topics.ts';
import type { Answer, Party } from './hub.ts';

/** A hub in a test calls receivers on loopback. */
export const loopback = { HUB_OUTGOING_HOSTS: '127.0.0.1' };

/** In R4's own manner. */
export const onCriteria = (
  criteria: string,
  endpoint: string,
  channel: Partial<Subscription['channel']> = {},
): Subscription => ({
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'Tell our system',
  criteria,
  channel: { type: 'rest-hook', endpoint, ...channel },
});

/** On the topic of a type. */
export function onTopic(
  type: 'Task' | 'ServiceRequest',
  endpoint: string,
  { content = 'id-only', filter = '' }: { content?: PayloadContent; filter?: string } = {},
): Subscription {
  const url = topics.find(topic => topic.type === type)?.url ?? '';
  const filters = filter ? [{ url: backport.filterCriteria, valueString: `${type}?${filter}` }] : [];
  return {
    ...onCriteria(url, endpoint, {
      payload: 'application/fhir+json',
      ...{ _payload: { extension: [{ url: backport.payloadContent, valueCode: content }] } },
    }),
    ...(filters.length ? { _criteria: { extension: filters } } : {}),
  } as Subscription;
}

export interface Subscribed {
  id: string;
  secret: string;
  answer: Answer;
}

export async function subscribe(party: Party, subscription: Subscription): Promise<Subscribed> {
  const answer = await party.request('POST', '/Subscription', subscription);
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return { id: answer.json.id, secret: answer.headers.get('webhook-secret') ?? '', answer };
}
