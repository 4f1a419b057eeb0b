import type { Resource } from '@medplum/fhirtypes';
import { isOpen } from '../src/access/open-types.ts';
import { wordsOf } from '../src/fhir/index/words.ts';
import { rowsOf } from '../src/fhir/write/compile.ts';
import type { Hub } from '../src/hub.ts';
import type { PartyRow, Rid, VersionWrite } from '../src/store/types.ts';
import { carePlan, condition, moment, observation, patient, pick, serviceRequest } from './resources.ts';

/** The organizations that are measured: one has nearly a third of all records, one a hundredth. */
export const big = 'org-big';
export const small = 'org-small';
const others = Array.from({ length: 60 }, (_, at) => `org-${at}`);

/** Resources of one person, the Patient among them. */
const each = 10;

/** Whose record a person's is: 30 % the big organization's, 1 % the small one's. */
export function sourceOf(n: number): string {
  const place = (n * 7919) % 100;
  if (place < 30) return big;
  return place === 30 ? small : pick(others, n);
}

export const people = (size: number): number => Math.floor((size * 0.98) / each);

/** A region of about so many resources, committed as history: bodies, index, words, and who is party to a Task. */
export async function fill(hub: Hub, size: number): Promise<void> {
  const loader = new Loader(hub);
  for (const id of [big, small, ...others])
    await loader.add({ resourceType: 'Organization', id, name: id, active: true }, id);
  for (let n = 0; n < size / 100; n++) for (const one of place(n)) await loader.add(one, pick(others, n));
  for (let n = 0; n < people(size); n++) for (const one of person(n)) await loader.add(one, sourceOf(n));
  await loader.flush();
  await hub.store.analyze();
}

export type Named = Resource & { id: string };

const words = ['counseling', 'detoxification', 'housing', 'trauma', 'anxiety', 'family', 'peer', 'crisis'];
export const serviceTypes = ['570', '372', '378', '376', '383'];
export const payers = ['medicaid', 'medicare', 'private', 'none'];

/** A place with a service: scattered over three degrees. */
function place(n: number): Named[] {
  return [
    {
      resourceType: 'Location',
      id: `place-${n}`,
      name: `Place ${n}`,
      position: { latitude: 40.3 + ((n * 37) % 300) / 100, longitude: -72.9 + ((n * 53) % 300) / 100 },
    },
    {
      resourceType: 'HealthcareService',
      id: `service-${n}`,
      name: `${pick(words, n)} and ${pick(words, n * 3 + 1)}`,
      comment: `Offers ${pick(words, n * 5 + 2)} to adults`,
      location: [{ reference: `Location/place-${n}` }],
      type: [
        {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/service-type', code: pick(serviceTypes, n) },
          ],
        },
      ],
      characteristic: [{ coding: [{ system: 'urn:example:payer', code: pick(payers, n >> 2) }] }],
    },
  ];
}

const statuses = [
  'requested',
  'accepted',
  'in-progress',
  'completed',
  'completed',
  'completed',
  'rejected',
] as const;

function person(n: number): Named[] {
  const subject = `Patient/p-${n}`;
  const source = sourceOf(n);
  const named = (resource: Resource, id: string): Named => ({ ...resource, id });
  const task = (at: number): Named => ({
    resourceType: 'Task',
    id: `t-${n}-${at}`,
    status: pick(statuses, n * 3 + at),
    intent: 'order',
    for: { reference: subject },
    focus: { reference: `ServiceRequest/s-${n}-${at}` },
    requester: { reference: `Organization/${source}` },
    owner: { reference: `Organization/${at === 0 ? source : sourceOf(n + 1)}` },
    authoredOn: moment(n),
  });
  return [
    named(patient(n), `p-${n}`),
    named(carePlan(n, subject), `c-${n}`),
    {
      resourceType: 'CareTeam',
      id: `m-${n}`,
      status: 'active',
      subject: { reference: subject },
      name: 'Team',
    },
    named(serviceRequest(n, subject, `Organization/${source}`), `s-${n}-0`),
    named(serviceRequest(n + 1, subject, `Organization/${source}`), `s-${n}-1`),
    task(0),
    task(1),
    named(condition(n, subject), `d-${n}`),
    named(observation(n, subject), `o-${n}-0`),
    named(observation(n + 7, subject), `o-${n}-1`),
  ];
}

/** Commits resources as history, without the rules of the write path. */
export class Loader {
  readonly #hub: Hub;
  readonly #rids = new Map<string, Rid>();
  #writes: VersionWrite[] = [];
  #links: { via: Rid; relations: []; parties: PartyRow[] }[] = [];
  #free: Rid[] = [];
  #at = Date.parse('2026-01-01T00:00:00Z');

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  async add(resource: Named, source: string): Promise<void> {
    const { parts, store } = this.#hub;
    if (this.#free.length === 0) this.#free = (await store.reserve(10_000)).reverse();
    const rid = this.#free.pop() ?? 0;
    const { resourceType: type, id } = resource;
    this.#rids.set(`${type}/${id}`, rid);
    this.#at += 1000;
    const meta = { ...resource.meta, versionId: '1', lastUpdated: new Date(this.#at).toISOString() };
    const whole = { ...resource, meta } as Resource;
    const none = { tok: [], ref: [], str: [], dt: [], num: [], qty: [], uri: [], pos: [], tuple: [] };
    this.#writes.push({
      rid,
      type,
      id,
      ver: 1,
      at: this.#at,
      op: 'create',
      body: JSON.stringify(whole),
      actor: 'bench',
      org: source,
      purpose: null,
      source,
      patient: /-(\d+)/.exec(id) && !isOpen(type) ? `p-${id.split('-')[1]}` : null,
      label: 0,
      open: isOpen(type),
      add: rowsOf(parts.extract(whole), reference => this.#rids.get(reference)),
      remove: none,
      words: wordsOf(whole),
      work: [],
      quiet: true,
    });
    if (resource.resourceType === 'Task') {
      const org = resource.owner?.reference?.split('/')[1] ?? '';
      this.#links.push({
        via: rid,
        relations: [],
        parties: [{ org, rid, labels: 0, starts: 0, ends: null }],
      });
    }
    if (this.#writes.length >= 2000) await this.flush();
  }

  async flush(): Promise<void> {
    const result = await this.#hub.store.commit({ expect: [], writes: this.#writes, links: this.#links });
    if (!result.ok) throw new Error(JSON.stringify(result.failed));
    this.#writes = [];
    this.#links = [];
  }
}
