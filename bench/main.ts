/**
 * `npm run bench [read|crud|import|start|access …]`: without a name, all of them.
 *   --postgres          crud on PostgreSQL too
 *   --size=SIZE         search up to so many resources (10k, 100k, 300k, 1m), routing up to so many services
 *   --profile=FOLDER    the processes that are measured write CPU profiles there
 */
import { parseArgs } from 'node:util';
import { benchAccess } from './access.ts';
import { benchCrud } from './crud.ts';
import { benchImport } from './import.ts';
import { benchNotify } from './notify.ts';
import { benchPage } from './page.ts';
import { benchRead } from './read.ts';
import { benchRouting } from './routing.ts';
import { benchSearch } from './search.ts';
import { benchStart } from './start.ts';
import { machine } from './table.ts';
import { benchTerminology } from './terminology.ts';
import { benchTransaction } from './transaction.ts';
import { benchValidate } from './validate.ts';
import { benchWorkspace } from './workspace.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    postgres: { type: 'boolean', default: false },
    profile: { type: 'string' },
    size: { type: 'string' },
  },
});

const benchmarks: Record<string, () => Promise<boolean>> = {
  read: benchRead,
  crud: () => benchCrud(values),
  import: benchImport,
  start: benchStart,
  access: benchAccess,
  search: () => benchSearch(values),
  transaction: benchTransaction,
  page: benchPage,
  validate: benchValidate,
  notify: benchNotify,
  routing: () => benchRouting(values),
  terminology: benchTerminology,
  workspace: benchWorkspace,
};

const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
const unknown = names.filter(name => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}: choose from ${Object.keys(benchmarks).join(', ')}.`,
  );
  process.exit(2);
}
console.log(machine());
let ok = true;
for (const name of names) ok = ((await benchmarks[name]?.()) ?? false) && ok;
process.exitCode = ok ? 0 : 1;
