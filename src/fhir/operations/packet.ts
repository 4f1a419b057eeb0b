import { createHash } from 'node:crypto';
import type { Bundle, DocumentReference, Resource, ServiceRequest } from '@medplum/fhirtypes';
import { bundleSecurity, disclosedTo, noticeIssues } from '../../access/disclosure.ts';
import { requireScope } from '../../access/writes.ts';
import { attachedTo } from '../../referral/packet/attached.ts';
import { packetDocument } from '../../referral/packet/document.ts';
import { gapsOf } from '../../referral/packet/gaps.ts';
import { keyOf, type Names, namelessCodes, withNames } from '../../referral/packet/names.ts';
import { canonical } from '../canonical.ts';
import type { Stored } from '../repository.ts';
import { basisFinder } from './disclosure-basis.ts';
import type { Operation, OperationCall } from './operation.ts';
import { readIfThere, tasksOf } from './packet-material.ts';

/** What is sent with a referral, as the caller may see it. */
export const packet: Operation = {
  name: 'packet',
  definition: `${canonical}/OperationDefinition/packet`,
  documentation:
    'What is sent with a referral, as a document Bundle; as text/html or application/pdf the same for people.',
  levels: ['instance'],
  types: ['ServiceRequest'],
  methods: ['GET'],
  printable: true,
  run: async call => ({ kind: 'resource', resource: await packetOf(call) }),
};

/** What is sent with the request of this id, as a document (https://hl7.org/fhir/R4/documents.html). */
export async function packetOf({
  parts,
  repository,
  id = '',
}: Pick<OperationCall, 'parts' | 'repository' | 'id'>): Promise<Bundle> {
  requireScope(repository.actor, 'read', 'ServiceRequest');
  const request = (await repository.read('ServiceRequest', id)).resource() as ServiceRequest;
  const tasks = await tasksOf(repository, request);
  const names = attachedTo(request, tasks);
  const read = (reference: string) => readIfThere(repository, reference);
  const attached = (await Promise.all(names.map(read))).filter(one => one !== undefined);
  const files = await Promise.all(attached.flatMap(one => binariesOf(one.resource())).map(read));
  const all = [...attached, ...files.filter(one => one !== undefined)];
  const author = request.requester?.reference ?? `Organization/${repository.actor.organization}`;
  const known = await Promise.all(knownIn(all, [author]).map(read));
  const disclosed = disclosedTo(repository.actor.organization, all);
  const now = parts.clock.now();
  const displays = await displaysIn([...all.map(one => one.resource()), ...tasks], parts);
  return packetDocument({
    request,
    attached: all.map(one => one.resource()),
    known: known.flatMap(one => (one ? [one.resource()] : [])),
    leftOut: names.length - attached.length,
    displays,
    gaps: tasks.flatMap(task => gapsOf(withNames(task, displays))),
    notices: disclosed ? await notices(disclosed, all, { parts, repository, now }) : [],
    security: disclosed ? bundleSecurity(disclosed) : [],
    author,
    base: parts.baseUrl,
    uuid: uuidOf([now.toISOString(), repository.actor.organization, ...all.map(versionOf)]),
    now,
  });
}

/** What codes that say no words are called, as far as the hub holds their systems. */
async function displaysIn(
  resources: readonly Resource[],
  { terminology }: OperationCall['parts'],
): Promise<Names> {
  const found = namelessCodes(resources).map(async (one): Promise<[string, string][]> => {
    const display = (await terminology.find(one))?.concept.display;
    return display === undefined ? [] : [[keyOf(one), display]];
  });
  return new Map((await Promise.all(found)).flat());
}

/** The notice of each label, and on what each labelled disclosure rests (42 CFR 2.32). */
async function notices(
  disclosed: number,
  all: readonly Stored[],
  { parts, repository, now }: Pick<OperationCall, 'parts' | 'repository'> & { now: Date },
): Promise<string[]> {
  const recipient = repository.actor.organization;
  const grounds = new Set<string>();
  for (const { label, origin, patient } of all) {
    if (label === 0 || origin === recipient || patient === null) continue;
    const basis = await basisFinder(parts, patient)({ at: now.getTime(), recipient, owner: origin, label });
    grounds.add(`Disclosed under ${basis.reference ?? 'the rules of the network'}. ${basis.words}`);
  }
  const whole = noticeIssues(disclosed).flatMap(({ details }) => details?.text ?? []);
  return [...whole, ...grounds];
}

/** Files that documents name: they are part of the document. */
function binariesOf(resource: Resource): string[] {
  if (resource.resourceType !== 'DocumentReference') return [];
  const { content = [] } = resource as DocumentReference;
  const urls = content.flatMap(({ attachment }) => attachment?.url ?? []);
  return urls.flatMap(url => /(?:^|\/fhir\/)(Binary\/[A-Za-z0-9.-]{1,64})$/.exec(url)?.[1] ?? []);
}

const directory = ['Organization', 'Practitioner', 'PractitionerRole', 'Location', 'Medication'];

/** Who and what these resources name that everybody may know, each once. */
function knownIn(all: readonly Stored[], more: readonly string[]): string[] {
  const named = all.flatMap(({ body }) => [...body.matchAll(/"reference":"([A-Z]\w+\/[A-Za-z0-9.-]+)"/g)]);
  const references = [...named.map(([, reference = '']) => reference), ...more];
  return [...new Set(references)].filter(one => directory.includes(one.split('/')[0] ?? ''));
}

const versionOf = ({ type, id, versionId }: Stored): string => `${type}/${id}/_history/${versionId}`;

/** A UUID (version 8, RFC 9562) that follows from what it names. */
function uuidOf(names: readonly string[]): string {
  const hex = createHash('sha256').update(names.join('\n')).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(18, 20),
    hex.slice(20, 32),
  ].join('-');
}
