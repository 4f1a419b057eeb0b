import type { Extension, Subscription } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../errors.ts';
import { backport, type PayloadContent, payloadContents } from './backport.ts';
import { isSubscribable, type Subscribable, subscribable, type Topic, topics } from './topics.ts';

/** What a Subscription asks for. */
export interface Wanted {
  type: Subscribable;
  /** Search parameters, as in an address. */
  query: string;
  endpoint: string;
  /** Absent: in R4's own manner, the empty message or the resource itself. */
  topic?: Topic;
  content: PayloadContent;
  /** `Name: value`, each sealed once it is stored. */
  headers: readonly string[];
}

const json = ['application/fhir+json', 'application/json'];

/**
 * Reads a Subscription, R4's own (https://hl7.org/fhir/R4/subscription.html) or one on a topic.
 * @throws HubError('unprocessable') with everything the hub does not do.
 */
export function wantedOf(subscription: Subscription): Wanted {
  const problems: Problem[] = [];
  const { channel } = subscription;
  const refuse = (expression: string, text: string) =>
    void problems.push({ text, expression: `Subscription.${expression}`, code: 'not-supported' });
  if (channel.type !== 'rest-hook')
    refuse('channel.type', 'The hub sends notifications by rest-hook alone: set channel.type to rest-hook.');
  if (!channel.endpoint) refuse('channel.endpoint', 'A rest-hook needs the URL that it is sent to.');
  if (channel.payload && !json.includes(channel.payload))
    refuse(
      'channel.payload',
      'The hub sends JSON: set channel.payload to application/fhir+json, or leave it out.',
    );
  for (const { url } of channel.extension ?? [])
    if (url === backport.heartbeatPeriod)
      refuse('channel.extension', 'The hub sends no heartbeats: ask $status now and then instead.');
  const topic = topicOf(subscription);
  const { type, query } = topic ? onTopic(subscription, topic, refuse) : onCriteria(subscription, refuse);
  const content = contentOf(subscription, topic !== undefined, refuse);
  if (problems.length) throw new HubError('unprocessable', problems);
  return {
    type,
    query,
    endpoint: channel.endpoint ?? '',
    ...(topic ? { topic } : {}),
    content,
    headers: channel.header ?? [],
  };
}

type Refuse = (expression: string, text: string) => void;

/** The topic is the criteria itself, or beside it in the extension that older clients use. */
function topicOf(subscription: Subscription): Topic | undefined {
  const beside = subscription.extension?.find(({ url }) => url === backport.topicCanonical);
  const named = [subscription.criteria, beside?.valueUri, beside?.valueCanonical];
  return topics.find(({ url }) => named.includes(url));
}

function onTopic(subscription: Subscription, topic: Topic, refuse: Refuse): Pick<Wanted, 'type' | 'query'> {
  const all = new URLSearchParams();
  for (const text of filtersOf(subscription)) {
    const [type, query] = parted(text);
    if (type !== topic.type) refuse('criteria', `The filters of this topic begin with ${topic.type}?.`);
    for (const [name, value] of new URLSearchParams(query)) {
      if (topic.filters.includes(name.split(':')[0] ?? '')) all.append(name, value);
      else refuse('criteria', `This topic is filtered by ${topic.filters.join(', ')} alone.`);
    }
  }
  return { type: topic.type, query: all.toString() };
}

function filtersOf(subscription: Subscription): string[] {
  const { _criteria } = subscription as Subscription & { _criteria?: { extension?: Extension[] } };
  const extensions = _criteria?.extension ?? [];
  return extensions.flatMap(({ url, valueString }) =>
    url === backport.filterCriteria && valueString ? [valueString] : [],
  );
}

function onCriteria({ criteria }: Subscription, refuse: Refuse): Pick<Wanted, 'type' | 'query'> {
  const [type, query] = parted(criteria ?? '');
  if (isSubscribable(type)) return { type, query };
  const known = topics.map(({ url }) => url).join(', ');
  refuse(
    'criteria',
    `The criteria is a search of ${subscribable.join(', ')}, such as Task?owner=Organization/1, or one of the topics ${known}.`,
  );
  return { type: 'Task', query };
}

function parted(text: string): [type: string, query: string] {
  const at = text.indexOf('?');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function contentOf({ channel }: Subscription, isTopic: boolean, refuse: Refuse): PayloadContent {
  const { _payload } = channel as { _payload?: { extension?: Extension[] } };
  const code = _payload?.extension?.find(({ url }) => url === backport.payloadContent)?.valueCode;
  if (!isTopic) return channel.payload ? 'full-resource' : 'empty';
  const known = payloadContents.find(one => one === (code ?? 'empty'));
  if (known) return known;
  refuse('channel.payload', `The content of the payload is one of ${payloadContents.join(', ')}.`);
  return 'empty';
}
