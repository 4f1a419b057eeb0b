import { randomBytes } from 'node:crypto';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import type { Store } from '../store/store.ts';
import { startServer, type TestServer } from './sign-in.harness.ts';

onSqlite('the authorization server', database => {
  let store: Store;
  let server: TestServer;
  beforeAll(async () => {
    store = await database.open();
    server = await startServer(store);
    return () => server.close();
  });

  const get = (path: string, init: RequestInit = {}) => fetch(server.issuer + path, init);

  it.each(['/token', '/revoke'])('answers GET %s with the method that is right', async path => {
    const response = await get(path, { headers: { accept: 'text/html' } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringMatching(/only POST/),
    });
  });

  it.each([
    '',
    '/',
    '/me',
    '/reg',
    '/request',
    '/session/end',
    '/interaction/1',
    '/token/introspection',
    '/oauth/token',
    '//token',
    '/token%2f',
    '/%zz',
  ])('has nothing at %j', async path => {
    for (const method of ['GET', 'POST']) {
      const response = await get(path, { method });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: 'invalid_request' });
    }
  });

  it('answers in JSON whatever a browser accepts', async () => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/Task.rs' });
    const response = await get('/token', { method: 'POST', body, headers: { accept: 'text/html' } });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('publishes its public signing keys alone', async () => {
    const { keys } = (await (await get('/jwks')).json()) as { keys: Record<string, unknown>[] };
    // Shortly before the keys change, those to come are there too.
    expect([2, 4]).toContain(keys.length);
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-384', alg: 'ES384', use: 'sig' });
    expect(keys[1]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
    for (const key of keys) for (const secret of ['d', 'p', 'q']) expect(key).not.toHaveProperty(secret);
  });

  it('says what it offers, and every address it names is there', async () => {
    const metadata = server.authorization.metadata();
    expect(await (await get('/.well-known/oauth-authorization-server')).json()).toEqual(metadata);
    expect(metadata).toMatchObject({
      issuer: server.issuer,
      grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
    });
    const smart = server.authorization.smartConfiguration();
    expect(smart).toMatchObject({
      token_endpoint: `${server.issuer}/token`,
      token_endpoint_auth_signing_alg_values_supported: ['ES384', 'RS384'],
      capabilities: expect.arrayContaining(['client-confidential-asymmetric', 'permission-v2']),
    });
    for (const [name, value] of Object.entries({ ...metadata, ...smart })) {
      if (!/_(endpoint|uri)$/.test(name)) continue;
      expect((await fetch(String(value), { method: 'OPTIONS' })).status, name).toBe(405);
    }
  });

  it('has the same keys on every process, whoever made them', async () => {
    const fresh = await database.open();
    const first = await startServer(fresh);
    const second = await startServer(fresh, first);
    await Promise.all([first, second].map(one => one.authorization.prepare()));
    const sets = await Promise.all(
      [first, second].map(async ({ origin }) => (await fetch(`${origin}/oauth/jwks`)).text()),
    );
    await second.close();
    await first.close();
    expect(sets[0]).toBe(sets[1]);
  });

  it('does not start with another key, says why, and starts once it is right', async () => {
    await server.authorization.prepare();
    const restarted = await startServer(store);
    const path = join(restarted.keyFolder, 'secret.key');
    await writeFile(path, randomBytes(32).toString('base64'), { mode: 0o600 });
    await expect(restarted.authorization.prepare()).rejects.toThrow(/secret\.key.*HUB_SECRET_KEY/);
    expect(await restarted.post('/token', {})).toMatchObject({
      status: 503,
      body: { error: 'temporarily_unavailable' },
    });
    expect(restarted.logged.join()).toContain('the authorization server cannot start');
    await copyFile(join(server.keyFolder, 'secret.key'), path);
    expect((await restarted.post('/token', {})).status).toBe(400);
    await restarted.close();
  });
});
