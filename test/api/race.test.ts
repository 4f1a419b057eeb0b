import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Bundle,
  EpisodeOfCare,
  OperationOutcome,
  Organization,
  Patient,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import type { WriteOperation } from '../../src/fhir/repository.ts';
import { createHub, type Hub } from '../../src/hub.ts';
import { startHub } from '../../src/main.ts';
import { nextStepOf } from '../../src/referral/lifecycle/next-step.ts';
import { hasHubReason } from '../../src/referral/lifecycle/reasons.ts';
import { stateOf } from '../../src/referral/lifecycle/state.ts';
import { eachDatabase, type TestDatabase } from '../harness/databases.ts';
import { startHubProcess } from '../harness/process.ts';
import { fulfill, reference, treatingOrganization } from '../harness/referral.ts';

const asked = 50;
const root = join(import.meta.dirname, '../..');

/** What the hospital has sent to the hub, and the centers that the hub asks, all at once. */
interface World {
  hospital: string;
  task: string;
  patient: string;
  centers: { id: string; token: string; task: string }[];
}

/** Hubs on one database, with a rule that lets them ask so many; the world is made before they answer. */
async function start(
  database: TestDatabase,
): Promise<{ urls: string[]; world: World; stop(): Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'hub-race-'));
  const shipped = JSON.parse(await readFile(join(root, 'terminology/referral-due.json'), 'utf8'));
  const rules = await mkdtemp(join(tmpdir(), 'hub-rules-'));
  await writeFile(join(rules, 'referral-due.json'), JSON.stringify({ ...shipped, parallelOffers: asked }));
  const { url } = await database.options();
  const env = {
    HUB_DATA: data,
    HUB_RULES: rules,
    HUB_ENV: 'test',
    HUB_LOG: 'silent',
    HUB_RATE_LIMIT: '0',
    ...(url ? { HUB_DATABASE_URL: url } : {}),
  };
  const clean = async () => {
    for (const folder of [data, rules]) await rm(folder, { recursive: true, force: true });
  };
  const cache = join(root, 'node_modules/.cache/warm-handoff');
  const config = readConfig({ ...env, HUB_CACHE: cache, HUB_PORT: '0' });
  const itself = await createHub({ config, clock: systemClock, baseUrl: 'http://127.0.0.1' });
  const world = await prepare(itself);
  await itself.close();
  if (!url) {
    const running = await startHub(config, { clock: systemClock, bots: false, definitions: false });
    return { urls: [running.url], world, stop: () => running.stop().then(clean) };
  }
  const processes = await Promise.all([startHubProcess(data, env), startHubProcess(data, env)]);
  const stop = async () => {
    await Promise.all(processes.map(one => one.stop()));
    await clean();
  };
  return { urls: processes.map(one => one.url), world, stop };
}

async function prepare(hub: Hub): Promise<World> {
  const ids = ['hospital', ...Array.from({ length: asked }, (_, at) => `center-${at}`)];
  await hub.repository(hub.hubActor).write(
    ids.map(id => ({
      kind: 'update' as const,
      type: 'Organization',
      id,
      inNameOf: id,
      resource: {
        resourceType: 'Organization',
        id,
        name: id,
        active: true,
        ...treatingOrganization,
      } as Organization,
    })),
  );
  const tokens = new Map<string, string>();
  for (const id of ids) {
    await hub.authorization.clients.add({
      clientId: id,
      name: id,
      organization: id,
      scope: 'system/*.cruds',
      secret: true,
    });
    tokens.set(id, (await hub.authorization.issueToken({ client: id, ttl: 3600 })).token);
  }
  const scopes = [{ type: '*', create: true, read: true, update: true, delete: true, search: true }];
  const hospital: Actor = { kind: 'client', id: 'hospital', organization: 'hospital', scopes };
  const create = async <R extends Patient | Task>(
    by: Actor,
    ...operations: WriteOperation[]
  ): Promise<(R & { id: string })[]> =>
    (await hub.repository(by).write(operations)).map(
      one => one.stored?.resource() as unknown as R & { id: string },
    );
  const [patient] = await create<Patient>(hospital, {
    kind: 'create',
    resource: { resourceType: 'Patient', birthDate: '1985-07-01' },
  });
  if (!patient) throw new Error('there is a person');
  const about = reference(patient);
  const request = (requester: string, intent: 'order' | 'filler-order') => ({
    resourceType: 'ServiceRequest' as const,
    status: 'active' as const,
    intent,
    subject: about,
    requester: { reference: `Organization/${requester}` },
  });
  const task = (
    requester: string,
    owner: string,
    focus: string,
    more: Partial<Task> = {},
  ): WriteOperation => ({
    kind: 'create',
    resource: {
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: fulfill,
      focus: { reference: focus },
      for: about,
      requester: { reference: `Organization/${requester}` },
      owner: { reference: `Organization/${owner}` },
      ...more,
    },
  });
  const [, sent] = await create<Task>(
    hospital,
    { kind: 'create', resource: request('hospital', 'order'), fullUrl: 'urn:uuid:r' },
    task('hospital', 'hub', 'urn:uuid:r'),
  );
  if (!sent) throw new Error('there is a Task');
  await create<Task>(hub.hubActor, {
    kind: 'update',
    type: 'Task',
    id: sent.id,
    resource: { ...sent, status: 'accepted' },
  });
  const partOf = [{ reference: `Task/${sent.id}` }];
  const filler = { ...request('hub', 'filler-order'), basedOn: [{ reference: sent.focus?.reference ?? '' }] };
  const [, ...offers] = await create<Task>(
    hub.hubActor,
    { kind: 'create', resource: filler, fullUrl: 'urn:uuid:f' },
    ...ids.slice(1).map(id => task('hub', id, 'urn:uuid:f', { partOf })),
  );
  return {
    hospital: tokens.get('hospital') ?? '',
    task: sent.id,
    patient: patient.id,
    centers: ids.slice(1).map((id, at) => ({ id, token: tokens.get(id) ?? '', task: offers[at]?.id ?? '' })),
  };
}

eachDatabase(`${asked} centers that accept the same referral in the same moment`, database => {
  let hubs: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    hubs = await start(database);
  }, 120_000);
  afterAll(() => hubs.stop());

  async function call<R>(
    token: string,
    at: number,
    method: string,
    path: string,
    body?: unknown,
    headers = {},
  ) {
    const response = await fetch(`${hubs.urls[at % hubs.urls.length]}/fhir/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as R };
  }
  const read = async <R>(token: string, path: string): Promise<R> =>
    (await call<R>(token, 0, 'GET', path)).json;

  it('have one winner, and the others are told so', { timeout: 120_000 }, async () => {
    const { centers, hospital, task, patient } = hubs.world;
    const seen = await Promise.all(centers.map(one => read<Task>(one.token, `Task/${one.task}`)));
    /** As different clients do: a PUT of the version they have read, a PATCH, and the hub's own operation. */
    const accept = [
      (at: number, path: string, token: string) =>
        call(
          token,
          at,
          'PUT',
          path,
          { ...seen[at], status: 'accepted' },
          { 'if-match': `W/"${seen[at]?.meta?.versionId}"` },
        ),
      (at: number, path: string, token: string) =>
        call(token, at, 'PATCH', path, [{ op: 'replace', path: '/status', value: 'accepted' }], {
          'content-type': 'application/json-patch+json',
        }),
      (at: number, path: string, token: string) =>
        call(token, at, 'POST', `${path}/$accept`, { resourceType: 'Parameters' }),
    ];
    const answers = await Promise.all(
      centers.map((one, at) => accept[Math.floor(at / 2) % 3]?.(at, `Task/${one.task}`, one.token)),
    );
    const won = answers.findIndex(answer => answer?.status === 200);
    const winner = centers[won];
    expect(answers.filter(answer => answer?.status === 200)).toHaveLength(1);
    for (const [at, answer] of answers.entries()) {
      if (at === won) continue;
      const { status, json } = answer as { status: number; json: OperationOutcome };
      expect([409, 412, 422], JSON.stringify(json)).toContain(status);
      expect(json.issue[0]?.details?.text).toMatch(/accepted this referral already|is cancelled|version/);
    }

    const tasks = await Promise.all(centers.map(one => read<Task>(one.token, `Task/${one.task}`)));
    for (const [at, one] of tasks.entries()) {
      if (at === won) continue;
      expect(stateOf(one)).toMatchObject({ status: 'cancelled', step: '6.0', cut: false });
      expect(hasHubReason(one, 'another-accepted')).toBe(true);
      expect(nextStepOf(one)).toBeUndefined();
    }
    expect(tasks[won]?.status).toBe('accepted');
    const step = nextStepOf(tasks[won] as Task);
    expect(step).toMatchObject({ turn: winner?.id, action: 'schedule' });
    const sent = await read<Task>(hospital, `Task/${task}`);
    expect(stateOf(sent)).toMatchObject({ status: 'in-progress', step: '3.0' });
    expect(nextStepOf(sent)).toMatchObject({ turn: winner?.id, action: 'schedule', due: step?.due });
    const told = (sent.note ?? []).map(({ text }) => text ?? '');
    expect(told.filter(text => text.includes('no longer asked'))).toHaveLength(asked - 1);
    expect(told.filter(text => /^center-\d+ accepted\.$/.test(text))).toEqual([`${winner?.id} accepted.`]);
    const episodes = await read<Bundle<EpisodeOfCare>>(
      winner?.token ?? '',
      `EpisodeOfCare?patient=Patient/${patient}`,
    );
    expect(episodes.entry?.map(one => one.resource?.managingOrganization?.reference)).toEqual([
      `Organization/${winner?.id}`,
    ]);
    const open = await Promise.all(
      centers.map(async (one, at) => (await call(one.token, at, 'GET', `Patient/${patient}`)).status),
    );
    expect(open).toEqual(centers.map((_, at) => (at === won ? 200 : 404)));

    const { status } = await call(winner?.token ?? '', 1, 'POST', `Task/${winner?.task}/$schedule`, {
      resourceType: 'Parameters',
      parameter: [{ name: 'start', valueDateTime: new Date(Date.now() + 86_400_000).toISOString() }],
    });
    expect(status).toBe(200);
    expect(stateOf(await read<Task>(hospital, `Task/${task}`)).step).toBe('5.1.1');
  });
});
