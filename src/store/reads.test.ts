import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, noRows, version } from '../../test/harness/writes.ts';
import type { AccessFilter } from '../access/filter.ts';
import type { Store } from './store.ts';
import type { CommitList, Links, Rid, VersionWrite } from './types.ts';

const clinic = asSeenBy('clinic');
/** Two restricted labels. */
const [SUD, HIV] = [1, 2];

eachDatabase('reading', database => {
  const applied = async (store: Store, list: CommitList) =>
    expect(await store.commit(list)).toMatchObject({ ok: true });

  it('gives the current version, any version, and a deletion without a body', async () => {
    const store = await database.open();
    const [rid = 0] = await store.reserve(1);
    const key = { type: 'Task', id: 'a' };
    expect(await store.read(key, clinic)).toBeUndefined();
    await applied(store, listOf([version({ rid, id: 'a', body: '{"v":1}', at: 5 })]));
    await applied(store, listOf([version({ rid, id: 'a', ver: 2, body: '{"v":2}', at: 6 })]));
    const owned = { source: 'clinic', origin: 'clinic', patient: null, label: 0 };
    const second = { ...key, ...owned, rid, ver: 2, seq: 2, at: 6, op: 'update', body: '{"v":2}' };
    expect(await store.read(key, clinic)).toEqual(second);
    expect(await store.vread(key, 1, clinic)).toEqual({
      ...key,
      ...owned,
      rid,
      ver: 1,
      seq: 1,
      at: 5,
      op: 'create',
      body: '{"v":1}',
    });
    expect(await store.vread(key, 3, clinic)).toBeUndefined();
    expect(await store.readMany([rid, rid + 1], clinic)).toEqual([second]);
    await applied(store, listOf([version({ rid, id: 'a', ver: 3, op: 'delete', at: 7 })]));
    const deletion = { ...key, ...owned, rid, ver: 3, seq: 3, at: 7, op: 'delete', body: null };
    expect(await store.read(key, clinic)).toEqual(deletion);
    expect(await store.vread(key, 3, clinic)).toEqual(deletion);
    expect(await store.readMany([rid], clinic)).toEqual([]);
    expect(
      await store.locate([key, { type: 'Task', id: 'none' }, { type: 'Patient', id: 'a' }], clinic),
    ).toEqual([
      {
        ...key,
        rid,
        ver: 3,
        deleted: true,
        visible: true,
        source: 'clinic',
        origin: 'clinic',
        patient: null,
      },
    ]);
  });

  it('shows the history of one resource, a type or everything, newest first, page by page', async () => {
    const store = await database.open();
    const [a = 0, b = 0, c = 0] = await store.reserve(3);
    const patient = (write: Partial<VersionWrite> & { rid: Rid }) => version({ ...write, type: 'Patient' });
    const writes = [
      patient({ rid: a, at: 10 }),
      version({ rid: b, at: 20 }),
      patient({ rid: a, ver: 2, at: 30 }),
      patient({ rid: c, at: 40, source: 'elsewhere' }),
      patient({ rid: a, ver: 3, op: 'delete', at: 50 }),
    ];
    for (const write of writes) {
      await applied(store, listOf([write]));
    }
    const seqs = async (request: Omit<Parameters<Store['history']>[0], 'count'>, count = 10) =>
      (await store.history({ ...request, count }, clinic)).map(row => row.seq);
    const instance = { type: 'Patient', id: `id-${a}` };
    expect(await seqs(instance)).toEqual([5, 3, 1]);
    expect(await seqs({ type: 'Patient' })).toEqual([5, 3, 1]);
    expect(await seqs({})).toEqual([5, 3, 2, 1]);
    expect(await seqs({}, 2)).toEqual([5, 3]);
    expect(await seqs({ before: 3 }, 2)).toEqual([2, 1]);
    expect(await seqs({ since: 30 })).toEqual([5, 3]);
    expect(await seqs({ type: 'Patient', since: 20, before: 5 })).toEqual([3]);
    expect(await seqs({ type: 'Patient', id: `id-${c}` })).toEqual([]);
    const [newest] = await store.history({ ...instance, count: 1 }, clinic);
    expect(newest).toEqual({
      ...instance,
      rid: a,
      ver: 3,
      seq: 5,
      at: 50,
      op: 'delete',
      body: null,
      source: 'clinic',
      origin: 'clinic',
      patient: null,
      label: 0,
    });
  });

  it('says what refers to a resource, other than these and itself', async () => {
    const store = await database.open();
    const [target = 0, one = 0, two = 0] = await store.reserve(3);
    const ref = (from: Rid, to: Rid) => version({ rid: from, add: { ...noRows, ref: [[1, to]] } });
    await applied(store, listOf([ref(target, target)]));
    expect(await store.referenced(target, [])).toBe(false);
    await applied(store, listOf([ref(one, target), ref(two, target)]));
    expect(await store.referenced(target, [])).toBe(true);
    expect(await store.referenced(target, [one])).toBe(true);
    expect(await store.referenced(target, [one, two])).toBe(false);
  });

  it('opens the record of a patient to its source, and to a relationship while it lasts', async () => {
    const store = await database.open();
    const [rid = 0] = await store.reserve(1);
    await applied(
      store,
      listOf([version({ rid, type: 'Patient', id: 'p', patient: 'p' })], {
        links: [{ via: rid, relations: [{ ...relation('p', 'friend'), starts: 10, ends: 20 }], parties: [] }],
      }),
    );
    const at = (now: number) => store.opensRecord('p', 'friend', now);
    expect([await at(9), await at(10), await at(19), await at(20)]).toEqual([false, true, true, false]);
    expect(await store.opensRecord('p', 'clinic', 0)).toBe(true);
    expect(await store.opensRecord('other', 'clinic', 0)).toBe(false);
    await applied(
      store,
      listOf([version({ rid, type: 'Patient', id: 'p', patient: 'p', ver: 2, op: 'delete' })]),
    );
    expect(await store.opensRecord('p', 'clinic', 0)).toBe(false);
  });

  const now = 1000;
  const relation = (patient: string, org: string) => ({ patient, org, labels: 0, starts: 0, ends: null });

  /** A resource, what rests on it, who asks, and whether it is there for them. */
  const cases: [
    name: string,
    write: Partial<VersionWrite>,
    links: (rid: Rid) => Partial<Links>,
    AccessFilter,
    boolean,
  ][] = [
    ['its source', { label: 3 }, () => ({}), clinic, true],
    ['a stranger', {}, () => ({}), asSeenBy('stranger'), false],
    ['anyone, when it is open', { open: true }, () => ({}), asSeenBy('stranger'), true],
    [
      'no stranger, when it is open but restricted',
      { open: true, label: SUD },
      () => ({}),
      asSeenBy('stranger'),
      false,
    ],
    ...(['relation', 'party'] as const).flatMap(kind => {
      const link =
        (row: Partial<{ org: string; labels: number; starts: number; ends: number | null }>) =>
        (rid: Rid) => {
          const base = { org: 'friend', labels: 0, starts: 0, ends: null, ...row };
          return kind === 'party'
            ? { parties: [{ ...base, rid }] }
            : { relations: [{ ...base, patient: 'p' }] };
        };
      const friend = asSeenBy('friend');
      return [
        [`a ${kind}`, {}, link({}), friend, true],
        [`no ${kind} of another`, {}, link({ org: 'other' }), friend, false],
        [`a ${kind} from now`, {}, link({ starts: now }), friend, true],
        [`no ${kind} that is to come`, {}, link({ starts: now + 1 }), friend, false],
        [`a ${kind} that ends soon`, {}, link({ ends: now + 1 }), friend, true],
        [`no ${kind} that ends now`, {}, link({ ends: now }), friend, false],
        [`no ${kind} without the label`, { label: SUD }, link({}), friend, false],
        [`no ${kind} with another label`, { label: SUD }, link({ labels: HIV }), friend, false],
        [`no ${kind} with one label of two`, { label: SUD | HIV }, link({ labels: HIV }), friend, false],
        [`a ${kind} with all its labels`, { label: SUD | HIV }, link({ labels: SUD | HIV }), friend, true],
        [`a ${kind} with more labels`, { label: SUD }, link({ labels: SUD | HIV }), friend, true],
        [
          `no ${kind} when the type is out of scope`,
          {},
          link({}),
          asSeenBy('friend', { types: ['Patient'] }),
          false,
        ],
        [
          `a ${kind} when the type is in scope`,
          {},
          link({}),
          asSeenBy('friend', { types: ['Task', 'Patient'] }),
          true,
        ],
      ] as [string, Partial<VersionWrite>, (rid: Rid) => Partial<Links>, AccessFilter, boolean][];
    }),
    [
      'no relation to another patient',
      {},
      () => ({ relations: [relation('q', 'friend')] }),
      asSeenBy('friend'),
      false,
    ],
    [
      'no party of another resource',
      {},
      rid => ({ parties: [{ rid: rid + 1, org: 'friend', labels: 0, starts: 0, ends: null }] }),
      asSeenBy('friend'),
      false,
    ],
    ['the write path itself', { label: 3 }, () => ({}), asSeenBy('hub', { internal: true }), true],
    [
      'not even the write path out of scope',
      {},
      () => ({}),
      asSeenBy('hub', { internal: true, types: ['Patient'] }),
      false,
    ],
    ['no source without scope', {}, () => ({}), asSeenBy('clinic', { types: [] }), false],
  ];

  it('shows a resource, in every way of asking, to exactly those who may see it', async () => {
    const store = await database.open();
    for (const [name, write, links, filter, expected] of cases) {
      const [rid = 0, via = 0] = await store.reserve(2);
      const first = version({
        rid,
        patient: 'p',
        ...write,
        label: 0,
        work: [{ owner: 'o', status: name, due: 1 }],
      });
      await applied(store, listOf([first, version({ rid: via, source: 'nobody' })]));
      // The current label decides, for the versions before as well.
      const second = version({ ...first, ver: 2, op: 'update', label: write.label ?? 0 });
      await applied(store, listOf([second], { links: [{ via, relations: [], parties: [], ...links(rid) }] }));
      const key = { type: 'Task', id: `id-${rid}` };
      const seen = {
        read: (await store.read(key, filter)) !== undefined,
        vread: (await store.vread(key, 1, filter)) !== undefined,
        many: (await store.readMany([rid], filter)).length > 0,
        located: (await store.locate([key], filter))[0]?.visible,
        instance: (await store.history({ ...key, count: 9 }, filter)).length === 2,
        type:
          (await store.history({ type: 'Task', count: 99 }, filter)).filter(row => row.rid === rid).length ===
          2,
        system: (await store.history({ count: 99 }, filter)).filter(row => row.rid === rid).length === 2,
        board: (await store.board({ owner: 'o', statuses: [name], limit: 9 }, filter)).length > 0,
      };
      expect([name, seen]).toEqual([name, Object.fromEntries(Object.keys(seen).map(way => [way, expected]))]);
      await applied(store, listOf([], { links: [{ via, relations: [], parties: [] }] }));
    }
  });
});
