import { createHash } from 'node:crypto';
import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientKey, claims, clientKey, sign, withAssertion } from '../../src/auth/sign-in.harness.ts';
import { onSqlite } from '../harness/databases.ts';
import {
  type AppWorld,
  authorize,
  authorizeQuery,
  Browser,
  pkce,
  post,
  redirectUri,
  startAppWorld,
  tokensFor,
} from './app-world.ts';

/** What each refusal is called by RFC 6749, RFC 7521, RFC 7636, OpenID Connect Core and SMART App Launch. */
onSqlite('what is refused', database => {
  let world: AppWorld;
  let cookie: string;
  let key: ClientKey;
  beforeAll(async () => {
    world = await startAppWorld(database);
    ({ cookie } = await world.signIn('jordan', 'case-manager'));
    key = await clientKey('ES384', 'k1');
    await world.hub.authorization.clients.add({
      clientId: 'backend',
      name: 'Backend',
      organization: 'clinic',
      scope: 'system/Task.rs',
      jwks: { keys: [key.jwk] },
    });
    await world.register({ clientId: 'suspended', public: true });
    await world.hub.authorization.clients.suspend('suspended');
    await world.register({
      clientId: 'narrow',
      public: true,
      scope: 'openid launch/patient patient/Task.rs',
    });
  }, 120_000);
  afterAll(() => world?.stop());

  describe('at the authorization endpoint, told to the app', () => {
    const { challenge } = pkce();
    const cases: [title: string, otherwise: Record<string, string | undefined>, error: string][] = [
      ['a token for another server (aud)', { aud: 'https://elsewhere.example/fhir' }, 'invalid_request'],
      ['no aud', { aud: undefined }, 'invalid_request'],
      ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
      ['PKCE method plain', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['PKCE without a method', { code_challenge_method: undefined }, 'invalid_request'],
      ['a challenge that is none', { code_challenge: 'short' }, 'invalid_request'],
      ['no response type', { response_type: undefined }, 'invalid_request'],
      ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
      ['an id_token from the front', { response_type: 'id_token', nonce: 'n' }, 'unsupported_response_type'],
      ['an unknown response mode', { response_mode: 'carrier-pigeon' }, 'unsupported_response_mode'],
      [
        'a scope beyond the registration',
        { client_id: 'narrow', scope: 'patient/Observation.rs' },
        'invalid_scope',
      ],
      [
        'a wider permission than registered',
        { client_id: 'narrow', scope: 'patient/Task.cruds' },
        'invalid_scope',
      ],
      ['another level than registered', { client_id: 'narrow', scope: 'user/Task.rs' }, 'invalid_scope'],
      [
        'offline access that is not registered',
        { client_id: 'narrow', scope: 'openid offline_access' },
        'invalid_scope',
      ],
      ['a system scope for a person', { scope: 'system/Task.rs' }, 'invalid_scope'],
      ['a scope of no known form', { scope: 'everything' }, 'invalid_scope'],
      ['a scope for no known type', { scope: 'patient/Dragon.rs' }, 'invalid_scope'],
      ['a query that is no search', { scope: 'patient/Observation.rs?no-such-parameter=1' }, 'invalid_scope'],
      [
        'a query that could not be held to in writing',
        { scope: 'patient/Observation.rs?date=ge2020' },
        'invalid_scope',
      ],
      ['a query about the answer', { scope: 'patient/Observation.rs?_count=1' }, 'invalid_scope'],
      ['characters that no scope has', { scope: 'patient/Täsk.rs' }, 'invalid_scope'],
      ['the scope launch without a launch', { scope: 'launch patient/*.rs' }, 'invalid_request'],
      [
        'a launch that nobody started',
        { scope: 'launch patient/*.rs', launch: 'guessed' },
        'invalid_request',
      ],
      ['a prompt that is not known', { prompt: 'dance' }, 'invalid_request'],
      ['prompt none with another one', { prompt: 'none login' }, 'invalid_request'],
      ['a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
      ['a request by reference', { request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
      ['a registration on the way', { registration: '{}' }, 'registration_not_supported'],
      ['another resource', { resource: 'https://elsewhere.example/' }, 'invalid_target'],
    ];
    it.each(cases)('%s', async (_title, otherwise, error) => {
      const query = { ...authorizeQuery(world, challenge), ...otherwise };
      const asked = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined);
      const { url } = await new Browser(world.url, cookie).go(`/oauth/auth?${new URLSearchParams(asked)}`);
      const back = new URL(url);
      expect(`${back.origin}${back.pathname}`, url).toBe(redirectUri);
      // Where no response type or mode says otherwise, in the query; in the fragment for the implicit flow.
      const told = new URLSearchParams(back.hash.length > 1 ? back.hash.slice(1) : back.search);
      expect(Object.fromEntries(told)).toMatchObject({ error, state: 'my-state', iss: `${world.url}/oauth` });
      expect(told.has('code')).toBe(false);
    });

    it('nobody is signed in, and nobody may be asked: login_required', async () => {
      const query = { ...authorizeQuery(world, challenge), prompt: 'none' };
      expect((await authorize(world, '', query)).get('error')).toBe('login_required');
    });

    it('the person was not asked, and may not be: consent_required', async () => {
      const query = { ...authorizeQuery(world, challenge), prompt: 'none' };
      expect((await authorize(world, cookie, query)).get('error')).toBe('consent_required');
    });

    it('the person says no: access_denied', async () => {
      const back = await authorize(world, cookie, authorizeQuery(world, challenge), { decision: 'deny' });
      expect(back.get('error')).toBe('access_denied');
    });

    it('the app is for people of another organization: access_denied', async () => {
      const { cookie: foreign } = await world.signIn('alex', 'case-manager', 'elsewhere');
      const back = await authorize(world, foreign, authorizeQuery(world, challenge));
      expect(back.get('error')).toBe('access_denied');
    });
  });

  describe('at the authorization endpoint, told to nobody else', () => {
    const { challenge } = pkce();
    const cases: [title: string, otherwise: Record<string, string | undefined>, error: string][] = [
      ['a foreign redirect URI', { redirect_uri: 'https://evil.example/back' }, 'invalid_redirect_uri'],
      ['a longer one', { redirect_uri: `${redirectUri}/more` }, 'invalid_redirect_uri'],
      ['one with a query', { redirect_uri: `${redirectUri}?x=1` }, 'invalid_redirect_uri'],
      ['one in other letters', { redirect_uri: redirectUri.replace('/app', '/APP') }, 'invalid_redirect_uri'],
      ['another port', { redirect_uri: redirectUri.replace(':9', ':10') }, 'invalid_redirect_uri'],
      ['no redirect URI', { redirect_uri: undefined }, 'invalid_request'],
      ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
      ['a suspended client', { client_id: 'suspended' }, 'invalid_client'],
      ['a system that is no app', { client_id: 'backend' }, 'invalid_redirect_uri'],
      ['no client', { client_id: undefined }, 'invalid_request'],
    ];
    it.each(cases)('%s', async (_title, otherwise, error) => {
      const query = { ...authorizeQuery(world, challenge), ...otherwise };
      const asked = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined);
      const response = await fetch(`${world.url}/oauth/auth?${new URLSearchParams(asked)}`, {
        redirect: 'manual',
        headers: { cookie },
      });
      expect(response.status).toBe(400);
      expect(response.headers.get('location')).toBeNull();
      expect(await response.json()).toMatchObject({ error });
    });

    it('an unknown client and a suspended one get the same bytes', async () => {
      const bodies = await Promise.all(
        ['nobody', 'suspended'].map(async client_id => {
          const query = { ...authorizeQuery(world, challenge), client_id };
          return (await fetch(`${world.url}/oauth/auth?${new URLSearchParams(query)}`)).text();
        }),
      );
      expect(bodies[0]).toBe(bodies[1]);
    });
  });

  describe('at the token endpoint, with a code', () => {
    const codeAndVerifier = async (otherwise: Record<string, string> = {}) => {
      const { verifier, challenge } = pkce();
      const decision = { decision: 'allow', patient: world.patients.mine };
      const back = await authorize(
        world,
        cookie,
        { ...authorizeQuery(world, challenge), ...otherwise },
        decision,
      );
      return { code: back.get('code') ?? '', verifier };
    };
    const exchange = async (
      otherwise: Record<string, string | undefined>,
      headers: Record<string, string> = {},
    ) => {
      const { code, verifier } = await codeAndVerifier();
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: 'public-app',
        code_verifier: verifier,
        ...otherwise,
      };
      const given = Object.entries(fields).filter((one): one is [string, string] => one[1] !== undefined);
      return post(world, '/oauth/token', Object.fromEntries(given), headers);
    };
    const other = pkce().verifier;
    const cases: [
      title: string,
      otherwise: Record<string, string | undefined>,
      status: number,
      error: string,
    ][] = [
      ['without the verifier', { code_verifier: undefined }, 400, 'invalid_grant'],
      ['with another verifier', { code_verifier: other }, 400, 'invalid_grant'],
      [
        'with the challenge as verifier',
        { code_verifier: createHash('sha256').update(other).digest('base64url') },
        400,
        'invalid_grant',
      ],
      ['with a verifier that is none', { code_verifier: 'x' }, 400, 'invalid_request'],
      ['another redirect URI', { redirect_uri: `${redirectUri}/more` }, 400, 'invalid_grant'],
      ['no redirect URI', { redirect_uri: undefined }, 400, 'invalid_request'],
      ['a code that was never given', { code: 'guessed' }, 400, 'invalid_grant'],
      ['no code', { code: undefined }, 400, 'invalid_request'],
      ['the code of another client', { client_id: 'narrow' }, 400, 'invalid_grant'],
      ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
      ['a suspended client', { client_id: 'suspended' }, 401, 'invalid_client'],
      ['a confidential client without its secret', { client_id: 'secret-app' }, 401, 'invalid_client'],
      [
        'a confidential client with a wrong secret',
        { client_id: 'secret-app', client_secret: 'guess' },
        401,
        'invalid_client',
      ],
      ['a public client with a secret', { client_secret: 'any' }, 401, 'invalid_client'],
      ['no client', { client_id: undefined }, 400, 'invalid_request'],
      ['no grant type', { grant_type: undefined }, 400, 'invalid_request'],
      [
        'the password grant',
        { grant_type: 'password', username: 'a', password: 'b' },
        400,
        'unsupported_grant_type',
      ],
      ['the implicit grant', { grant_type: 'implicit' }, 400, 'unsupported_grant_type'],
      [
        'the device grant',
        { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' },
        400,
        'unsupported_grant_type',
      ],
      [
        'client credentials by a public client',
        { grant_type: 'client_credentials', scope: 'system/Task.rs' },
        400,
        'unauthorized_client',
      ],
      ['a code as refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_grant'],
      ['no refresh token', { grant_type: 'refresh_token' }, 400, 'invalid_request'],
    ];
    it.each(cases)('%s', async (_title, otherwise, status, error) => {
      const answer = await exchange(otherwise);
      expect([answer.status, answer.body.error], JSON.stringify(answer.body)).toEqual([status, error]);
      expect(answer.body).not.toHaveProperty('access_token');
    });

    it('a code twice: the second time nothing, and the first tokens end', async () => {
      const { code, verifier } = await codeAndVerifier();
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: 'public-app',
        code_verifier: verifier,
      };
      const first = await post(world, '/oauth/token', fields);
      expect(first.status).toBe(200);
      expect(await post(world, '/oauth/token', fields)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
      const response = await fetch(`${world.url}/fhir/Observation`, {
        headers: { authorization: `Bearer ${first.body.access_token}` },
      });
      expect(response.status).toBe(401);
    });

    it('an expired code', async () => {
      const { code, verifier } = await codeAndVerifier();
      const now = world.clock.now().toISOString();
      world.clock.advance({ minutes: 2 });
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: 'public-app',
        code_verifier: verifier,
      };
      expect((await post(world, '/oauth/token', fields)).body.error).toBe('invalid_grant');
      world.clock.set(now);
    });

    it.each([
      ['widened', 'patient/*.cruds', 'invalid_scope'],
      ['another level', 'user/*.rs', 'invalid_scope'],
      ['of a system', 'system/*.rs', 'invalid_scope'],
    ])('a scope that is %s at refresh', async (_title, scope, error) => {
      const { body } = await tokensFor(world, cookie);
      const fields = {
        grant_type: 'refresh_token',
        refresh_token: body.refresh_token,
        client_id: 'public-app',
        scope,
      };
      expect(await post(world, '/oauth/token', fields)).toMatchObject({ status: 400, body: { error } });
    });

    it('a refresh token of another client', async () => {
      const { body } = await tokensFor(world, cookie);
      const fields = { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id: 'narrow' };
      expect(await post(world, '/oauth/token', fields)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
    });

    it('an unknown client and a wrong secret get the same bytes', async () => {
      const unknown = await exchange({ client_id: 'nobody', client_secret: 'guess' });
      const wrong = await exchange({ client_id: 'secret-app', client_secret: 'guess' });
      expect(unknown).toEqual(wrong);
    });
  });

  describe('an assertion', () => {
    const ask = (assertion: string) => post(world, '/oauth/token', withAssertion(assertion));
    const right = () => claims('backend', `${world.url}/oauth`);
    const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;
    const cases: [title: string, make: () => Promise<string> | string][] = [
      ['expired', () => sign(key, { ...right(), exp: seconds(-60) })],
      ['valid for an hour', () => sign(key, { ...right(), exp: seconds(3600) })],
      ['for another audience', () => sign(key, { ...right(), aud: 'https://elsewhere.example/token' })],
      ['by another issuer', () => sign(key, { ...right(), iss: 'other' })],
      ['without jti', () => sign(key, { ...right(), jti: undefined })],
      ['without exp', () => sign(key, { ...right(), exp: undefined })],
      ['of an unknown kid', () => sign(key, right(), { kid: 'k2' })],
      ['without a kid', () => sign(key, right(), { kid: undefined })],
      ['unsigned (alg none)', () => new UnsecuredJWT(right()).encode()],
      [
        'HS256 with the public key as secret',
        async () =>
          new SignJWT(right())
            .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
            .sign(new TextEncoder().encode(await exportSPKI(key.publicKey))),
      ],
      ['with a signature of another key', async () => sign(await clientKey('ES384', 'k1'), right())],
      ['of a client that does not exist', () => sign(key, claims('nobody', `${world.url}/oauth`))],
    ];
    it.each(cases)('%s', async (_title, make) => {
      const answer = await ask(await make());
      expect([answer.status, answer.body.error], JSON.stringify(answer.body)).toEqual([
        401,
        'invalid_client',
      ]);
    });

    it('is right otherwise, and once: of twenty at the same moment one is', async () => {
      const assertion = await sign(key, right());
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(assertion)));
      expect(answers.filter(one => one.status === 200)).toHaveLength(1);
      for (const { status, body } of answers.filter(one => one.status !== 200))
        expect([status, body.error]).toEqual([401, 'invalid_client']);
    });

    it('tells nobody which client exists', async () => {
      const [wrongKey, nobody] = await Promise.all([
        ask(await sign(await clientKey('ES384', 'k1'), right())),
        ask(await sign(key, claims('nobody', `${world.url}/oauth`))),
      ]);
      expect(wrongKey).toEqual(nobody);
    });
  });

  describe('on the page that asks', () => {
    const { challenge } = pkce();
    const open = async () => {
      const browser = new Browser(world.url, cookie);
      const { url } = await browser.go(
        `/oauth/auth?${new URLSearchParams(authorizeQuery(world, challenge))}`,
      );
      return { browser, path: new URL(url).pathname };
    };

    it('an answer without the token of the form', async () => {
      const { browser, path } = await open();
      expect((await browser.fetch(path, { decision: 'allow', patient: world.patients.mine })).status).toBe(
        403,
      );
    });

    it('an answer from another site', async () => {
      const { path } = await open();
      const response = await fetch(`${world.url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin: 'https://evil.example' },
        body: new URLSearchParams({ decision: 'allow' }),
      });
      expect(response.status).toBe(403);
    });

    it('somebody else’s request: without the cookie of the browser that began it', async () => {
      const { path } = await open();
      expect((await new Browser(world.url, cookie).fetch(path)).status).toBe(404);
    });

    it('a record that the person may not see, as one that is not there', async () => {
      const texts = await Promise.all(
        [world.patients.foreign, 'nobody'].map(patient =>
          authorize(world, cookie, authorizeQuery(world, challenge), { decision: 'allow', patient }).catch(
            String,
          ),
        ),
      );
      for (const text of texts) expect(text).toMatch(/400 .*You may not see this record/s);
    });
  });
});
