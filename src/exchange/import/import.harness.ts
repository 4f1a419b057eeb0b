import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { TestDatabase } from '../../../test/harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../../../test/harness/hub.ts';
import type { Actor } from '../../access/actor.ts';
import { parseScopes } from '../../auth/scopes.ts';
import { importFiles } from './import.ts';
import { findSources } from './source-files.ts';
import type { Counts } from './tally.ts';

/** A hub with an EHR that is registered for loading and one that is not, and a folder of files to import. */
export interface ImportBench {
  test: TestHub;
  loader: Party;
  other: Party;
  /** Imports files (by name, as text, bytes or JSON) in the name of a client. */
  load(files: Record<string, unknown>, how?: { as?: string; restart?: boolean }): Promise<Loaded>;
  actor(client: string): Promise<Actor>;
  stop(): Promise<void>;
}

export interface Loaded {
  counts: Counts;
  types: Record<string, Counts>;
  /** Entries by file. */
  entries: Record<string, number>;
  /** `place: reason` of what is refused by its own fault. */
  refused: string[];
  /** Places of what is refused for the sake of others. */
  because: string[];
  skipped: string[];
}

export async function startImportBench(database: TestDatabase): Promise<ImportBench> {
  const test = await startTestHub(database);
  const loader = await test.party('loader', { loads: true });
  const other = await test.party('other');
  const folders: string[] = [];
  const actor = async (client: string): Promise<Actor> => {
    const { organization, scope, loads } = await test.hub.authorization.clients.get(client);
    return { kind: 'client', id: client, organization, scopes: parseScopes(scope), loads, importing: true };
  };
  return {
    test,
    loader,
    other,
    actor,
    async load(files, { as = 'loader', restart = false } = {}) {
      const folder = await writeFiles(files);
      folders.push(folder);
      return run(folder, test, await actor(as), restart);
    },
    async stop() {
      await test.stop();
      for (const folder of folders) await rm(folder, { recursive: true });
    },
  };
}

export async function writeFiles(files: Record<string, unknown>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-files-'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const asIs = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(path, asIs ? content : JSON.stringify(content));
  }
  return folder;
}

async function run(folder: string, { hub }: TestHub, actor: Actor, restart: boolean): Promise<Loaded> {
  const { files } = await findSources([folder]);
  const loaded: Omit<Loaded, 'counts' | 'types'> = { entries: {}, refused: [], because: [], skipped: [] };
  const short = (name: string) => name.slice(name.indexOf('/') + 1);
  const tally = await importFiles(files, {
    parts: hub.parts,
    repository: hub.repository(actor),
    restart,
    listener: {
      skipped: source => void loaded.skipped.push(short(source.name)),
      refused({ place, name, type }, { problems }, because) {
        if (because) loaded.because.push(place);
        else loaded.refused.push(`${place || (name ?? type)}: ${problems.map(one => one.text).join('; ')}`);
      },
      ended({ source, entries }) {
        loaded.entries[short(source.name)] = entries;
      },
      moved: () => undefined,
    },
  });
  return { ...loaded, counts: tally.total(), types: tally.toJSON() };
}

/** Resources as lines. */
export const ndjson = (...resources: object[]): string =>
  resources.map(one => `${JSON.stringify(one)}\n`).join('');

export const bundle = (type: Bundle['type'], entry: BundleEntry[]): Bundle => ({
  resourceType: 'Bundle',
  type,
  entry,
});

/** An entry that is posted. */
export const post = (resource: Resource, fullUrl?: string): BundleEntry => ({
  ...(fullUrl ? { fullUrl } : {}),
  resource,
  request: { method: 'POST', url: resource.resourceType },
});

export const patient = (id: string, more: object = {}): Resource => ({
  resourceType: 'Patient',
  id,
  ...more,
});

export const condition = (id: string | undefined, subject: string, more: object = {}): Resource =>
  ({
    resourceType: 'Condition',
    ...(id ? { id } : {}),
    subject: { reference: subject },
    ...more,
  }) as Resource;
