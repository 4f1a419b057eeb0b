import { createHash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import type { Reindexed, Rid, StoredVersion } from '../store/types.ts';
import { wordsOf } from './index/words.ts';
import type { Parts } from './parts.ts';
import { rowsOf } from './write/compile.ts';
import { internal, parseKey } from './write/world.ts';

/** Resources whose index is made again in one commit: others wait for no more than that. */
const chunk = 200;

/** Where a run stands, kept in the store so that the next one goes on from there. */
interface Place {
  /** Of the search parameters that the run indexes by: a run by others begins anew. */
  parameters: string;
  after: Rid;
  done: number;
}

const record = { kind: 'reindex', id: 'place' } as const;

/**
 * Makes the index of every current resource again, by the search parameters as they are now, while the hub runs: a
 * resource that changes meanwhile is read again. Stopped, it goes on where it was.
 *
 * @param report told after each commit how many resources are done, those of earlier runs included
 * @returns how many there were
 */
export async function reindex(
  parts: Parts,
  report: (done: number) => void = () => undefined,
): Promise<number> {
  const { store, clock } = parts;
  const parameters = fingerprint(parts);
  const kept = (await store.records.get(record.kind, record.id, clock.now().getTime()))?.value;
  let place = isPlace(kept) && kept.parameters === parameters ? kept : { parameters, after: 0, done: 0 };
  for (;;) {
    const versions = await store.scan(place.after, chunk);
    const last = versions.at(-1);
    if (!last) break;
    await indexAgain(parts, versions);
    place = { ...place, after: last.rid, done: place.done + versions.length };
    await store.records.put({ ...record, value: place, expires: null, family: null });
    report(place.done);
  }
  await store.records.remove(record.kind, record.id);
  return place.done;
}

/** Until none of them has changed between being read and being indexed. */
async function indexAgain(parts: Parts, versions: readonly StoredVersion[]): Promise<void> {
  let current = versions;
  while (current.length > 0) {
    const rows = await indexRows(parts, current);
    const expect = current.map(({ rid, ver }) => ({ kind: 'version', rid, ver }) as const);
    const result = await parts.store.commit({ expect, writes: [], links: [], reindex: rows });
    if (result.ok) return;
    // Deleted ones drop out: a deletion takes its index rows away by itself.
    current = await parts.store.readMany(
      current.map(({ rid }) => rid),
      internal(parts),
    );
  }
}

async function indexRows(parts: Parts, versions: readonly StoredVersion[]): Promise<Reindexed[]> {
  const extracted = versions.map(({ rid, body }) => {
    const resource = JSON.parse(body ?? '{}') as Resource;
    return { rid, rows: parts.extract(resource), words: wordsOf(resource) };
  });
  const targets = new Set(extracted.flatMap(({ rows }) => rows.ref.map(([, target]) => target)));
  const keys = [...targets].map(parseKey).filter(key => key !== undefined);
  const located = keys.length > 0 ? await parts.store.locate(keys, internal(parts)) : [];
  const rids = new Map(located.filter(it => !it.deleted).map(it => [`${it.type}/${it.id}`, it.rid]));
  return extracted.map(({ rid, rows, words }) => ({
    rid,
    rows: rowsOf(rows, reference => rids.get(reference)),
    words,
  }));
}

/** The same for the same search parameters. */
function fingerprint({ definitions }: Parts): string {
  const digest = createHash('sha256');
  for (const { name, kind, expression, components } of definitions.allSearchParameters())
    digest.update(JSON.stringify([name, kind, expression, components]));
  return digest.digest('base64url');
}

function isPlace(value: unknown): value is Place {
  return (
    typeof value === 'object' &&
    value !== null &&
    'parameters' in value &&
    'after' in value &&
    typeof value.after === 'number' &&
    'done' in value &&
    typeof value.done === 'number'
  );
}
