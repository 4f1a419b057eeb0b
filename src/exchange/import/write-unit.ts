import { HubError } from '../../errors.ts';
import type { Repository, WriteResult } from '../../fhir/repository.ts';
import type { Unit } from './chunk.ts';
import type { Entry } from './entry.ts';
import { candidates, type Env, type Named, type Settled, settle } from './settle.ts';
import type { EndingName } from './tally.ts';
import { type Ending, type Refused, writeEach, writeWhole } from './write-each.ts';

/** What became of an entry. */
export type Fate =
  | { ending: Exclude<EndingName, 'refused'> }
  /** @property because it is refused only for the sake of another entry of its transaction */
  | { ending: 'refused'; refused: Refused; because?: true }
  /** It refers to what is not there yet. */
  | { ending: 'put-off'; needs: readonly string[] };

export interface WriteEnv extends Env {
  repository: Repository;
  /** Whether something may still come that an entry waits for. */
  mayWait: boolean;
}

/** Writes a unit; the fates are in the order of its entries. */
export async function writeUnit({ whole, entries }: Unit, env: WriteEnv): Promise<Fate[]> {
  if (entries.length === 0) return [];
  const fates = whole ? await writeTransaction(entries, env) : await writeChunk(entries, env);
  if (!env.mayWait) return fates;
  const wait: Fate = { ending: 'put-off', needs: [] };
  if (whole) return fates.some(mayBecomeRight) ? fates.map(() => wait) : fates;
  return fates.map(fate => (mayBecomeRight(fate) ? wait : fate));
}

async function writeTransaction(entries: readonly Entry[], env: WriteEnv): Promise<Fate[]> {
  const known = entries.map(entry => ('refused' in entry.content ? entry.content : undefined));
  if (known.some(one => one !== undefined)) return refuseAll(entries, known);
  const settled = await settle(entries.flatMap(namedOf), env);
  const written = await writeWhole(
    settled.map(one => one.operation),
    env.repository,
  );
  if (Array.isArray(written)) return written.map(fateOf);
  const own = Map.groupBy(written.problems, problem => problem.operation);
  const unsaid = own.get(undefined);
  return refuseAll(
    entries,
    entries.map((_, at) => {
      const problems = own.get(at) ?? (at === 0 ? unsaid : undefined);
      return problems && { refused: { ...written, problems } };
    }),
  );
}

/** A transaction is refused whole, for the sake of some of its entries. */
function refuseAll(entries: readonly Entry[], known: readonly ({ refused: Refused } | undefined)[]): Fate[] {
  const first = entries[known.findIndex(one => one !== undefined)];
  const { kind, problems } = new HubError(
    'invalid',
    `The transaction is refused as a whole, for ${first?.place}.`,
  );
  return entries.map((_, at) => {
    const { refused } = known[at] ?? {};
    return refused
      ? { ending: 'refused', refused }
      : { ending: 'refused', refused: { kind, problems }, because: true };
  });
}

async function writeChunk(entries: readonly Entry[], env: WriteEnv): Promise<Fate[]> {
  const fates = new Map<Entry, Fate>();
  for (const entry of entries)
    if ('refused' in entry.content) fates.set(entry, { ending: 'refused', ...entry.content });
  const readable = entries.filter(entry => !fates.has(entry));
  const settled = await settle(readable.flatMap(namedOf), env);
  const held = env.mayWait ? holdBack(readable, settled, env) : new Map<Entry, string[]>();
  for (const [entry, needs] of held) fates.set(entry, { ending: 'put-off', needs });
  const open = readable
    .map((entry, at) => ({ entry, operation: (settled[at] as Settled).operation }))
    .filter(({ entry }) => !held.has(entry));
  const written = await writeEach(
    open.map(one => one.operation),
    env.repository,
  );
  for (const [at, { entry }] of open.entries()) fates.set(entry, fateOf(written[at] as Ending));
  return entries.map(entry => fates.get(entry) as Fate);
}

/** Entries that refer to what is missing, and those that refer to them in turn; with what they need. */
function holdBack(entries: readonly Entry[], settled: readonly Settled[], env: Env): Map<Entry, string[]> {
  const held = new Map<Entry, string[]>();
  const gone = new Set<string>();
  const hold = (entry: Entry, needs: string[]): void => {
    held.set(entry, needs);
    for (const name of entry.name ? candidates(entry.name, env) : []) gone.add(name);
  };
  entries.forEach((entry, at) => {
    const { missing = [] } = settled[at] ?? {};
    if (missing.length > 0) hold(entry, missing);
  });
  for (let before = -1; before !== held.size; ) {
    before = held.size;
    for (const entry of entries) {
      if (held.has(entry) || 'refused' in entry.content) continue;
      const needs = entry.content.planned.refers.filter(name => gone.has(name) && name !== entry.name);
      if (needs.length > 0) hold(entry, needs);
    }
  }
  return held;
}

const namedOf = ({ content }: Entry): Named[] => ('refused' in content ? [] : [content]);

const endingOf: Record<WriteResult['outcome'], Exclude<EndingName, 'refused'>> = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  found: 'unchanged',
  deleted: 'deleted',
};

const fateOf = (ending: Ending): Fate =>
  'refused' in ending ? { ending: 'refused', refused: ending.refused } : { ending: endingOf[ending.outcome] };

/** Refused for something that more writes may mend: a reference to nothing, a clash with another writer. */
function mayBecomeRight(fate: Fate): boolean {
  if (fate.ending !== 'refused') return false;
  const { kind, problems } = fate.refused;
  return kind === 'conflict' || problems.some(problem => problem.code === 'not-found');
}
