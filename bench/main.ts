/** `npm run bench [read|crud|import|start …] [-- --postgres]`: without a name, all of them. */
import { parseArgs } from 'node:util';
import { benchCrud } from './crud.ts';
import { benchImport } from './import.ts';
import { benchRead } from './read.ts';
import { benchStart } from './start.ts';
import { machine } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { postgres: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } },
});

const benchmarks: Record<string, () => Promise<boolean>> = {
  read: benchRead,
  crud: () => benchCrud(values),
  import: benchImport,
  start: benchStart,
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
