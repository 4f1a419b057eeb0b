import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub } from '../../src/main.ts';
import { eachDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';

eachDatabase('a hub that is asked too much', database => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_RATE_LIMIT: '30' });
  });
  afterAll(() => hub.stop());

  it('tells a client to wait, and lets the others go on', async () => {
    const eager = await hub.party('eager');
    const calm = await hub.party('calm');
    const statuses = [];
    for (let count = 0; count < 31; count++) statuses.push((await eager.get('/Task')).status);
    const last = await eager.get('/Task');
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(200));
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(last.json).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'throttled' }] });
    expect((await calm.get('/Task')).status).toBe(200);
  });

  it('does not listen to who guesses secrets; another client at the same address signs in', async () => {
    const { secret = '' } = await hub.hub.authorization.clients.add({
      clientId: 'good',
      name: 'good',
      organization: 'calm',
      scope: 'system/*.rs',
      secret: true,
    });
    const signIn = (id: string, word: string) =>
      fetch(`${hub.url}/oauth/token`, {
        method: 'POST',
        headers: { Authorization: `Basic ${Buffer.from(`${id}:${word}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/*.rs' }),
      });
    // What has been used up comes back by and by: on a slow machine it takes a few guesses more.
    let [guesses, status] = [0, 401];
    while (status === 401 && guesses < 100) {
      status = (await signIn('calm', 'guess')).status;
      guesses += 1;
    }
    expect([status, guesses > 20]).toEqual([429, true]);
    expect((await signIn('good', secret)).status).toBe(200);
  });

  it('answers a URL that is too long, and too many parameters, without searching', async () => {
    const party = await hub.party('long');
    expect((await party.get(`/Task?status=${'a'.repeat(20_000)}`)).status).toBe(431);
    expect((await party.get(`/Task?${'status=draft&'.repeat(101)}`)).status).toBe(400);
  });

  it('says to browsers to come by TLS alone where it is reached by TLS', async () => {
    const header = async (url: string) =>
      (await fetch(`${url}/healthz`)).headers.get('strict-transport-security');
    expect(await header(hub.url)).toBeNull();
    const config = { ...hub.config, port: 0, baseUrl: 'https://hub.example' };
    const running = await startHub(config, { bots: false });
    const app = await running.hub.app.request('/healthz');
    await running.stop();
    expect(app.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('does not wait for ever for a slow body', async () => {
    const slowest = { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 50 };
    const { token } = await hub.party('slow');
    const running = await startHub({ ...hub.config, port: 0 }, { bots: false, slowest, clock: hub.clock });
    const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const headers = `Host: hub\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/fhir+json`;
    socket.write(`POST /fhir/Task HTTP/1.1\r\n${headers}\r\nContent-Length: 100\r\n\r\n{`);
    const answer = await text(socket);
    await running.stop();
    expect(answer).toMatch(/^HTTP\/1.1 408/);
  });
});
