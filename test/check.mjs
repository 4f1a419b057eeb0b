/**
 * All that must hold before a change lands: types, lint, tests. `--full` runs the big matrices, fuzzers and
 * simulations whole instead of as a sample.
 */
import { spawnSync } from 'node:child_process';

const full = process.argv.includes('--full');
const steps = [
  ['tsc', ['--noEmit', '-p', '.']],
  ['biome', ['check', '.']],
  ['vitest', ['run']],
];

for (const [tool, args] of steps) {
  console.log(`\n> ${tool} ${args.join(' ')}`);
  const env = full ? { ...process.env, CHECK_FULL: '1' } : process.env;
  const result = spawnSync(tool, args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}
