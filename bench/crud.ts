import type { Resource } from '@medplum/fhirtypes';
import { Pool } from 'undici';
import { type Ground, prepareGround, startHub } from './hub-process.ts';
import { startPostgres } from './postgres.ts';
import * as make from './resources.ts';
import { atLeast, atMost, columns, type Figure, format, percentile, printFigures } from './table.ts';

const connections = 16;
/** Seconds. */
const warmUp = 5;
const duration = 15;

const operations = ['create', 'read', 'update', 'delete'] as const;
type Operation = (typeof operations)[number];

/** What one connection has done. */
interface Done {
  latencies: Record<Operation, number[]>;
  errors: Map<string, number>;
}

/** Create, read, update and delete over nine resource types, each write durable when it is answered. */
export async function benchCrud({ postgres }: { postgres: boolean }): Promise<boolean> {
  const ok = [await onDatabase('SQLite')];
  if (postgres) {
    const server = await startPostgres();
    try {
      ok.push(await onDatabase('PostgreSQL', server.url));
    } finally {
      await server.stop();
    }
  }
  return ok.every(Boolean);
}

async function onDatabase(name: string, databaseUrl?: string): Promise<boolean> {
  const ground = await prepareGround(databaseUrl);
  try {
    const hub = await startHub(ground);
    const pool = new Pool(hub.url, { connections, pipelining: 1 });
    const kinds = await kindsOf(pool, ground);
    await drive(pool, ground, kinds, warmUp);
    const used = await hub.processorTime();
    const started = performance.now();
    const done = await drive(pool, ground, kinds, duration);
    const seconds = (performance.now() - started) / 1000;
    const usedNow = await hub.processorTime();
    await pool.close();
    await hub.stop();
    const processor = used === undefined || usedNow === undefined ? undefined : usedNow - used;
    return report(name, done, seconds, processor);
  } finally {
    await ground.remove();
  }
}

type Kind = (n: number) => Resource;

/** The nine types, all about one patient that stays. */
async function kindsOf(pool: Pool, ground: Ground): Promise<Kind[]> {
  const { status, json } = await send(pool, ground, 'POST', '/fhir/Patient', make.patient(0));
  if (status !== 201) throw new Error(`the patient was not created: ${JSON.stringify(json)}`);
  const subject = `Patient/${json.id}`;
  const requester = `Organization/${ground.organization}`;
  return [
    make.patient,
    n => make.encounter(n, subject),
    n => make.condition(n, subject),
    n => make.observation(n, subject),
    n => make.serviceRequest(n, subject, requester),
    n => make.carePlan(n, subject),
    n => make.goal(n, subject),
    n => make.appointment(n, subject),
    n => make.communication(n, subject),
  ];
}

async function drive(pool: Pool, ground: Ground, kinds: readonly Kind[], seconds: number): Promise<Done[]> {
  const until = performance.now() + seconds * 1000;
  return Promise.all(
    Array.from({ length: connections }, (_, at) => connection(pool, ground, kinds, at, until)),
  );
}

/** One client: through all types, and all over again until the time is up. */
async function connection(
  pool: Pool,
  ground: Ground,
  kinds: readonly Kind[],
  at: number,
  until: number,
): Promise<Done> {
  const done: Done = { latencies: { create: [], read: [], update: [], delete: [] }, errors: new Map() };
  const timed = async (
    operation: Operation,
    method: Method,
    path: string,
    wanted: number,
    body?: Resource,
  ) => {
    const from = performance.now();
    const { status, json } = await send(pool, ground, method, path, body);
    done.latencies[operation].push(performance.now() - from);
    if (status !== wanted) {
      const said = `${method} ${path.replace(/[0-9a-f-]{36}/, '…')} ${status} ${JSON.stringify(json).slice(0, 300)}`;
      done.errors.set(said, (done.errors.get(said) ?? 0) + 1);
    }
    return json;
  };
  for (let n = at; performance.now() < until; n += connections) {
    const resource = make.pick(kinds, n)(n);
    const type = `/fhir/${resource.resourceType}`;
    const created = await timed('create', 'POST', type, 201, resource);
    const path = `${type}/${created.id}`;
    const read = await timed('read', 'GET', path, 200);
    await timed('update', 'PUT', path, 200, make.changed(read as Resource));
    await timed('delete', 'DELETE', path, 204);
  }
  return done;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

async function send(pool: Pool, { token }: Ground, method: Method, path: string, resource?: Resource) {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(resource ? { 'content-type': 'application/fhir+json' } : {}),
  };
  const { statusCode, body } = await pool.request({
    method,
    path,
    headers,
    ...(resource ? { body: JSON.stringify(resource) } : {}),
  });
  const text = await body.text();
  return { status: statusCode, json: (text === '' ? {} : JSON.parse(text)) as { id?: string } };
}

/** Holds whatever else the machine does meanwhile. */
function costOf(seconds: number, count: number): Figure {
  const value = (seconds * 1000) / count;
  return { name: 'processor ms/operation', value, shown: format(value) };
}

function report(
  name: string,
  done: readonly Done[],
  seconds: number,
  processor: number | undefined,
): boolean {
  const of = (operation: Operation) => done.flatMap(one => one.latencies[operation]);
  const all = operations.flatMap(of);
  const errors = done.flatMap(one => [...one.errors]);
  const failed = errors.reduce((sum, [, count]) => sum + count, 0);
  const perSecond = all.length / seconds;
  const [p50, p99] = [percentile(all, 0.5), percentile(all, 0.99)];
  // The aims are for the database that a hub has without being told otherwise.
  const limits = name === 'SQLite';
  const ok = printFigures(
    `crud on ${name}: create, read, update, delete over nine resource types`,
    `  ${connections} connections by undici for ${duration} s, each write durable when it is answered`,
    [
      {
        name: 'operations/s',
        value: perSecond,
        shown: format(perSecond),
        ...(limits ? { floor: atLeast(1000), aim: atLeast(1500) } : {}),
      },
      { name: 'p50 ms', value: p50, shown: format(p50) },
      { name: 'p99 ms', value: p99, shown: format(p99), ...(limits ? { aim: atMost(30) } : {}) },
      ...(processor === undefined ? [] : [costOf(processor, all.length)]),
      { name: 'errors', value: failed, shown: String(failed), floor: atMost(0) },
    ],
  );
  const rows = operations.map(operation => {
    const times = of(operation);
    return [
      operation,
      format(times.length / seconds),
      format(percentile(times, 0.5)),
      format(percentile(times, 0.99)),
      '',
    ];
  });
  for (const line of columns([['', '/s', 'p50 ms', 'p99 ms', ''], ...rows])) console.log(line);
  for (const [said, count] of errors.slice(0, 5)) console.log(`  ${count} × ${said}`);
  return ok;
}
