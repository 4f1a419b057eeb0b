/**
 * A process that commits versions of one new resource, one after another, and prints each version once it is
 * acknowledged: `node committer.ts '{"file": …}' COUNT`. With COUNT 0 it goes on until it is killed.
 */
import { openStore } from '../../src/store/open.ts';
import { listOf, noRows, version } from './writes.ts';

const [options, count] = process.argv.slice(2);
const store = await openStore(JSON.parse(options ?? '{}'));
const [rid = 0] = await store.reserve(1);
const last = Number(count) || Number.POSITIVE_INFINITY;
for (let ver = 1; ver <= last; ver++) {
  const add = { ...noRows, tok: [[1, `v${ver}`, '']] as const };
  const result = await store.commit(listOf([version({ rid, ver, add })]));
  if (!result.ok) {
    throw new Error(`Refused: ${JSON.stringify(result.failed)}`);
  }
  process.stdout.write(`${rid} ${ver}\n`);
}
await store.close();
