import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/harness/databases.ts';
import { listOf, noRows, version } from '../../../test/harness/writes.ts';
import type { Reader } from '../database.ts';
import type { Store } from '../store.ts';
import type { IndexRows, Links, Rid, VersionWrite } from '../types.ts';
import { type Effort, usualEffort } from './effort.ts';
import { include } from './include.ts';
import { accessFilters, queries } from './naive/query.ts';
import { NaiveSearch } from './naive/search.ts';
import {
  type NaiveLink,
  type NaiveResource,
  paramOf,
  renumbered,
  types,
  type World,
  worlds,
} from './naive/world.ts';
import { search } from './search.ts';
import type { SearchQuery } from './types.ts';

const full = process.env.CHECK_FULL !== undefined;
const size = { worlds: full ? 20 : 3, resources: 40 };
/** SQLite answers at once, PostgreSQL over a connection. */
const queriesOn = { sqlite: full ? 2000 : 200, postgres: full ? 500 : 50 };

/** Every way to begin, however small the data: gathering, giving up a stream, streaming to the end. */
const efforts: Effort[] = [
  usualEffort,
  { few: 0, small: 3, large: 1000, trial: 5 },
  { few: 0, small: 0, large: 0, trial: 3 },
  { few: 0, small: 0, large: 0, trial: 1000 },
];

eachDatabase('search equals a naive evaluation', database => {
  const all = fc.sample(worlds(size.resources), { seed: 20260301, numRuns: size.worlds });

  describe.each(all.map((start, number) => ({ start, number })))('world $number', ({ start, number }) => {
    const loaded = once(() => load(start));
    const sampled = <T>(one: fc.Arbitrary<T>, numRuns: number) => fc.sample(one, { seed: number, numRuns });
    const asked = (world: World) =>
      fc.tuple(
        queries(
          world.resources.map(it => it.rid),
          world.resources.map(it => it.id),
        ),
        accessFilters,
      );

    it('page by page, with totals', async () => {
      const { reader, world } = await loaded();
      let found = 0;
      for (const [at, [query, access]] of sampled(asked(world), queriesOn[database.name]).entries()) {
        const rids = new NaiveSearch(world, access).run(query);
        const effort = efforts[at % efforts.length] ?? usualEffort;
        const all = await readAll(query, after =>
          search(reader, { ...query, ...(after !== undefined && { after }) }, access, effort),
        );
        expect(all, JSON.stringify({ query, access, effort })).toEqual({ rids, total: rids.length });
        found += rids.length;
      }
      expect(found).toBeGreaterThan(queriesOn[database.name]);
    });

    it('in what a page includes', async () => {
      const { reader, world } = await loaded();
      const request = fc.tuple(
        fc.constantFrom('forward' as const, 'reverse' as const),
        fc.subarray(
          world.resources.map(it => it.rid),
          { minLength: 1, maxLength: 6 },
        ),
        fc.subarray(
          types.map(type => paramOf(type, 'ref')),
          { minLength: 1 },
        ),
        accessFilters,
      );
      for (const [direction, rids, params, access] of sampled(request, 30)) {
        const expected = new NaiveSearch(world, access).linked(direction, rids, params);
        const found = await include(reader, { direction, rids, params, limit: 1000 }, access);
        expect(found.map(it => it.rid)).toEqual(expected);
        const cut = await include(reader, { direction, rids, params, limit: 2, types: ['Task'] }, access);
        const tasks = found.filter(it => it.type === 'Task').slice(0, 2);
        expect(cut).toEqual(tasks);
      }
    });

    it('in conditions', async () => {
      const { store, world } = await loaded();
      for (const [query, access] of sampled(asked(world), 20)) {
        const matches = new NaiveSearch(world, access).run(query);
        const condition = store.condition(query, access);
        const result = await store.commit(listOf([], { expect: [{ kind: 'no-match', condition }] }));
        expect(result.ok, JSON.stringify({ query, access })).toBe(matches.length === 0);
      }
    });
  });

  async function load(start: World): Promise<{ store: Store; reader: Reader; world: World }> {
    const options = await database.options();
    const store = await database.open(options);
    const world = renumbered(start, await store.reserve(start.resources.length));
    await store.commit(listOf(world.resources.map(it => write(it, { add: before(world, it), at: 1 }))));
    await store.commit(listOf(lastVersions(world), { links: linksOf(world) }));
    await store.analyze();
    return { store, reader: database.reader(options), world };
  }
});

function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= start();
    return started;
  };
}

/** All pages of a search: every page but the last is full. */
async function readAll(
  query: SearchQuery,
  page: (after?: string) => ReturnType<typeof search>,
): Promise<{ rids: Rid[]; total: number | undefined }> {
  const rids: Rid[] = [];
  let found = await page();
  const { total } = found;
  for (;;) {
    rids.push(...found.entries.map(entry => entry.rid));
    expect(rids.length).toBeLessThanOrEqual(size.resources);
    if (found.next === undefined) return { rids, total };
    expect(found.entries).toHaveLength(query.count);
    found = await page(found.next);
  }
}

function lastVersions(world: World): VersionWrite[] {
  return world.resources.map(it => {
    const change = { ver: 2, remove: before(world, it), at: it.updated };
    if (it.deleted) return write(it, { ...change, op: 'delete', body: null, add: noRows });
    return write(it, { ...change, op: 'update', add: it.rows });
  });
}

/** What a first version is indexed by: another resource's values, so that the second changes every row. */
function before(world: World, { rid, type }: NaiveResource): IndexRows {
  const alike = world.resources.filter(other => other.type === type);
  const next = alike[(alike.findIndex(other => other.rid === rid) + 1) % alike.length];
  return next?.rows ?? noRows;
}

function write(it: NaiveResource, more: Partial<VersionWrite>): VersionWrite {
  const { rid, type, id, source, patient, label, open } = it;
  const body = JSON.stringify({ resourceType: type, id, texts: it.texts });
  return version({ rid, type, id, source, patient, label, open, body, ...more });
}

/** Each rests on a resource of its own. */
function linksOf({ resources, relations, parties }: World): Links[] {
  const via = (at: number) => resources[at]?.rid ?? -1;
  const common = ({ org, labels, starts, ends }: NaiveLink) => ({ org, labels, starts, ends });
  return [
    ...relations.map((link, at) => ({
      via: via(at),
      relations: [{ ...common(link), patient: link.patient }],
      parties: [],
    })),
    ...parties.map((link, at) => ({
      via: via(relations.length + at),
      relations: [],
      parties: [{ ...common(link), rid: link.of }],
    })),
  ];
}
