import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { startTestHub } from '../harness/hub.ts';
import { type AppWorld, authorizeQuery, Browser, pkce, startAppWorld, tokensFor } from './app-world.ts';

onSqlite('headers', database => {
  let world: AppWorld;
  let cookie: string;
  const origin = 'http://127.0.0.1:9';
  beforeAll(async () => {
    world = await startAppWorld(database);
    ({ cookie } = await world.signIn('jordan', 'case-manager'));
    const framed = { clientId: 'framed', public: true, frameAncestors: ['https://ehr.example'] };
    await world.register({ ...framed, redirectUris: ['https://framed.example/back'] });
  }, 120_000);
  afterAll(() => world?.stop());

  const open = async (client_id: string, redirect_uri: string) => {
    const query = { ...authorizeQuery(world, pkce().challenge), client_id, redirect_uri };
    return (await new Browser(world.url, cookie).go(`/oauth/auth?${new URLSearchParams(query)}`)).response;
  };
  const policyOf = (response: Response) => response.headers.get('content-security-policy') ?? '';

  it('the page that asks runs nothing, is framed by nobody, and sends its form to the app alone', async () => {
    const response = await open('public-app', `${origin}/app/back`);
    expect(response.status).toBe(200);
    expect(policyOf(response)).toBe(
      `default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' ${origin}; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).not.toMatch(/<script|style="|\son[a-z]+=/);
  });

  it('is framed by the EHRs that an app is registered with, for that app', async () => {
    const response = await open('framed', 'https://framed.example/back');
    expect(policyOf(response)).toContain('frame-ancestors https://ehr.example');
  });

  describe('CORS', () => {
    const ask = (path: string, from: string, init: RequestInit = {}) =>
      fetch(`${world.url}${path}`, { ...init, headers: { origin: from, ...init.headers } });
    const allowed = (response: Response) => response.headers.get('access-control-allow-origin');

    it.each([
      '/fhir/metadata',
      '/fhir/.well-known/smart-configuration',
      '/fhir/Patient',
      '/oauth/jwks',
      '/.well-known/oauth-authorization-server/oauth',
    ])('lets pages of registered apps read %s, and those of nobody else', async path => {
      const answer = await ask(path, origin);
      expect(allowed(answer)).toBe(origin);
      expect(answer.headers.get('vary')).toContain('Origin');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      for (const stranger of [
        'https://evil.example',
        'null',
        `${origin}.evil.example`,
        'http://127.0.0.1:10',
      ])
        expect(allowed(await ask(path, stranger)), stranger).toBeNull();
    });

    it('answers their preflights, and gives others no leave', async () => {
      const preflight = (from: string) =>
        ask('/fhir/Patient', from, {
          method: 'OPTIONS',
          headers: {
            'access-control-request-method': 'GET',
            'access-control-request-headers': 'authorization',
          },
        });
      const answer = await preflight(origin);
      expect(answer.status).toBe(204);
      expect(allowed(answer)).toBe(origin);
      expect(answer.headers.get('access-control-allow-headers')).toMatch(/\bAuthorization\b/);
      expect(answer.headers.get('access-control-allow-methods')).toContain('DELETE');
      expect(allowed(await preflight('https://evil.example'))).toBeNull();
      const token = await ask('/oauth/token', origin, {
        method: 'OPTIONS',
        headers: { 'access-control-request-method': 'POST' },
      });
      expect([token.status, allowed(token)]).toEqual([204, origin]);
    });

    it('lets them read what a token was answered with, and why it was refused', async () => {
      const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: 'public-app' });
      const answer = await ask('/oauth/token', origin, { method: 'POST', body });
      expect([answer.status, allowed(answer)]).toEqual([400, origin]);
    });

    it('forgets an app that is suspended', async () => {
      await world.register({ clientId: 'gone', public: true, redirectUris: ['https://gone.example/back'] });
      world.clock.advance({ minutes: 1 });
      expect(allowed(await ask('/fhir/metadata', 'https://gone.example'))).toBe('https://gone.example');
      await world.hub.authorization.clients.suspend('gone');
      world.clock.advance({ minutes: 1 });
      expect(allowed(await ask('/fhir/metadata', 'https://gone.example'))).toBeNull();
    });
  });

  it('a token is never a cookie: a page with the session alone gets nothing from the API', async () => {
    expect((await fetch(`${world.url}/fhir/Patient`, { headers: { cookie } })).status).toBe(401);
    expect((await tokensFor(world, cookie)).status).toBe(200);
  });
});

onSqlite('behind TLS', database => {
  it('every answer says so, and the cookies of an authorization are for TLS alone', async () => {
    const { port } = await freePort();
    const hub = await startTestHub(database, { HUB_BASE_URL: 'https://hub.example', HUB_PORT: String(port) });
    try {
      await hub.hub.authorization.clients.add({
        clientId: 'app',
        name: 'App',
        organization: 'hub',
        scope: 'openid',
        public: true,
        redirectUris: ['https://app.example/back'],
      });
      const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
      for (const path of ['/fhir/metadata', '/oauth/jwks', '/oauth/interaction/none', '/sign-in'])
        expect((await ask(path)).headers.get('strict-transport-security'), path).toMatch(/max-age=\d+/);
      const query = new URLSearchParams({
        ...authorizeQuery(hub, pkce().challenge),
        client_id: 'app',
        redirect_uri: 'https://app.example/back',
        scope: 'openid',
      });
      const asked = await ask(`/oauth/auth?${query}`);
      expect(asked.status).toBe(303);
      const cookies = asked.headers.getSetCookie();
      expect(cookies.length).toBeGreaterThan(0);
      for (const one of cookies) expect(one).toMatch(/; secure; httponly/i);
    } finally {
      await hub.stop();
    }
  });
});

async function freePort(): Promise<{ port: number }> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return { port };
}
