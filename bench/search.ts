import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../src/access/actor.ts';
import { systemClock } from '../src/clock.ts';
import { readConfig } from '../src/config.ts';
import { createRepository } from '../src/fhir/create-repository.ts';
import type { Memory } from '../src/fhir/memory.ts';
import type { Repository } from '../src/fhir/repository.ts';
import { createHub, type Hub } from '../src/hub.ts';
import { big, fill, payers, people, serviceTypes, small, sourceOf } from './region.ts';
import { pick } from './resources.ts';
import { atMost, columns, format, median, percentile, printFigures } from './table.ts';

/** Runs of each search that are measured, after some that are not. */
const runs = 200;
const warmUp = 20;

/** One search that users really run; `n` says for the how manyth time. */
interface Asked {
  name: string;
  type?: string;
  query(n: number, about: About): Record<string, string>;
  /** Pages to go on before the one that is measured. */
  deep?: number;
  compartment?: true;
  /** Not held to the floor: full text, and exact totals of much. */
  apart?: true;
}

interface About {
  organization: string;
  /** Numbers of the people whose record it is. */
  own: readonly number[];
}

const person = (n: number, { own }: About): number => pick(own, n * 31);

const searches: readonly Asked[] = [
  {
    name: 'board: open Tasks of an owner by time',
    type: 'Task',
    query: (_, { organization }) => ({
      owner: `Organization/${organization}`,
      status: 'requested,in-progress',
      _sort: 'authored-on',
    }),
  },
  {
    name: 'board, tenth page',
    type: 'Task',
    deep: 9,
    query: (_, { organization }) => ({
      owner: `Organization/${organization}`,
      status: 'requested,in-progress',
      _sort: 'authored-on',
      _count: '5',
    }),
  },
  {
    name: "a patient's plans",
    type: 'CarePlan',
    query: (n, about) => ({ patient: `p-${person(n, about)}` }),
  },
  {
    name: "a patient's team",
    type: 'CareTeam',
    query: (n, about) => ({ patient: `Patient/p-${person(n, about)}`, status: 'active' }),
  },
  {
    name: 'Tasks by patient.identifier',
    type: 'Task',
    query: (n, about) => ({ 'patient.identifier': `urn:example:mrn|MRN-${person(n, about)}` }),
  },
  {
    name: 'patients with a requested Task (_has)',
    type: 'Patient',
    query: () => ({ '_has:Task:patient:status': 'requested' }),
  },
  {
    name: 'services near, by type and payer',
    type: 'HealthcareService',
    query: n => ({
      'location.near': `${41 + (n % 10) / 10}|${-71.5 + (n % 7) / 10}|25|[mi_i]`,
      'service-type': pick(serviceTypes, n),
      characteristic: pick(payers, n),
    }),
  },
  {
    name: 'places near',
    type: 'Location',
    query: n => ({ near: `${41 + (n % 10) / 10}|${-71.5 + (n % 7) / 10}|25|[mi_i]` }),
  },
  {
    name: 'directory by words',
    type: 'HealthcareService',
    apart: true,
    query: n => ({ _content: pick(['anxiety family', 'crisis', 'trauma counseling'], n) }),
  },
  {
    name: 'name prefix',
    type: 'Patient',
    query: n => ({ name: pick(['al', 'bi', 'ce', 'do', 'el', 'fi', 'go', 'ha', 'ju', 'la', 'ma', 'oa'], n) }),
  },
  {
    name: 'identifier',
    type: 'Patient',
    query: (n, about) => ({ identifier: `urn:example:mrn|MRN-${person(n, about)}` }),
  },
  {
    name: 'code and dates',
    type: 'Observation',
    query: n => ({ code: '8302-2', date: `2018-0${1 + (n % 2)}` }),
  },
  {
    name: "a patient's last Observations",
    type: 'Observation',
    query: (n, about) => ({ patient: `p-${person(n, about)}`, _sort: '-date' }),
  },
  {
    name: "a patient's record, with what it refers to",
    compartment: true,
    query: () => ({ _include: '*', _count: '50' }),
  },
  {
    name: 'count of requested Tasks',
    type: 'Task',
    apart: true,
    query: () => ({ status: 'requested', _summary: 'count' }),
  },
];

/** Some ask the same each time: it is found each time. */
const noMemory: Memory = { recall: (_actor, _question, _now, find) => find() };

/** Milliseconds. */
interface Times {
  p50: number;
  p99: number;
  /** 99 of 100 take this thread no longer: what else the machine does is not in it. */
  cpu99: number;
}

/** The fifteen searches at growing sizes, as an organization that sees a hundredth and one that sees a third. */
export async function benchSearch({ size }: { size?: string | undefined }): Promise<boolean> {
  const sizes = sizesUpTo(size);
  const measured = new Map<string, Times[]>();
  for (const at of sizes) {
    const data = await mkdtemp(join(tmpdir(), 'hub-bench-search-'));
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
      await fill(hub, at);
      console.log(`${format(at)} resources in ${format((performance.now() - start) / 1000)} s`);
      for (const organization of [small, big]) {
        const own = Array.from({ length: people(at) }, (_, n) => n).filter(n => sourceOf(n) === organization);
        for (const one of searches) {
          const key = `${one.name}\t${organization}`;
          const times = await measure(hub, one, { organization, own });
          measured.set(key, [...(measured.get(key) ?? []), times]);
        }
      }
    } finally {
      await hub.close();
      await rm(data, { recursive: true, force: true });
    }
  }
  return report(sizes, measured);
}

function sizesUpTo(size: string | undefined): number[] {
  const most = size ? Number(size.replace(/k$/i, '000').replace(/m$/i, '000000')) : 300_000;
  return [10_000, 100_000, 300_000, 1_000_000].filter(one => one <= most);
}

async function measure(hub: Hub, one: Asked, about: About): Promise<Times> {
  const actor: Actor = { ...hub.hubActor, kind: 'client', id: 'bench', organization: about.organization };
  const repository = createRepository({ ...hub.parts, memory: noMemory }, actor);
  const times: number[] = [];
  const processor: number[] = [];
  let found = 0;
  for (let n = 0; n < warmUp + runs; n++) {
    const query = await deepened(repository, one, new URLSearchParams(one.query(n, about)));
    const compartment = one.compartment
      ? { compartment: { type: 'Patient', id: `p-${person(n, about)}` } }
      : {};
    const before = process.threadCpuUsage();
    const start = performance.now();
    const { entries, total = 0 } = await repository.search(one.type, query, compartment);
    if (n >= warmUp) times.push(performance.now() - start);
    const used = process.threadCpuUsage(before);
    if (n >= warmUp) processor.push((used.user + used.system) / 1000);
    found += entries.length + total;
  }
  // What finds nothing is not what users run.
  if (found === 0) throw new Error(`${one.name} finds nothing`);
  return { p50: median(times), p99: percentile(times, 0.99), cpu99: percentile(processor, 0.99) };
}

/** The query of a later page. */
async function deepened(
  repository: Repository,
  { type, deep = 0 }: Asked,
  query: URLSearchParams,
): Promise<URLSearchParams> {
  let at = query;
  for (let page = 0; page < deep; page++) {
    const { next } = await repository.search(type, at);
    if (next === undefined) return at;
    at = new URLSearchParams(next);
  }
  return at;
}

function report(sizes: readonly number[], measured: ReadonlyMap<string, readonly Times[]>): boolean {
  const shown = ({ p50, p99, cpu99 }: Times) => `${p50.toFixed(2)} / ${p99.toFixed(1)} / ${cpu99.toFixed(1)}`;
  const rows = [...measured].map(([key, times]) => {
    const [name = '', organization = ''] = key.split('\t');
    return [
      `${name}, ${organization === big ? '30 %' : '1 %'}`,
      ...times.map(shown),
      growthOf(times).toFixed(1),
    ];
  });
  console.log(
    '\nsearch: p50 / p99 / p99 of processor time, ms, by number of resources; growth of p50 from first to last',
  );
  for (const line of columns([['', ...sizes.map(format), 'growth'], ...rows])) console.log(line);
  const held = [...measured].filter(([key]) => !searches.find(one => key.startsWith(`${one.name}\t`))?.apart);
  const worst = Math.max(...held.flatMap(([, times]) => times.map(one => one.p99)));
  const cpu = Math.max(...held.flatMap(([, times]) => times.map(one => one.cpu99)));
  const growth = Math.max(...held.map(([, times]) => growthOf(times)));
  return printFigures(
    'search',
    `  ${runs} runs of each in one process, through the repository; full text and exact totals apart`,
    [
      { name: 'worst p99, ms', value: worst, shown: format(worst), floor: atMost(50), aim: atMost(15) },
      { name: 'worst p99 of processor time, ms', value: 0, shown: format(cpu) },
      { name: 'worst growth', value: growth, shown: format(growth), floor: atMost(3), aim: atMost(1.5) },
    ],
  );
}

/** Below half a millisecond a difference is the machine's. */
function growthOf(times: readonly Times[]): number {
  const least = 0.5;
  return Math.max(times.at(-1)?.p50 ?? 0, least) / Math.max(times[0]?.p50 ?? 0, least);
}
