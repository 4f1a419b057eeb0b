import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, version } from '../../test/harness/writes.ts';
import type { ClearanceRow, Links, Rid } from './types.ts';

const SUD = 1;

const clearance = (discloser: string, level: ClearanceRow['level'] = 'packet'): ClearanceRow => ({
  patient: 'p',
  level,
  org: 'friend',
  excepted: [],
  discloser,
  labels: SUD,
  starts: 0,
  ends: null,
});
const always = { labels: 0, starts: 0, ends: null };
const party = (org: string) => (rid: Rid) => ({ parties: [{ rid, org, ...always }] });
const relation = () => ({ relations: [{ patient: 'p', org: 'friend', ...always }] });
const none = () => ({});

/** Who sees what the hub passes on of the hospital, with these links and clearances. */
const cases: [
  name: string,
  organization: string,
  links: (rid: Rid) => Partial<Links>,
  clearances: ClearanceRow[],
  seen: boolean,
][] = [
  ['who writes it', 'hub', none, [], true],
  ['whose information it is, as a party', 'hospital', party('hospital'), [], true],
  ['not whose information it is, who is no party', 'hospital', none, [clearance('hospital')], false],
  ['who is cleared for what its origin discloses', 'friend', party('friend'), [clearance('hospital')], true],
  ['not who is cleared for what the hub discloses', 'friend', party('friend'), [clearance('hub')], false],
  ['not who is not cleared', 'friend', party('friend'), [], false],
  ['not who is cleared without a relationship', 'friend', none, [clearance('hospital')], false],
  ['who has the record', 'friend', relation, [clearance('hospital', 'record')], true],
];

eachDatabase('what the hub passes on', database => {
  it.each(cases)('is seen by %s', async (_name, organization, links, clearances, seen) => {
    const store = await database.open();
    const [via = 0, rid = 0] = await store.reserve(2);
    const copy = { rid, type: 'ServiceRequest', id: 'x', source: 'hub', patient: 'p', label: SUD };
    const writes = [version({ rid: via, type: 'Consent' }), version({ ...copy, origin: 'hospital' })];
    const all = { via, relations: [], parties: [], ...links(rid), clearances };
    expect(await store.commit(listOf(writes, { links: [all] }))).toMatchObject({ ok: true });
    const filter = asSeenBy(organization);
    const found = await store.read({ type: 'ServiceRequest', id: 'x' }, filter);
    expect(found !== undefined).toBe(seen);
  });

  it('says whose it is wherever it is found, until a version of it says otherwise', async () => {
    const store = await database.open();
    const [rid = 0] = await store.reserve(1);
    const key = { type: 'ServiceRequest', id: 'x' };
    const filter = asSeenBy('hub');
    const whose = async () => {
      const query = { types: ['ServiceRequest'], filters: [], sort: [], count: 9, total: 'none' } as const;
      const found = [
        await store.read(key, filter),
        await store.vread(key, 1, filter),
        ...(await store.readMany([rid], filter)),
        ...(await store.locate([key], filter)),
        ...(await store.search({ ...query, sort: [{ kind: 'id', descending: false }] }, filter)).entries,
        (await store.history({ ...key, count: 1 }, filter))[0],
        (await store.authorship({ of: [key], types: [key.type], limit: 1 }, filter))[0],
      ];
      return [...new Set(found.map(one => `${one?.source} for ${one?.origin}`))];
    };
    const write = async (ver: number, origin?: string) =>
      expect(
        await store.commit(
          listOf([version({ rid, ...key, ver, source: 'hub', ...(origin ? { origin } : {}) })]),
        ),
      ).toMatchObject({ ok: true });
    await write(1, 'hospital');
    expect(await whose()).toEqual(['hub for hospital']);
    await write(2);
    expect(await whose()).toEqual(['hub for hub']);
  });
});
