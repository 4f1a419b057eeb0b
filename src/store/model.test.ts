import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { asSeenBy, listOf, noRows, version } from '../../test/harness/writes.ts';
import { compile, type Reader } from './database.ts';
import type { Store } from './store.ts';
import type { CommitList, CommitResult, Expectation, Rid, VersionWrite } from './types.ts';

const clinic = asSeenBy('clinic');
const resources = 4;

/** One step of a list: what is done to one resource, guessing (1 in 6 wrongly) at which version it is. */
interface Step {
  at: number;
  guess: number;
  op: 'write' | 'delete' | 'expect-version' | 'expect-exists' | 'expect-unreferenced';
  /** A resource that the new version refers to (expected to exist), or none. */
  refers: number | null;
  /** A code that no other resource may have, or none. */
  code: string | null;
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(resources - 1),
  guess: fc.nat(5),
  op: fc.constantFrom(
    'write',
    'write',
    'write',
    'delete',
    'expect-version',
    'expect-exists',
    'expect-unreferenced',
  ),
  refers: fc.option(fc.nat(resources - 1), { freq: 2 }),
  code: fc.option(fc.constantFrom('x', 'y'), { freq: 3 }),
});
const plans = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 8, maxLength: 30 });

/** What is held about one resource, as plainly as can be. */
interface Held {
  ver: number;
  deleted: boolean;
  refs: Rid[];
  codes: string[];
}

type State = ReadonlyMap<Rid, Held>;

interface Outcome {
  list: CommitList;
  result: CommitResult;
}

eachDatabase('random lists from concurrent committers', database => {
  let stores: Store[];
  let reader: Reader;
  beforeAll(async () => {
    const options = await database.options();
    stores = [await database.open(options), await database.open(options)];
    reader = database.reader(options);
  });

  it('leave what a naive model has after the lists that succeeded, in their order', async () => {
    let succeeded = 0;
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(plans, async ([...queue]) => {
        const rids = (await stores[0]?.reserve(resources)) ?? [];
        const outcomes: Outcome[] = [];
        const work = async (store: Store) => {
          for (let plan = queue.shift(); plan; plan = queue.shift()) {
            const list = await build(reader, rids, plan);
            outcomes.push({ list, result: await store.commit(list) });
          }
        };
        await Promise.all([...stores, ...stores].map(work));
        expect(await heldBy(reader, rids)).toEqual(inOrder(replay(outcomes)));
        await sameChanges(changesOf(outcomes), stores[1] as Store, rids);
        succeeded += outcomes.filter(({ result }) => result.ok).length;
        failed += outcomes.filter(({ result }) => !result.ok).length;
      }),
      { numRuns: 40, seed: 11 },
    );
    // Else the property would say little.
    expect(Math.min(succeeded, failed)).toBeGreaterThan(100);
  });
});

/** The list of a plan, on what is there now: others may be quicker. */
async function build(reader: Reader, rids: readonly Rid[], plan: readonly Step[]): Promise<CommitList> {
  const held = await heldBy(reader, rids);
  const expectations: Expectation[] = [];
  const writes: VersionWrite[] = [];
  for (const each of plan) {
    const rid = rids[each.at] ?? 0;
    const before = held.get(rid) ?? { ver: 0, deleted: false, refs: [], codes: [] };
    const ver = each.guess === 0 ? stale(before.ver) : before.ver;
    const target = each.refers === null ? undefined : rids[each.refers];
    expectations.push(...expectationsOf(reader, rids, each, ver));
    if (each.op === 'write' || each.op === 'delete') {
      const after: Held = { ver: ver + 1, deleted: each.op === 'delete', refs: [], codes: [] };
      if (each.op === 'write') {
        after.refs = target === undefined ? [] : [target];
        after.codes = each.code === null ? [] : [codeFor(rids, each.code)];
      }
      writes.push(writeOf(rid, before, after));
      held.set(rid, after);
    }
  }
  return listOf(writes, { expect: expectations });
}

/** A version that will not come: index rows are only right for the version they were computed from. */
function stale(ver: number): number {
  return ver === 0 ? 1000 : ver - 1;
}

function expectationsOf(reader: Reader, rids: readonly Rid[], each: Step, ver: number): Expectation[] {
  const rid = rids[each.at] ?? 0;
  const except = [rids[each.guess % resources] ?? 0];
  switch (each.op) {
    case 'expect-version':
      // Nobody else can create a row number of ours: that one is absent is nothing to wait for.
      return ver === 0 ? [] : [{ kind: 'version', rid, ver }];
    case 'expect-exists':
      return [{ kind: 'exists', rid }];
    case 'expect-unreferenced':
    case 'delete':
      return [{ kind: 'unreferenced', rid, except }];
    case 'write': {
      const target = each.refers === null ? undefined : rids[each.refers];
      const exists = target === undefined ? [] : [{ kind: 'exists', rid: target } as const];
      return each.code === null ? exists : [...exists, noMatch(reader, codeFor(rids, each.code))];
    }
  }
}

/** Each run of the property has codes of its own. */
function codeFor(rids: readonly Rid[], code: string): string {
  return `${code}-${rids[0]}`;
}

function noMatch(reader: Reader, code: string): Expectation {
  const query = sql`SELECT rid FROM tok WHERE param = 1 AND code = ${code}`;
  return { kind: 'no-match', condition: { lock: code, ...compile(reader.dialect, query) } };
}

function writeOf(rid: Rid, before: Held, after: Held): VersionWrite {
  const rows = ({ refs, codes }: Held) => ({
    ...noRows,
    ref: refs.map(target => [1, target] as const),
    tok: codes.map(code => [1, code, ''] as const),
  });
  const op = after.deleted ? 'delete' : after.ver === 1 ? 'create' : 'update';
  return version({ rid, ver: after.ver, op, remove: rows(before), add: rows(after) });
}

/** What the tables hold, in one query so that it is of one moment. */
async function heldBy(reader: Reader, rids: readonly Rid[]): Promise<Map<Rid, Held>> {
  const rows = await reader.all(sql<{
    rid: Rid;
    ver: number;
    deleted: number;
    target: Rid | null;
    code: string | null;
  }>`
    SELECT r.rid, r.ver, r.deleted, f.target, t.code FROM resource r
    LEFT JOIN ref f ON f.rid = r.rid LEFT JOIN tok t ON t.rid = r.rid
    WHERE ${reader.dialect.oneOf(sql`r.rid`, rids)} ORDER BY r.rid`);
  return new Map(
    rows.map(({ rid, ver, deleted, target, code }) => [
      rid,
      {
        ver,
        deleted: deleted === 1,
        refs: target === null ? [] : [target],
        codes: code === null ? [] : [code],
      },
    ]),
  );
}

/** Applies the lists that succeeded, in the order of their versions, to the model. */
function replay(outcomes: readonly Outcome[]): State {
  let state: State = new Map();
  const states = [state];
  const succeeded = outcomes
    .flatMap(({ list, result }) => (result.ok && result.seqs[0] ? [{ list, seq: result.seqs[0] }] : []))
    .sort((a, b) => a.seq - b.seq);
  for (const { list } of succeeded) {
    const before = state;
    expect(list.expect.filter(expectation => !holds(before, expectation))).toEqual([]);
    state = after(state, list);
    states.push(state);
  }
  for (const { list, result } of outcomes) {
    expect(
      result.ok || states.some(each => !holds(each, result.failed) || isStale(each, result.failed, list)),
    ).toBe(true);
  }
  return state;
}

function holds(held: State, expectation: Expectation): boolean {
  switch (expectation.kind) {
    case 'version':
      return (held.get(expectation.rid)?.ver ?? 0) === expectation.ver;
    case 'exists':
      return held.get(expectation.rid)?.deleted === false;
    case 'unreferenced': {
      const without = [expectation.rid, ...expectation.except];
      return ![...held].some(([rid, { refs }]) => !without.includes(rid) && refs.includes(expectation.rid));
    }
    case 'no-match':
      return ![...held.values()].some(({ codes }) => codes.includes(expectation.condition.lock));
    case 'cursor':
      return true;
  }
}

/** Whether the list's own writes, one after another, come to one that is not of the version before. */
function isStale(held: State, expectation: Expectation, list: CommitList): boolean {
  const versions = new Map([...held].map(([rid, { ver }]) => [rid, ver]));
  for (const { rid, ver } of list.writes) {
    if ((versions.get(rid) ?? 0) !== ver - 1) {
      return expectation.kind === 'version' && expectation.rid === rid && expectation.ver === ver - 1;
    }
    versions.set(rid, ver);
  }
  return false;
}

function after(held: State, list: CommitList): State {
  const next = new Map(held);
  for (const { rid, ver, op, add } of list.writes) {
    const refs = add.ref.map(([, target]) => target);
    next.set(rid, { ver, deleted: op === 'delete', refs, codes: add.tok.map(([, code]) => code) });
  }
  return next;
}

function changeOf({ rid, ver, op }: { rid: Rid; ver: number; op: string }): string {
  return `${rid}/${ver}/${op}`;
}

function inOrder(state: State): State {
  return new Map([...state].sort(([a], [b]) => a - b));
}

/** What the successful lists changed, in the order of sequence numbers: those of two lists may interleave. */
function changesOf(outcomes: readonly Outcome[]): string[] {
  return outcomes
    .flatMap(({ list, result }) =>
      result.ok
        ? list.writes.map((write, at) => ({ seq: result.seqs[at] ?? 0, change: changeOf(write) }))
        : [],
    )
    .sort((a, b) => a.seq - b.seq)
    .map(({ change }) => change);
}

async function sameChanges(changes: readonly string[], store: Store, rids: readonly Rid[]): Promise<void> {
  const ours = ({ rid }: { rid: Rid }) => rids.includes(rid);
  const history = (await store.history({ count: 1e6 }, clinic)).filter(ours).reverse();
  expect(history.map(changeOf)).toEqual(changes);
  const feed = (await store.feed.read(null, 1e6)).filter(ours).sort((a, b) => a.cursor.seq - b.cursor.seq);
  expect(feed.map(changeOf)).toEqual(changes);
}
