import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Organization, Resource } from '@medplum/fhirtypes';
import { type Config, readConfig } from '../../src/config.ts';
import type { Hub } from '../../src/hub.ts';
import { type StartOptions, startHub } from '../../src/main.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import type { TestDatabase } from './databases.ts';

/** A hub that really listens, on a database and a clock of its own. */
export interface TestHub {
  hub: Hub;
  url: string;
  clock: FakeClock;
  config: Config;
  /** Adds an organization and an API client of the same name; answers as that client. */
  party(name: string, options?: PartyOptions): Promise<Party>;
  /** Lets the bots catch up with what has happened, and run what is scheduled by now. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export interface PartyOptions {
  scope?: string;
  loads?: boolean;
  organization?: Partial<Organization>;
  /** An existing organization's id, when another client of it is meant. */
  of?: string;
}

/** One organization's client over HTTP. */
export interface Party {
  name: string;
  /** `Organization/…` */
  organization: string;
  token: string;
  /** A request as this client; a body is sent as FHIR JSON. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  create<R extends Resource>(resource: R): Promise<R & { id: string }>;
  update<R extends Resource>(resource: R): Promise<Answer>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON came back
  json: any;
}

const cacheFolder = join(import.meta.dirname, '../../node_modules/.cache/warm-handoff');

export async function startTestHub(
  database: TestDatabase,
  env: Record<string, string> = {},
  { profileFolder, definitions = false }: Pick<StartOptions, 'profileFolder' | 'definitions'> = {},
): Promise<TestHub> {
  const data = await mkdtemp(join(tmpdir(), 'hub-test-'));
  const options = database.name === 'postgres' ? await database.options() : {};
  const config = readConfig({
    HUB_DATA: data,
    HUB_CACHE: cacheFolder,
    HUB_PORT: '0',
    HUB_ENV: 'test',
    HUB_LOG: 'error',
    HUB_RATE_LIMIT: '0',
    ...(options.url ? { HUB_DATABASE_URL: options.url } : {}),
    ...env,
  });
  const clock = fakeClock();
  const running = await startHub(config, {
    clock,
    bots: false,
    definitions,
    ...(profileFolder ? { profileFolder } : {}),
  });
  return {
    ...running,
    clock,
    config,
    party: (name, how) => addParty(running, name, how),
    async settle() {
      await running.hub.events.drain();
      await running.hub.events.tick(clock.now());
      await running.hub.events.drain();
    },
    async stop() {
      await running.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function addParty(
  { hub, url }: { hub: Hub; url: string },
  name: string,
  { scope = 'system/*.cruds', loads = false, organization, of }: PartyOptions = {},
): Promise<Party> {
  const id = of ?? name;
  if (!of) {
    const resource: Organization = { resourceType: 'Organization', id, name, active: true, ...organization };
    await hub
      .repository(hub.hubActor)
      .write([{ kind: 'update', type: 'Organization', id, resource, inNameOf: id }]);
  }
  await hub.authorization.clients.add({ clientId: name, name, organization: id, scope, secret: true, loads });
  const { token } = await hub.authorization.issueToken({ client: name, ttl: 86_400 });
  const request: Party['request'] = (method, path, body, headers = {}) =>
    send(url, token, method, path, body, headers);
  return {
    name,
    organization: `Organization/${id}`,
    token,
    request,
    get: path => request('GET', path),
    async create<R extends Resource>(resource: R) {
      const answer = await request('POST', `/${resource.resourceType}`, resource);
      if (answer.status !== 201) throw new Error(`${name} could not create: ${answer.status} ${answer.text}`);
      return answer.json as R & { id: string };
    },
    update: resource => request('PUT', `/${resource.resourceType}/${resource.id}`, resource),
  };
}

async function send(
  url: string,
  token: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(`${url}/fhir${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/fhir+json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
