/**
 * `npm run simulate`: the hub's ranking against two ways people work without it (docs/simulation.md). Without an
 * option a short sample.
 *   --full             the whole network, ten seeds; writes the tables and plots of docs/simulation.md
 *   --pure, --hub      only through the pure functions, or only through the whole hub
 *   --again            does again what a run of --full that was broken off has done already (docs/simulation/runs.jsonl)
 *   --seeds=N          so many seeds
 *   --referrals=N      so many referrals for each seed (--hub: in all)
 *   --scale=X          a part of the network: 0.1 is a tenth of everything
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { columns, format, machine } from '../table.ts';
import type { HubDone, HubTask } from './hub-run.ts';
import { performAll } from './pool.ts';
import { writeHubReport, writeReport } from './report.ts';
import { openRuns } from './runs.ts';
import { hubRows, plainTable } from './tables.ts';
import { type Done, type Task, wayNames } from './task.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    pure: { type: 'boolean', default: false },
    hub: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    seeds: { type: 'string' },
    referrals: { type: 'string' },
    scale: { type: 'string' },
  },
});
const sample = { seeds: 3, referrals: 1000, scale: 0.1, hubReferrals: 10 };
/** For a sample through the whole hub. */
const smallest = 0.02;
const whole = { seeds: 10, referrals: 100_000, scale: 1, hubReferrals: 20_000 };
const usual = values.full ? whole : sample;
const seeds = Number(values.seeds ?? usual.seeds);
const scale = Number(values.scale ?? usual.scale);
const runs = values.full ? await openRuns(values.again) : undefined;
const secondsOf = (done: readonly { seconds: number }[]) =>
  format(done.reduce((sum, { seconds }) => sum + seconds, 0));

async function pure(): Promise<void> {
  const referrals = Number(values.referrals ?? usual.referrals);
  const tasks = Array.from({ length: seeds }, (_, at) =>
    wayNames.map((way): Task => ({ seed: at + 1, way, referrals, scale })),
  ).flat();
  const done = await performAll<Task, Done>(tasks, {
    script: new URL('./worker.ts', import.meta.url),
    threads: availableParallelism(),
    runs,
    keyOf: task => ({ kind: 'pure', ...task }),
    told: ({ seed, way, measures }) =>
      console.log(`  seed ${seed}, ${way}: first visit after ${measures.mean.toFixed(2)} days on average`),
  });
  const how = `${format(seeds * referrals)} referrals through the pure functions: ${seeds} seeds of ${format(referrals)}, a network at scale ${scale}, three ways, in ${secondsOf(done)} s, those of each run added up. Means over the seeds, in brackets the lowest and the highest seed.`;
  console.log(`\n${how}`);
  for (const line of plainTable(done)) console.log(line);
  if (values.full) await writeReport(done, how);
}

/** True when the hub chose as the pure functions do, and nothing rests. */
async function wholeHub(): Promise<boolean> {
  const all = Number(values.referrals ?? usual.hubReferrals);
  const networks = values.full || values.seeds ? seeds : 1;
  const hubScale = values.full || values.scale ? scale : smallest;
  const tasks = Array.from({ length: networks }, (_, at): HubTask => {
    const before = Math.round((all * at) / networks);
    return { seed: at + 1, referrals: Math.round((all * (at + 1)) / networks) - before, scale: hubScale };
  });
  const done = await performAll<HubTask, HubDone>(tasks, {
    script: new URL('./hub-worker.ts', import.meta.url),
    // A hub waits for its disk now and then.
    threads: availableParallelism() + 1,
    runs,
    keyOf: task => ({ kind: 'hub', ...task }),
    told: ({ seed, run }) => {
      console.log(`  seed ${seed}: ${run.choices} choices of a whole hub`);
      for (const one of [...run.differences, ...run.faults.slice(0, 3)])
        console.log(`  ${JSON.stringify(one)}`);
    },
  });
  const sent = done.reduce((sum, { run }) => sum + run.referrals, 0);
  const how = `${format(sent)} referrals through a whole hub: ${format(networks)} ${networks === 1 ? 'seed' : 'seeds'}, a network at scale ${hubScale}, in ${secondsOf(done)} s, those of each run added up.`;
  console.log(`\n${how}`);
  for (const line of columns(hubRows(done))) console.log(line);
  if (values.full) await writeHubReport(done, how);
  return done.every(({ run }) => run.differences.length + run.resting + run.faults.length === 0);
}

console.log(machine());
if (!values.hub || values.pure) await pure();
if ((!values.pure || values.hub) && !(await wholeHub())) process.exitCode = 1;
