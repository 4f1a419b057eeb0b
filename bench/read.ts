import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Patient } from '@medplum/fhirtypes';
import autocannon from 'autocannon';
import { type Ground, prepareGround, type ServerProcess, startHub, startServer } from './hub-process.ts';
import { patient } from './resources.ts';
import { atLeast, median, plain, printFigures } from './table.ts';

export const connections = 16;
/** Seconds. */
export const warmUp = 3;
export const round = 3;
export const rounds = 5;

type Kind = 'bare' | 'hub' | 'unaudited';

/** Reads of one Patient with a token, against an app that sends the same bytes, headers and all. */
export async function benchRead(): Promise<boolean> {
  const ground = await prepareGround();
  try {
    const hub = await startHub(ground);
    const { path, answer } = await createPatient(hub.url, ground);
    const file = join(ground.env.HUB_DATA ?? '', 'answer.json');
    await writeFile(file, JSON.stringify(answer));
    const bare = await startServer(join(import.meta.dirname, 'bare-server.ts'), [file], {});
    const unaudited = await startServer(join(import.meta.dirname, 'unaudited-hub.ts'), [], ground.env);
    const servers = { bare, hub, unaudited };
    const headers = { authorization: `Bearer ${ground.token}` };
    const loadAll = async (seconds: number): Promise<Record<Kind, Load>> => ({
      bare: await load(bare.url + path, headers, seconds, bare),
      unaudited: await load(unaudited.url + path, headers, seconds, unaudited),
      hub: await load(hub.url + path, headers, seconds, hub),
    });
    await loadAll(warmUp);
    const measured: Record<Kind, Load>[] = [];
    for (let at = 0; at < rounds; at++) measured.push(await loadAll(round));
    await Promise.all(Object.values(servers).map(server => server.stop()));
    return report(measured, answer.body.length);
  } finally {
    await ground.remove();
  }
}

function report(measured: readonly Record<Kind, Load>[], bytes: number): boolean {
  const of = (pick: (one: Record<Kind, Load>) => number) => median(measured.map(pick));
  const ratio = (kind: Kind) => of(one => one[kind].perSecond / one.bare.perSecond);
  return printFigures(
    'read: GET /fhir/Patient/{id} with a token',
    `  ${connections} connections by autocannon, ${rounds} alternating rounds of ${round} s, medians; ${bytes} bytes of JSON`,
    [
      plain(
        'bare Hono app, requests/s',
        of(one => one.bare.perSecond),
      ),
      plain(
        'hub without its audit, requests/s',
        of(one => one.unaudited.perSecond),
      ),
      plain(
        'hub, requests/s',
        of(one => one.hub.perSecond),
      ),
      plain(
        'hub, p99 ms',
        of(one => one.hub.p99),
      ),
      plain(
        'bare, processor µs/request',
        of(one => one.bare.cost),
      ),
      plain(
        'hub without its audit, processor µs/request',
        of(one => one.unaudited.cost),
      ),
      plain(
        'hub, processor µs/request',
        of(one => one.hub.cost),
      ),
      {
        name: 'hub without its audit / bare',
        value: ratio('unaudited'),
        shown: ratio('unaudited').toFixed(2),
      },
      {
        name: 'hub / bare',
        value: ratio('hub'),
        shown: ratio('hub').toFixed(2),
        floor: atLeast(0.4),
        aim: atLeast(0.7),
      },
    ],
  );
}

export interface Answer {
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
  return { path, answer: await answerOf(url + path, headers) };
}

/** What is sent to a caller that does not ask for it to be packed, as the load that is measured does not. */
export async function answerOf(url: string, headers: Record<string, string>): Promise<Answer> {
  const read = await fetch(url, { headers: { ...headers, 'accept-encoding': 'identity' } });
  const sent = Object.fromEntries(read.headers);
  for (const name of added) delete sent[name];
  return { headers: sent, body: await read.text() };
}

export interface Load {
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
  requests?: autocannon.Request[],
): Promise<Load> {
  const before = await server.processorTime();
  const result = await autocannon({ url, headers, connections, duration, ...(requests ? { requests } : {}) });
  const after = await server.processorTime();
  const bad = result.non2xx + result.errors + result.timeouts;
  if (bad > 0) throw new Error(`${url}: ${bad} requests failed`);
  const cost = (((after ?? 0) - (before ?? 0)) * 1e6) / result.requests.total;
  return { perSecond: result.requests.average, p99: result.latency.p99, cost };
}
