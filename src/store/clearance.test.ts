import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, noRows, version } from '../../test/harness/writes.ts';
import type { ClearanceRow, Links, Rid } from './types.ts';

const [SUD, HIV] = [1, 2];
const now = 1000;

const record = (row: Partial<ClearanceRow> = {}): ClearanceRow => ({
  patient: 'p',
  level: 'record',
  org: 'friend',
  excepted: [],
  discloser: '',
  labels: SUD,
  starts: 0,
  ends: null,
  ...row,
});

const relation = { patient: 'p', org: 'friend', labels: 0, starts: 0, ends: null };
const party = (rid: Rid) => ({ rid, org: 'friend', labels: 0, starts: 0, ends: null });

/** What a resource of the clinic with these labels is to a friend that has these links and clearances. */
const cases: [
  name: string,
  label: number,
  links: (rid: Rid) => Partial<Links>,
  clearances: ClearanceRow[],
  seen: boolean,
][] = [
  ['seen with a relationship and a clearance', SUD, () => ({ relations: [relation] }), [record()], true],
  ['not seen with a clearance alone', SUD, () => ({}), [record()], false],
  ['not seen, without a label, with a clearance alone', 0, () => ({}), [record()], false],
  ['not seen without a clearance', SUD, () => ({ relations: [relation] }), [], false],
  ['not seen with another label', HIV, () => ({ relations: [relation] }), [record()], false],
  ['not seen with one label of two', SUD | HIV, () => ({ relations: [relation] }), [record()], false],
  [
    'seen where relationship and clearance share the labels',
    SUD | HIV,
    () => ({ relations: [{ ...relation, labels: HIV }] }),
    [record()],
    true,
  ],
  [
    'not seen by two clearances of one label each',
    SUD | HIV,
    () => ({ relations: [relation] }),
    [record(), record({ labels: HIV, starts: 1 })],
    false,
  ],
  [
    'not seen with a clearance of another person',
    SUD,
    () => ({ relations: [relation] }),
    [record({ patient: 'q' })],
    false,
  ],
  [
    'not seen with a clearance of another organization',
    SUD,
    () => ({ relations: [relation] }),
    [record({ org: 'other' })],
    false,
  ],
  ['seen with one for all', SUD, () => ({ relations: [relation] }), [record({ org: '' })], true],
  [
    'seen with one for all but others',
    SUD,
    () => ({ relations: [relation] }),
    [record({ org: '', excepted: ['fri', 'friends', 'end'] })],
    true,
  ],
  [
    'not seen with one for all but it',
    SUD,
    () => ({ relations: [relation] }),
    [record({ org: '', excepted: ['a', 'friend', 'b'] })],
    false,
  ],
  [
    'seen where its source discloses',
    SUD,
    () => ({ relations: [relation] }),
    [record({ discloser: 'clinic' })],
    true,
  ],
  [
    'not seen where another discloses',
    SUD,
    () => ({ relations: [relation] }),
    [record({ discloser: 'other' })],
    false,
  ],
  ['not seen before', SUD, () => ({ relations: [relation] }), [record({ starts: now + 1 })], false],
  ['seen to the last', SUD, () => ({ relations: [relation] }), [record({ ends: now + 1 })], true],
  ['not seen after', SUD, () => ({ relations: [relation] }), [record({ ends: now })], false],
  [
    'not seen in a packet by what is cleared of records',
    SUD,
    rid => ({ parties: [party(rid)] }),
    [record()],
    false,
  ],
  [
    'seen in a packet by what is cleared of packets',
    SUD,
    rid => ({ parties: [party(rid)] }),
    [record({ level: 'packet' })],
    true,
  ],
  [
    'not seen in a record by what is cleared of packets',
    SUD,
    () => ({ relations: [relation] }),
    [record({ level: 'packet' })],
    false,
  ],
  [
    'not seen when the relationship has ended',
    SUD,
    () => ({ relations: [{ ...relation, ends: now }] }),
    [record()],
    false,
  ],
];

eachDatabase('what a consent clears', database => {
  it.each(cases)('is %s', async (_name, label, links, clearances, seen) => {
    const store = await database.open();
    const [via = 0, rid = 0] = await store.reserve(2);
    const writes = [
      version({ rid: via, type: 'Consent' }),
      version({ rid, type: 'Observation', id: 'x', source: 'clinic', patient: 'p', label }),
    ];
    const all = { via, relations: [], parties: [], ...links(rid), clearances };
    expect(await store.commit(listOf(writes, { links: [all] }))).toMatchObject({ ok: true });
    const friend = asSeenBy('friend', { now });
    expect((await store.read({ type: 'Observation', id: 'x' }, friend)) !== undefined).toBe(seen);
    const search = {
      types: ['Observation'],
      filters: [],
      sort: [{ kind: 'id', descending: false }],
      count: 10,
      total: 'accurate',
    } as const;
    expect((await store.search(search, friend)).total).toBe(seen ? 1 : 0);
  });

  it('is replaced with the next list of what it rests on, and stays where that says nothing of it', async () => {
    const store = await database.open();
    const [via = 0, rid = 0] = await store.reserve(2);
    const key = { type: 'Observation', id: 'x' };
    const friend = asSeenBy('friend', { now });
    const link = (more: Partial<Links>): Links => ({ via, relations: [relation], parties: [], ...more });
    const seen = async () => (await store.read(key, friend)) !== undefined;
    const consent = (ver: number) => version({ rid: via, type: 'Consent', ver });
    const labelled = version({ rid, ...key, source: 'clinic', patient: 'p', label: SUD });
    await store.commit(listOf([consent(1), labelled], { links: [link({ clearances: [record()] })] }));
    expect(await seen()).toBe(true);
    await store.commit(listOf([consent(2)], { links: [link({})] }));
    expect(await seen()).toBe(true);
    await store.commit(listOf([consent(3)], { links: [link({ clearances: [] })] }));
    expect(await seen()).toBe(false);
  });

  it('opens nobody else’s way into a record that is only shown', async () => {
    const store = await database.open();
    const [via = 0] = await store.reserve(1);
    const shown = { ...relation, org: 'shown', opens: false } as const;
    const links = [{ via, relations: [relation, shown], parties: [] }];
    await store.commit(listOf([version({ rid: via })], { links }));
    expect(await store.opensRecord('p', 'friend', now)).toBe(true);
    expect(await store.opensRecord('p', 'shown', now)).toBe(false);
  });

  it('is decided over all that refer to the person, or decided again', async () => {
    const store = await database.open();
    const [person = 0, one = 0, two = 0] = await store.reserve(3);
    const refers = (rid: Rid) => version({ rid, type: 'Consent', add: { ...noRows, ref: [[7, person]] } });
    await store.commit(listOf([version({ rid: person, type: 'Patient' }), refers(one)]));
    const alone = (except: Rid[]) => ({
      kind: 'no-match' as const,
      condition: store.otherReferrers({ param: 7, target: person }, except),
    });
    expect(await store.commit(listOf([refers(two)], { expect: [alone([])] }))).toMatchObject({ ok: false });
    expect(await store.commit(listOf([refers(two)], { expect: [alone([one])] }))).toMatchObject({ ok: true });
    expect(await store.commit(listOf([], { expect: [alone([one])] }))).toMatchObject({ ok: false });
  });
});
