import { request } from 'node:http';
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import type { Store } from '../store/store.ts';
import {
  type ClientKey,
  claims,
  clientKey,
  sign,
  startServer,
  type TestServer,
  withAssertion,
} from './sign-in.harness.ts';

eachDatabase('a client with keys', database => {
  let store: Store;
  let server: TestServer;
  let ec: ClientKey;
  let rsa: ClientKey;
  let foreign: ClientKey;

  beforeAll(async () => {
    store = await database.open();
    server = await startServer(store);
    [ec, rsa, foreign] = await Promise.all([
      clientKey('ES384', 'ec'),
      clientKey('RS384', 'rsa'),
      clientKey('ES384', 'ec'),
    ]);
    const registration = { name: 'EHR', organization: 'h1', scope: 'system/*.rs' };
    const { clients } = server.authorization;
    await clients.add({ ...registration, clientId: 'ehr', jwks: { keys: [ec.jwk, rsa.jwk] }, loads: true });
    await clients.add({ ...registration, clientId: 'other', jwks: { keys: [foreign.jwk] } });
    return () => server.close();
  });

  const token = (assertion: string, scope?: string) => server.post('/token', withAssertion(assertion, scope));

  it.each([
    ['ES384', () => ec],
    ['RS384', () => rsa],
  ])('gets a token with %s', async (_, key) => {
    const { status, body } = await token(await sign(key(), claims('ehr', server.issuer)));
    expect([status, body.token_type, body.scope]).toEqual([200, 'Bearer', 'system/Task.rs']);
    const actor = await server.authorization.authenticate(`Bearer ${body.access_token}`);
    expect(actor).toMatchObject({ id: 'ehr', organization: 'h1', loads: true });
  });

  it('may name the audience in a list, or by the issuer', async () => {
    for (const aud of [[`${server.issuer}/token`, 'https://b.example'], server.issuer]) {
      expect((await token(await sign(ec, claims('ehr', server.issuer, { aud })))).status).toBe(200);
    }
  });

  const inAMinute = () => Math.floor(Date.now() / 1000) + 60;
  const signed = (otherwise: Record<string, unknown>, header = {}) =>
    sign(ec, claims('ehr', server.issuer, otherwise), header);
  const cases: [string, RegExp, () => Promise<string> | string][] = [
    ['an expired assertion', /expired/, () => signed({ exp: inAMinute() - 120 })],
    ['an assertion without end', /expiration must be specified/, () => signed({ exp: undefined })],
    ['an assertion for an hour', /more than 300 seconds/, () => signed({ exp: inAMinute() + 3600 })],
    ['an assertion that is not valid yet', /not active yet/, () => signed({ nbf: inAMinute() })],
    ['another audience', /audience/, () => signed({ aud: 'https://elsewhere.example/oauth/token' })],
    ['no audience', /aud .* must be provided/, () => signed({ aud: undefined })],
    ['no jti', /jti/, () => signed({ jti: undefined })],
    ['no issuer', /iss/, () => signed({ iss: undefined })],
    ['another issuer than subject', /must be the client_id/, () => signed({ iss: 'other' })],
    ['another client as subject', /signature/, () => signed({ iss: 'other', sub: 'other' })],
    ['an unknown client', /client not found/, () => signed({ iss: 'nobody', sub: 'nobody' })],
    ['an unknown kid', /no applicable key/, () => signed({}, { kid: 'unknown' })],
    ['no kid', /names no kid/, () => signed({}, { kid: undefined })],
    ["another client's key of the same kid", /signature/, () => sign(foreign, claims('ehr', server.issuer))],
    ['alg none', /alg mismatch/, () => new UnsecuredJWT(claims('ehr', server.issuer)).encode()],
    ['alg none and a signature', /alg mismatch/, async () => relabelled(await signed({}), { alg: 'none' })],
    ['the public key as HMAC secret', /alg mismatch/, () => hmac('HS256')],
    ['the public key as HMAC secret, HS384', /alg mismatch/, () => hmac('HS384')],
    [
      'the label of another algorithm',
      /signature/,
      async () => relabelled(await signed({}), { alg: 'RS384', kid: 'rsa' }),
    ],
    ['an algorithm that is not offered', /alg mismatch/, () => weaker()],
    [
      'changed claims',
      /signature/,
      async () => withClaims(await signed({}), claims('ehr', server.issuer, { jti: 'mine' })),
    ],
    ['a key that it brings along', /no applicable key/, () => broughtAlong()],
  ];

  it.each(cases)('is refused with %s', async (_, reason, assertion) => {
    const { status, body } = await token(await assertion());
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(body).toEqual({ error: 'invalid_client', error_description: 'client authentication failed' });
    expect(JSON.parse(server.logged.at(-1) ?? '[]')[0].detail).toMatch(reason);
  });

  it.each([
    ['garbage', 'garbage'],
    ['three dots', '...'],
    ['no subject', `${encoded({ alg: 'ES384' })}.${encoded({ iss: 'ehr' })}.AA`],
  ])('is refused with %s', async (_, assertion) => {
    const { status, body } = await token(assertion);
    expect([400, 401]).toContain(status);
    expect(['invalid_request', 'invalid_client']).toContain(body.error);
  });

  it('is refused with another assertion type, and with a wider scope', async () => {
    const fields = { ...withAssertion(await signed({})), client_assertion_type: 'urn:x' };
    expect((await server.post('/token', fields)).body.error).toBe('invalid_request');
    expect((await token(await signed({}), 'system/Task.cruds')).body.error).toBe('invalid_scope');
  });

  it('cannot choose the audience by the Host header', async () => {
    const assertion = await signed({ aud: 'http://elsewhere.example/oauth/token' });
    const status = await postWithHost(
      'elsewhere.example',
      new URLSearchParams(withAssertion(assertion)).toString(),
    );
    expect(status).toBe(401);
  });

  it('reaches the hub through a proxy that calls it by another name', async () => {
    const status = await postWithHost(
      'internal.example',
      new URLSearchParams(withAssertion(await signed({}))).toString(),
    );
    expect(status).toBe(200);
  });

  it('uses an assertion once, however many times it comes at once', async () => {
    const assertion = await signed({});
    const answers = await Promise.all(Array.from({ length: 50 }, () => token(assertion)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 49 }, () => 401)]);
    expect((await token(assertion)).body.error).toBe('invalid_client');
  });

  it('uses an assertion once, on whichever process of the hub it comes in', async () => {
    const sibling = await startServer(store, server);
    const assertion = withAssertion(await signed({}));
    const answers = await Promise.all(
      [server, sibling].flatMap(one => [one, one]).map(one => one.post('/token', assertion)),
    );
    await sibling.close();
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  });

  it('may use the jti of another client', async () => {
    const jti = crypto.randomUUID();
    expect((await token(await signed({ jti }))).status).toBe(200);
    expect((await token(await sign(foreign, claims('other', server.issuer, { jti })))).status).toBe(200);
  });

  async function hmac(alg: string) {
    const secret = new TextEncoder().encode(await exportSPKI(rsa.publicKey));
    return new SignJWT(claims('ehr', server.issuer)).setProtectedHeader({ alg, kid: 'rsa' }).sign(secret);
  }

  async function weaker() {
    const { privateKey } = await generateKeyPair('ES256');
    return new SignJWT(claims('ehr', server.issuer))
      .setProtectedHeader({ alg: 'ES256', kid: 'ec' })
      .sign(privateKey);
  }

  async function broughtAlong() {
    const own = await clientKey('ES384', 'own');
    return sign(own, claims('ehr', server.issuer), { jwk: own.jwk, jku: 'https://elsewhere.example/jwks' });
  }

  function postWithHost(host: string, body: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const headers = { host, 'content-type': 'application/x-www-form-urlencoded' };
      const req = request(`${server.issuer}/token`, { method: 'POST', headers }, res => {
        res.resume().on('end', () => resolve(res.statusCode));
      });
      req.on('error', reject).end(body);
    });
  }
});

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

function relabelled(jwt: string, header: Record<string, unknown>): string {
  return [encoded(header), ...jwt.split('.').slice(1)].join('.');
}

function withClaims(jwt: string, payload: unknown): string {
  const [header, , signature] = jwt.split('.');
  return [header, encoded(payload), signature].join('.');
}
