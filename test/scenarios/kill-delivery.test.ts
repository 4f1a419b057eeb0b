import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeParties } from '../harness/parties-at-rest.ts';
import { type HubProcess, startHubProcess } from '../harness/process.ts';
import { type Receiver, startReceiver } from '../harness/receiver.ts';
import { onCriteria } from '../harness/subscriptions.ts';

const kills = process.env.CHECK_FULL ? 4 : 1;
const perRound = 12;

let data: string;
let hub: HubProcess;
let token: string;
let receiver: Receiver;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'hub-kill-delivery-'));
  const env = { HUB_DATA: data, HUB_ENV: 'test', HUB_LOG: 'silent', HUB_OUTGOING_HOSTS: '127.0.0.1' };
  [token = ''] = await makeParties(env, [{ id: 'center' }]);
  receiver = await startReceiver();
  hub = await startHubProcess(data, env);
});
afterAll(async () => {
  await hub.stop();
  await receiver.close();
  await rm(data, { recursive: true, force: true });
});

async function send(method: string, path: string, body: object): Promise<{ id: string }> {
  const response = await fetch(`${hub.url}/fhir/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text) as { id: string };
}

const task = (description: string): Task => ({
  resourceType: 'Task',
  status: 'draft',
  intent: 'order',
  code: { text: 'Killed' },
  description,
});

async function until(what: () => boolean, patience = 45_000): Promise<void> {
  for (const end = performance.now() + patience; !what() && performance.now() < end; )
    await new Promise(resolve => setTimeout(resolve, 20));
  expect(what()).toBe(true);
}

it('a hub that is killed while it delivers loses nothing, and doubles only under the same id', {
  timeout: 240_000,
}, async () => {
  const payload = 'application/fhir+json';
  await send('POST', 'Subscription', onCriteria('Task', receiver.url, { payload }));
  await until(() => receiver.received.length > 0);
  receiver.received.length = 0;
  receiver.answer(async () => {
    await new Promise(resolve => setTimeout(resolve, 30));
    return 200;
  });
  const expected: string[] = [];
  const { id } = await send('POST', 'Task', task('0'));
  expected.push(`${id}/1`);
  for (let round = 0; round <= kills; round++) {
    for (let at = 0; at < perRound; at++) {
      await send('PUT', `Task/${id}`, { ...task(`${round}.${at}`), id });
      expected.push(`${id}/${expected.length + 1}`);
    }
    if (round < kills) await hub.killAndRestart();
  }
  const versions = () =>
    receiver.received.map(one => `${one.json?.id}/${one.json?.meta.versionId} ${one.headers['webhook-id']}`);
  await until(() => new Set(versions()).size >= expected.length);
  const once = [...new Set(versions())].map(one => one.split(' ')[0]);
  expect(once).toEqual(expected);
  expect(receiver.received.length - once.length).toBeLessThanOrEqual(kills);
});
