import { mkdtempSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const name = 'HUB_TEST_RUN_FOLDER';

/** A folder for what the processes of one run of the tests make once; it goes with the run. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-run-'));
  process.env[name] = folder;
  return () => rm(folder, { recursive: true, force: true });
}

/** A new folder in it; outside of a run, one that its maker removes. */
export const folderOfRun = (prefix: string): string =>
  mkdtempSync(join(process.env[name] ?? tmpdir(), prefix));
