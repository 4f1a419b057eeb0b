import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'docs/simulation/runs.jsonl');
const decisive = [
  'bench/simulate/distributions.json',
  'terminology/referral-due.json',
  'terminology/routing-weights.json',
];

/** What tells one run from another. */
export interface RunKey {
  kind: 'pure' | 'hub';
  seed: number;
  way?: string;
  referrals: number;
  scale: number;
}

/** Runs that are done, kept so that a long simulation that is broken off goes on where it was. */
export interface Runs {
  /** The run of this key by the distributions and rules of now; undefined: it is still to be done. */
  get<T>(key: RunKey): T | undefined;
  keep(key: RunKey, run: object): Promise<void>;
}

/** `again`: what was done before is forgotten. */
export async function openRuns(again: boolean): Promise<Runs> {
  if (again) await rm(file, { force: true });
  await mkdir(join(file, '..'), { recursive: true });
  const rules = await digest();
  const text = await readFile(file, 'utf8').catch(() => '');
  const known = new Map<string, unknown>();
  for (const line of text.split('\n').filter(Boolean)) {
    const { run, ...key } = JSON.parse(line);
    known.set(JSON.stringify(key), run);
  }
  return {
    get: <T>(key: RunKey) => known.get(JSON.stringify({ rules, ...key })) as T | undefined,
    keep: (key, run) => appendFile(file, `${JSON.stringify({ rules, ...key, run })}\n`),
  };
}

/** Of all that decides what comes out, but for the code. */
async function digest(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of decisive) hash.update(await readFile(join(root, name)));
  return hash.digest('hex').slice(0, 12);
}
