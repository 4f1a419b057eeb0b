import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Patient } from '@medplum/fhirtypes';
import autocannon from 'autocannon';
import { type Ground, prepareGround, type ServerProcess, startHub, startServer } from './hub-process.ts';
import { patient } from './resources.ts';
import { atLeast, format, median, printFigures } from './table.ts';

export const connections = 16;
/** Seconds. */
export const warmUp = 3;
export const round = 3;
export const rounds = 5;

/** Reads of one Patient with a token, against an app that sends the same bytes, headers and all. */
export async function benchRead(): Promise<boolean> {
  const ground = await prepareGround();
  try {
    const hub = await startHub(ground);
    const { path, answer } = await createPatient(hub.url, ground);
    const file = join(ground.env.HUB_DATA ?? '', 'answer.json');
    await writeFile(file, JSON.stringify(answer));
    const bare = await startServer(join(import.meta.dirname, 'bare-server.ts'), [file], {});
    const headers = { authorization: `Bearer ${ground.token}` };
    await load(bare.url + path, headers, warmUp, bare);
    await load(hub.url + path, headers, warmUp, hub);
    const measured: { bare: Load; hub: Load }[] = [];
    for (let at = 0; at < rounds; at++) {
      const other = await load(bare.url + path, headers, round, bare);
      const own = await load(hub.url + path, headers, round, hub);
      measured.push({ bare: other, hub: own });
    }
    await Promise.all([hub.stop(), bare.stop()]);
    const ratio = median(measured.map(one => one.hub.perSecond / one.bare.perSecond));
    const of = (pick: (one: (typeof measured)[number]) => number) => median(measured.map(pick));
    return printFigures(
      'read: GET /fhir/Patient/{id} with a token',
      `  ${connections} connections by autocannon, ${rounds} alternating rounds of ${round} s, medians; ${answer.body.length} bytes of JSON`,
      [
        { name: 'bare Hono app, requests/s', value: 0, shown: format(of(one => one.bare.perSecond)) },
        { name: 'hub, requests/s', value: 0, shown: format(of(one => one.hub.perSecond)) },
        { name: 'hub, p99 ms', value: 0, shown: format(of(one => one.hub.p99)) },
        { name: 'bare, processor µs/request', value: 0, shown: format(of(one => one.bare.cost)) },
        { name: 'hub, processor µs/request', value: 0, shown: format(of(one => one.hub.cost)) },
        { name: 'hub / bare', value: ratio, shown: ratio.toFixed(2), floor: atLeast(0.4), aim: atLeast(0.7) },
      ],
    );
  } finally {
    await ground.remove();
  }
}

interface Answer {
  headers: Record<string, string>;
  body: string;
}

/** What Node.js adds to every answer by itself. */
const added = ['connection', 'content-length', 'date', 'keep-alive'];

async function createPatient(url: string, { token }: Ground): Promise<{ path: string; answer: Answer }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };
  const body = JSON.stringify(patient(1));
  const created = await fetch(`${url}/fhir/Patient`, { method: 'POST', headers, body });
  const text = await created.text();
  if (created.status !== 201) throw new Error(`the patient was not created: ${text}`);
  const { id } = JSON.parse(text) as Patient;
  const path = `/fhir/Patient/${id}`;
  const read = await fetch(url + path, { headers });
  const sent = Object.fromEntries(read.headers);
  for (const name of added) delete sent[name];
  return { path, answer: { headers: sent, body: await read.text() } };
}

interface Load {
  perSecond: number;
  /** Milliseconds. */
  p99: number;
  /** Processor time of the server per request, in microseconds. */
  cost: number;
}

export async function load(
  url: string,
  headers: Record<string, string>,
  duration: number,
  server: ServerProcess,
): Promise<Load> {
  const before = await server.processorTime();
  const result = await autocannon({ url, headers, connections, duration });
  const after = await server.processorTime();
  const bad = result.non2xx + result.errors + result.timeouts;
  if (bad > 0) throw new Error(`${url}: ${bad} requests failed`);
  const cost = (((after ?? 0) - (before ?? 0)) * 1e6) / result.requests.total;
  return { perSecond: result.requests.average, p99: result.latency.p99, cost };
}
