import { hash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { systemClock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { createScopeReader } from './scope-reader.ts';
import { basic, startServer, type TestServer } from './sign-in.harness.ts';
import { createTokens } from './tokens.ts';

eachDatabase('a bearer token', database => {
  let store: Store;
  let server: TestServer;
  const bearer = async (ttl?: number) => {
    const { token } = await server.authorization.issueToken({ client: 'hospital', ...(ttl ? { ttl } : {}) });
    return `Bearer ${token}`;
  };
  const refusal = {
    kind: 'unauthorized',
    message: expect.stringMatching(/^The access token is not valid: get a new one from /),
  };

  beforeAll(async () => {
    store = await database.open();
    server = await startServer(store);
    for (const clientId of ['hospital', 'suspended', 'racing']) {
      const registration = {
        clientId,
        name: 'Hospital',
        organization: 'h1',
        scope: 'system/*.rs system/Task.cruds',
      };
      await server.authorization.clients.add(registration);
    }
    return () => server.close();
  });

  it('carries the whole scope of its client when none is asked for', async () => {
    const { token, scope } = await server.authorization.issueToken({ client: 'hospital' });
    expect(scope).toBe('system/*.rs system/Task.cruds');
    expect(
      (await server.authorization.authenticate(`Bearer ${token}`)).scopes.map(({ type }) => type),
    ).toEqual(['*', 'Task']);
  });

  it.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('is read after %j', async scheme => {
    const header = (await bearer()).replace('Bearer', scheme);
    expect((await server.authorization.authenticate(header)).id).toBe('hospital');
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer \u0000',
    'Bearer ü',
    'Basic aG9zcGl0YWw6eA==',
    'token abc',
    'Bearerabc',
  ])('is asked for when the header is %j', async header => {
    const asked = { kind: 'unauthorized', message: expect.stringMatching(/^Sign in: /) };
    await expect(server.authorization.authenticate(header)).rejects.toMatchObject(asked);
  });

  it.each([
    ['garbage', async () => 'Bearer garbage'],
    ['64 KB of garbage', async () => `Bearer ${'x'.repeat(65_536)}`],
    ['a token that is cut off', async () => (await bearer()).slice(0, -1)],
    ['a token and more', async () => `${await bearer()}x`],
    [
      'the stored digest of a token',
      async () => `Bearer ${hash('sha256', (await bearer()).slice(7), 'base64url')}`,
    ],
    ['an SQL pattern', async () => 'Bearer ~~/--=='],
  ])('is refused when it is %s', async (_, header) => {
    await expect(server.authorization.authenticate(await header())).rejects.toMatchObject(refusal);
  });

  it('ends when its time is over', async () => {
    const short = await bearer(60);
    const long = await bearer(3600);
    server.advance(59);
    expect((await server.authorization.authenticate(short)).id).toBe('hospital');
    server.advance(2);
    await expect(server.authorization.authenticate(short)).rejects.toMatchObject(refusal);
    expect((await server.authorization.authenticate(long)).id).toBe('hospital');
  });

  it.each([0, -1, 1.5, Number.NaN, 86_401])('does not live for %s seconds', async ttl => {
    const refused = { kind: 'invalid', message: expect.stringMatching(/1 to 86400 seconds/) };
    await expect(server.authorization.issueToken({ client: 'hospital', ttl })).rejects.toMatchObject(refused);
  });

  it.each([
    [{ client: 'nobody' }, 'not-found', /No client is registered as nobody/],
    [{ client: 'hospital', scope: 'system/Patient.d' }, 'invalid', /beyond what hospital is registered for/],
    [{ client: 'hospital', scope: '' }, 'invalid', /No scope/],
  ])('is not issued for %j', async (request, kind, message) => {
    await expect(server.authorization.issueToken(request)).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message),
    });
  });

  it('ends at once, everywhere, when its client is suspended', async () => {
    const sibling = await startServer(store, server);
    const { clients, issueToken } = server.authorization;
    const { token } = await issueToken({ client: 'suspended' });
    expect((await sibling.authorization.authenticate(`Bearer ${token}`)).id).toBe('suspended');
    await clients.suspend('suspended');
    for (const { authorization } of [server, sibling]) {
      await expect(authorization.authenticate(`Bearer ${token}`)).rejects.toMatchObject(refusal);
      await expect(authorization.issueToken({ client: 'suspended' })).rejects.toMatchObject({
        kind: 'forbidden',
      });
    }
    await clients.resume('suspended');
    await expect(sibling.authorization.authenticate(`Bearer ${token}`)).rejects.toMatchObject(refusal);
    expect((await sibling.authorization.issueToken({ client: 'suspended' })).token).toHaveLength(43);
    await sibling.close();
  });

  it('is not issued on what was read of a client before it was suspended', async () => {
    const { clients } = server.authorization;
    const { client } = await clients.add({
      clientId: 'stale',
      name: 'Hospital',
      organization: 'h1',
      scope: 'system/*.rs',
    });
    await clients.suspend('stale');
    const scopes = createScopeReader(async () => []);
    const parts = { records: store.records, clock: systemClock, scopes, appActor: async () => undefined };
    const issuing = createTokens(parts).issue(client, undefined, 60);
    await expect(issuing).rejects.toMatchObject({ kind: 'forbidden' });
    const held = await store.records.list('access-token', Date.now());
    expect(held.filter(({ family }) => family === 'client/stale')).toEqual([]);
  });

  it('is not left over from a suspension that comes while it is issued', async () => {
    const { clients, issueToken, authenticate } = server.authorization;
    for (let round = 0; round < 5; round++) {
      const issuing = Array.from({ length: 8 }, () => issueToken({ client: 'racing' }));
      const [issued] = await Promise.all([Promise.allSettled(issuing), clients.suspend('racing')]);
      for (const one of issued) {
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ kind: 'forbidden' });
        else await expect(authenticate(`Bearer ${one.value.token}`)).rejects.toMatchObject(refusal);
      }
      await clients.resume('racing');
    }
  });

  it('is not in the database, and neither is a secret or a signing key', async () => {
    const { secret = '' } = await server.authorization.clients.add({
      clientId: 'with-secret',
      name: 'Hospital',
      organization: 'h1',
      scope: 'system/*.rs',
      secret: true,
    });
    const fields = { grant_type: 'client_credentials', scope: 'system/Task.rs' };
    const { body } = await server.post('/token', fields, basic('with-secret', secret));
    const kinds = ['access-token', 'client', 'signing-keys', 'assertion'];
    const kept = await Promise.all(kinds.map(kind => store.records.list(kind, Date.now())));
    const text = JSON.stringify(kept);
    expect(text).toContain('with-secret');
    expect([1, 2]).toContain(kept[2]?.length);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(String(body.access_token));
    expect(text).not.toContain('"kty"');
  });
});
