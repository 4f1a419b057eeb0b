import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import autocannon from 'autocannon';
import { type Ground, prepareGround, type ServerProcess, startHub, startServer } from './hub-process.ts';
import { condition, observation, patient } from './resources.ts';
import { atLeast, atMost, format, median, percentile, printFigures } from './table.ts';

const connections = 16;
const people = 200;
/** Seconds. */
const warmUp = 3;
const round = 3;
const rounds = 7;

/** Hubs on copies of the same data: one records nothing, the others what they record survives a crash or a power cut. */
const kinds = ['off', 'crash', 'power'] as const;
type Kind = (typeof kinds)[number];
type Hubs = Record<Kind, ServerProcess>;

/** What recording every read and search before it is answered costs. */
export async function benchAccess(): Promise<boolean> {
  const ground = await prepareGround();
  try {
    const first = await startHub(ground);
    const ids = await load(first.url, ground);
    await first.stop();
    const hubs = await startAll(ground);
    const reads = await compare(
      hubs,
      ground,
      ids.map(({ type, id }) => `/fhir/${type}/${id}`),
    );
    const people = ids.filter(one => one.type === 'Patient');
    const searches = await compare(hubs, ground, [
      ...people.map(({ id }) => `/fhir/Observation?patient=${id}`),
      ...people.map(({ id }) => `/fhir/Condition?patient=${id}&_include=Condition:patient`),
      '/fhir/Patient?_sort=family&_count=10',
    ]);
    await Promise.all(kinds.map(kind => hubs[kind].stop()));
    return report('reads by id', reads, atLeast(0.8)) && report('searches', searches);
  } finally {
    await ground.remove();
  }
}

/** Each on a copy of the data, so that each seals what it has recorded. */
async function startAll(ground: Ground): Promise<Hubs> {
  const from = ground.env.HUB_DATA ?? '';
  const on = async (kind: Kind, how: Record<string, string> = {}) => {
    const data = join(from, kind);
    await mkdir(data);
    for (const file of await readdir(from))
      if (!kinds.some(one => one === file)) await cp(join(from, file), join(data, file), { recursive: true });
    return { ...ground.env, ...how, HUB_DATA: data };
  };
  const hub = async (kind: 'crash' | 'power') =>
    startHub({ ...ground, env: await on(kind, { HUB_AUDIT_DURABILITY: kind }) });
  const off = await startServer(join(import.meta.dirname, 'unaudited-hub.ts'), [], await on('off'));
  return { off, crash: await hub('crash'), power: await hub('power') };
}

/** People, each with observations and conditions; the ids of all of it. */
async function load(url: string, { token }: Ground): Promise<{ type: string; id: string }[]> {
  const found: { type: string; id: string }[] = [];
  for (let n = 0; n < people; n++) {
    const subject = `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const entry = [
      { ...create(patient(n)), fullUrl: subject },
      ...Array.from({ length: 4 }, (_, at) => create(observation(n * 4 + at, subject))),
      ...Array.from({ length: 2 }, (_, at) => create(condition(n * 2 + at, subject))),
    ];
    const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction', entry };
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };
    const answer = await fetch(`${url}/fhir`, { method: 'POST', headers, body: JSON.stringify(bundle) });
    if (!answer.ok) throw new Error(`the data was not taken: ${await answer.text()}`);
    for (const { response } of ((await answer.json()) as Bundle).entry ?? []) {
      const [type = '', id = ''] = response?.location?.split('/').slice(-4) ?? [];
      found.push({ type, id });
    }
  }
  return found;
}

const create = (resource: Resource): BundleEntry => ({
  resource,
  request: { method: 'POST', url: resource.resourceType },
});

interface Measured {
  perSecond: number;
  p99: number;
  /** Microseconds of processor time that the hub took for a request. */
  processor: number;
}
type Compared = Record<Kind, Measured>[];

/** The same requests to each hub in turn, so that whatever else the machine does meets all of them. */
async function compare(hubs: Hubs, ground: Ground, paths: string[]): Promise<Compared> {
  for (const kind of kinds) await drive(hubs[kind], ground, paths, warmUp);
  const measured: Compared = [];
  for (let at = 0; at < rounds; at++) {
    const off = await drive(hubs.off, ground, paths, round);
    const crash = await drive(hubs.crash, ground, paths, round);
    const power = await drive(hubs.power, ground, paths, round);
    measured.push({ off, crash, power });
  }
  return measured;
}

async function drive(
  hub: ServerProcess,
  { token }: Ground,
  paths: string[],
  duration: number,
): Promise<Measured> {
  const before = await hub.processorTime();
  const latencies: number[] = [];
  const requests = paths.map(path => ({ method: 'GET' as const, path }));
  const headers = { authorization: `Bearer ${token}` };
  const finished = Promise.withResolvers<autocannon.Result>();
  const running = autocannon(
    { url: hub.url, connections, duration, headers, requests },
    (error: Error | null, result) => (error ? finished.reject(error) : finished.resolve(result)),
  );
  running.on('response', (_client, _status, _bytes, time) => latencies.push(time));
  const result = await finished.promise;
  const bad = result.non2xx + result.errors + result.timeouts;
  if (bad > 0) throw new Error(`${bad} requests failed`);
  const used = ((await hub.processorTime()) ?? 0) - (before ?? 0);
  return {
    perSecond: result.requests.average,
    p99: percentile(latencies, 0.99),
    processor: (used / latencies.length) * 1e6,
  };
}

function report(title: string, measured: Compared, floor?: ReturnType<typeof atLeast>): boolean {
  const of = (pick: (one: Record<Kind, Measured>) => number) => median(measured.map(pick));
  const rate = (kind: Kind) => of(one => one[kind].perSecond / one.off.perSecond);
  const p99 = of(one => one.crash.p99 / one.off.p99);
  const shown = (name: string, value: number) => ({ name, value, shown: format(value) });
  return printFigures(
    `access: ${title}, every one recorded before it is answered`,
    `  ${connections} connections by autocannon, ${rounds} alternating rounds of ${round} s, medians`,
    [
      ...kinds.map(kind =>
        shown(
          `${kind}: requests/s`,
          of(one => one[kind].perSecond),
        ),
      ),
      ...kinds.map(kind =>
        shown(
          `${kind}: p99 ms`,
          of(one => one[kind].p99),
        ),
      ),
      ...kinds.map(kind =>
        shown(
          `${kind}: µs of processor a request`,
          of(one => one[kind].processor),
        ),
      ),
      {
        name: 'crash / off',
        value: rate('crash'),
        shown: rate('crash').toFixed(2),
        ...(floor ? { floor } : {}),
      },
      { name: 'power / off', value: rate('power'), shown: rate('power').toFixed(2) },
      {
        name: 'p99, crash / off',
        value: p99,
        shown: p99.toFixed(2),
        ...(floor ? {} : { floor: atMost(1.5) }),
      },
    ],
  );
}
