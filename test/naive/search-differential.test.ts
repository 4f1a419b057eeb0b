import type { Bundle } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { teachTypes } from '../../src/fhir/index/medplum-types.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type AskedSearch, asked, organizations, population } from './arbitrary.ts';
import { type Held, NaiveServer, type NaiveWorld } from './world.ts';

const full = Boolean(process.env.CHECK_FULL);
/** `CHECK_SEED` repeats a run that failed. */
const firstSeed = Number(process.env.CHECK_SEED ?? (full ? Date.now() : 20260301));
const worlds = full ? 60 : 4;
const searchesOfEach = full ? 100 : 40;

/** Every page of a search over HTTP. */
async function pages(hub: TestHub, party: Party, first: string): Promise<{ ids: string[]; total: number }> {
  const ids: string[] = [];
  let total = -1;
  for (let next: string | undefined = first, page = 0; next !== undefined; page++) {
    const answer = await party.get(next);
    if (answer.status !== 200 || page > 40) throw new Error(`${next}: ${answer.status} ${answer.text}`);
    const bundle = answer.json as Bundle;
    total = bundle.total ?? total;
    ids.push(...(bundle.entry ?? []).map(entry => entry.resource?.id ?? ''));
    next = bundle.link?.find(one => one.relation === 'next')?.url?.slice(`${hub.url}/fhir`.length);
  }
  return { ids, total };
}

function addressOf({ type, conditions, sort, count }: AskedSearch): string {
  const escaped = (value: string) => value.replace(/,/g, '\\,');
  const query = new URLSearchParams(
    conditions.map(({ name, values }) => [name, values.map(escaped).join(',')]),
  );
  if (sort) query.set('_sort', sort);
  query.set('_count', String(count));
  query.set('_total', 'accurate');
  return `/${type}?${query}`;
}

eachDatabase('random searches give what a naive evaluation gives', database => {
  let hub: TestHub;
  const parties = new Map<string, Party>();

  beforeAll(async () => {
    hub = await startTestHub(database);
    teachTypes(hub.hub.parts.definitions.schema);
    for (const name of organizations) parties.set(name, await hub.party(name, { loads: true }));
  });
  afterAll(() => hub.stop());

  const partyOf = (name: string): Party => {
    const party = parties.get(name);
    if (!party) throw new Error(`no party ${name}`);
    return party;
  };

  async function load({ held, relations }: NaiveWorld): Promise<void> {
    for (const [source, own] of Map.groupBy(held, one => one.source)) {
      const entry = own.map(({ resource }) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      }));
      const bundle = { resourceType: 'Bundle', type: 'transaction', entry };
      const answer = await partyOf(source).request('POST', '', bundle);
      if (answer.status !== 200) throw new Error(answer.text);
    }
    const { store } = hub.hub;
    for (const { patient, org } of relations) {
      const [located] = await store.locate([{ type: 'Patient', id: patient }], {
        organization: 'hub',
        now: 0,
        types: '*',
        internal: true,
      });
      const [via = 0] = await store.reserve(1);
      const row = { patient: located?.id ?? '', org, labels: 0, starts: 0, ends: null };
      await store.commit({ expect: [], writes: [], links: [{ via, relations: [row], parties: [] }] });
    }
  }

  /** All but the practitioner, whom every world has. */
  async function unload({ held }: NaiveWorld): Promise<void> {
    const gone = held.filter(one => one.resource.resourceType !== 'Practitioner');
    for (const [source, own] of Map.groupBy(gone, one => one.source)) {
      const entry = own.map(({ resource }) => ({
        request: { method: 'DELETE', url: `${resource.resourceType}/${resource.id}` },
      }));
      const bundle = { resourceType: 'Bundle', type: 'transaction', entry };
      const answer = await partyOf(source).request('POST', '', bundle);
      if (answer.status !== 200) throw new Error(answer.text);
    }
  }

  async function compareWith(
    world: NaiveWorld,
    search: AskedSearch,
    organization: string,
    seed: number,
  ): Promise<number> {
    const naive = new NaiveServer(world, hub.hub.parts.definitions, organization);
    const expected = naive.search(search.type, search.conditions);
    const address = addressOf(search);
    const { ids, total } = await pages(hub, partyOf(organization), address);
    const idOf = (held: Held) => held.resource.id;
    const shown = `seed ${seed}, ${organization}: ${decodeURIComponent(address)}`;
    expect(ids.toSorted(), shown).toEqual(expected.map(idOf).sort());
    expect(total, shown).toBe(expected.length);
    // Nothing has changed: whatever is remembered is the same.
    for (let again = 0; again < 2; again++)
      expect(await pages(hub, partyOf(organization), address), shown).toEqual({ ids, total });
    if (search.sort) {
      const [code, descending] = [search.sort.replace(/^-/, ''), search.sort.startsWith('-')];
      const byId = new Map(expected.map(held => [idOf(held), naive.sortKey(held, code, descending)]));
      const keys = ids.map(id => byId.get(id));
      const order = keys.toSorted((a, b) => {
        if (a === b || a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
        return a < b === descending ? 1 : -1;
      });
      expect(keys, shown).toEqual(order);
    }
    return expected.length;
  }

  it(
    `in ${worlds} random worlds, by the actors of ${organizations.length} organizations`,
    async () => {
      let found = 0;
      for (let run = 0; run < worlds; run++) {
        const seed = firstSeed + run;
        const [sample] = fc.sample(population(`${run}`), { seed, numRuns: 1 });
        // Plain JSON, as it is sent: samples have objects without a prototype.
        const world: NaiveWorld = JSON.parse(JSON.stringify(sample));
        await load(world);
        const ids = world.held.flatMap(({ resource }) =>
          resource.resourceType === 'Patient' ? [resource.id] : [],
        );
        const cases = fc.sample(fc.tuple(asked(ids), fc.constantFrom(...organizations)), {
          seed,
          numRuns: searchesOfEach,
        });
        for (const [search, organization] of cases)
          found += await compareWith(world, search, organization, seed);
        await unload(world);
      }
      // Searches that find nothing would compare well with anything.
      expect(found).toBeGreaterThan(worlds * searchesOfEach * 0.3);
    },
    full ? 900_000 : 60_000,
  );
});
