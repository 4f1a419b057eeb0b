import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { readConfig } from '../src/config.ts';
import { createReader } from '../src/fhir/reader.ts';
import { createHub, type Hub } from '../src/hub.ts';
import type { Need } from '../src/referral/routing/candidate.ts';
import { candidatesFor } from '../src/referral/routing/gather.ts';
import { rank } from '../src/referral/routing/rank.ts';
import { routingRules } from '../src/referral/routing/rules.ts';
import weights from '../terminology/routing-weights.json' with { type: 'json' };
import { county, fillDirectory, kindToken, middle } from './routing-directory.ts';
import { atMost, columns, format, median, percentile, printFigures } from './table.ts';

const sizes = [1_000, 10_000, 100_000];
const runs = 200;
const warmUp = 50;
const rules = routingRules(weights);

/** Milliseconds, and megabytes that the matches leave behind. */
interface Measured {
  p50: number;
  p99: number;
  cpu50: number;
  cpu99: number;
  memory: number;
  ranked: number;
  compared: number;
}

/** The match of a referral with directories of growing size, from the question to the ranking in words. */
export async function benchRouting({ size }: { size?: string | undefined } = {}): Promise<boolean> {
  const most = size ? Number(size.replace(/k$/i, '000')) : Number.POSITIVE_INFINITY;
  const measured: [number, Measured][] = [];
  for (const services of sizes.filter(one => one <= most)) measured.push([services, await at(services)]);
  console.log('\nrouting: one match, by services in the directory (ms; processor time of the main thread)');
  const rows = measured.map(([services, one]) => [
    format(services),
    ...[one.p50, one.p99, one.cpu50, one.cpu99, one.memory, one.ranked, one.compared].map(format),
  ]);
  const head = [
    'services',
    'p50',
    'p99',
    'p50 processor',
    'p99 processor',
    'memory kept, MB',
    'ranked',
    'compared',
  ];
  for (const line of columns([head, ...rows])) console.log(line);
  const last = measured.at(-1)?.[1];
  if (!last) throw new Error('there is no size to measure');
  return printFigures('routing', `  ${runs} matches at the last size, through the repository`, [
    {
      name: 'match, p99 of processor time, ms',
      value: last.cpu99,
      shown: format(last.cpu99),
      floor: atMost(50),
      aim: atMost(15),
    },
    { name: 'match, p99, ms', value: last.p99, shown: format(last.p99) },
    {
      name: 'memory kept by the matches, MB',
      value: last.memory,
      shown: format(last.memory),
      floor: atMost(32),
    },
  ]);
}

async function at(services: number): Promise<Measured> {
  const data = await mkdtemp(join(tmpdir(), 'hub-bench-routing-'));
  const hub = await createHub({
    config: readConfig({
      HUB_DATA: data,
      HUB_ENV: 'test',
      HUB_LOG: 'warn',
      HUB_CACHE: join(import.meta.dirname, '../node_modules/.cache/warm-handoff'),
    }),
    clock: systemClock,
    baseUrl: 'http://127.0.0.1',
  });
  try {
    const start = performance.now();
    await fillDirectory(hub, services, systemClock.now().toISOString().slice(0, 10));
    console.log(`${format(services)} services in ${format((performance.now() - start) / 1000)} s`);
    return await measure(hub);
  } finally {
    await hub.close();
    await rm(data, { recursive: true, force: true });
  }
}

/** None of these requests carries a label. */
const nothingWithheld = async () => new Set<string>();

async function measure(hub: Hub): Promise<Measured> {
  const times: number[] = [];
  const processor: number[] = [];
  let [ranked, compared, memory] = [0, 0, 0];
  for (let n = 0; n < warmUp + runs; n++) {
    if (n === warmUp) memory = kept();
    const now = systemClock.now();
    const reader = createReader(hub.repository(hub.hubActor), now, hub.parts.hubOrganization);
    const before = process.threadCpuUsage();
    const start = performance.now();
    const { candidates } = await candidatesFor(reader, need(n), rules, nothingWithheld);
    const found = rank(need(n), candidates, rules, now);
    if (n < warmUp) continue;
    times.push(performance.now() - start);
    const used = process.threadCpuUsage(before);
    processor.push((used.user + used.system) / 1000);
    ranked += found.ranked.length / runs;
    compared += (found.ranked.length + found.excluded.length) / runs;
  }
  if (ranked === 0) throw new Error('no match finds anybody');
  return {
    p50: median(times),
    p99: percentile(times, 0.99),
    cpu50: median(processor),
    cpu99: percentile(processor, 0.99),
    memory: (kept() - memory) / 2 ** 20,
    ranked,
    compared,
  };
}

function kept(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function need(n: number): Need {
  const home = (n * 101) % 254;
  return {
    services: [kindToken(n)],
    age: 20 + (n % 60),
    homes: [{ state: 'tx', county: county(home).toLowerCase(), position: middle(home) }],
    payers: [{ kinds: ['urn:payer|Medicaid'], words: 'Medicaid' }],
    languages: n % 3 === 0 ? ['es', 'en'] : ['en'],
    priority: n % 5 === 0 ? 'urgent' : 'routine',
    programs: [],
    populations: [],
    requires: { access: [], levels: [], licences: [] },
    wishes: { preferred: [], avoided: [], characteristics: [] },
    asked: [],
    refusals: [],
  };
}
