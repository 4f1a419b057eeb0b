import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { systemClock } from '../clock.ts';
import { faultsOfKeys } from './client-keys.ts';
import { type Clients, createClients, type Registration } from './clients.ts';
import { createScopeReader } from './scope-reader.ts';
import { verifySecret } from './secrets.ts';
import { clientKey } from './sign-in.harness.ts';

const registration: Registration = {
  clientId: 'hospital',
  name: 'General Hospital',
  organization: 'h1',
  scope: 'system/*.rs',
};

eachDatabase('the registry of clients', database => {
  let clients: Clients;
  beforeAll(async () => {
    clients = createClients(
      (await database.open()).records,
      systemClock,
      createScopeReader(async () => [], new Set(['Task'])),
    );
    await clients.add(registration);
  });

  it('gives a client back, without a secret it never had', async () => {
    expect(await clients.get('hospital')).toEqual({ ...registration, loads: false, suspended: false });
  });

  it('gives a secret once, and keeps its hash', async () => {
    const { client, secret } = await clients.add({ ...registration, clientId: 'with-secret', secret: true });
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(client.secretHash).toMatch(/^scrypt\$/);
    expect(JSON.stringify(await clients.get('with-secret'))).not.toContain(secret);
  });

  it('gives a new secret, which is the only one then', async () => {
    const { secret = '' } = await clients.add({ ...registration, clientId: 'rotating', secret: true });
    const fresh = await clients.rotate('rotating');
    const { secretHash = '' } = await clients.get('rotating');
    expect(await verifySecret(fresh, secretHash)).toBe(true);
    expect(await verifySecret(secret, secretHash)).toBe(false);
    await expect(clients.rotate('hospital')).rejects.toMatchObject({ kind: 'invalid' });
  });

  it.each([
    [{ redirectUris: ['http://app.example/back'] }, 'redirectUris[0]'],
    [{ redirectUris: ['https://app.example/back#x'] }, 'redirectUris[0]'],
    [{ redirectUris: ['https://me@app.example/back'] }, 'redirectUris[0]'],
    [{ redirectUris: ['/back'] }, 'redirectUris[0]'],
    [{ redirectUris: ['https://a.example/'], launchUrl: 'ftp://a.example' }, 'launchUrl'],
    [
      { redirectUris: ['https://a.example/'], frameAncestors: ['https://ehr.example/x'] },
      'frameAncestors[0]',
    ],
    [{ public: true }, 'redirectUris'],
    [{ launchUrl: 'https://a.example/launch' }, 'redirectUris'],
    [{ scope: 'patient/*.rs' }, 'scope'],
    [{ redirectUris: ['https://a.example/'], public: true, secret: true }, 'public'],
    [{ jwksUri: 'http://keys.example/jwks' }, 'jwksUri'],
  ])('refuses an app that is not right: %j', async (otherwise, expression) => {
    const adding = clients.add({ ...registration, clientId: 'wrong', ...otherwise });
    await expect(adding).rejects.toMatchObject({
      kind: 'invalid',
      problems: expect.arrayContaining([expect.objectContaining({ expression })]),
    });
  });

  it('registers an id once, however many ask at once', async () => {
    const add = () => clients.add({ ...registration, clientId: 'contended' });
    const results = await Promise.allSettled(Array.from({ length: 10 }, add));
    const refused = results.filter(one => one.status === 'rejected');
    expect(refused).toHaveLength(9);
    for (const { reason } of refused) expect(reason).toMatchObject({ kind: 'conflict' });
  });

  it('lists clients by id', async () => {
    await clients.add({ ...registration, clientId: 'a-first' });
    const ids = (await clients.list()).map(({ clientId }) => clientId);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toContain('a-first');
  });

  it.each(['get', 'suspend', 'resume'] as const)('knows no stranger to %s', async verb => {
    await expect(clients[verb]('stranger')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('suspends and resumes', async () => {
    await clients.suspend('hospital');
    expect((await clients.get('hospital')).suspended).toBe(true);
    await clients.resume('hospital');
    expect((await clients.get('hospital')).suspended).toBe(false);
  });

  it.each<[string, Partial<Registration>, string]>([
    ['an empty id', { clientId: '' }, 'clientId'],
    ['an id with a space', { clientId: 'a b' }, 'clientId'],
    ['an id with a colon', { clientId: 'a:b' }, 'clientId'],
    ['an id that is too long', { clientId: 'a'.repeat(65) }, 'clientId'],
    ['no name', { name: ' ' }, 'name'],
    ['a reference for an id', { organization: 'Organization/1' }, 'organization'],
    ['no organization', { organization: '' }, 'organization'],
    ['no scope', { scope: '' }, 'scope'],
    ['a scope of a user', { scope: 'user/*.rs' }, 'scope'],
    ['a scope for no type', { scope: 'system/Tsk.rs' }, 'scope'],
    ['no key', { jwks: { keys: [] } }, 'jwks'],
  ])('refuses %s', async (_, wrong, expression) => {
    const refusal = { kind: 'invalid', problems: [expect.objectContaining({ expression })] };
    await expect(clients.add({ ...registration, clientId: 'wrong', ...wrong })).rejects.toMatchObject(
      refusal,
    );
  });

  it('names every fault at once, and refuses keys beside a secret', async () => {
    const { jwk } = await clientKey('ES384', 'k');
    const wrong = { ...registration, clientId: '', name: '', secret: true, jwks: { keys: [jwk] } };
    const expressions = ['clientId', 'name', 'jwks'].map(expression =>
      expect.objectContaining({ expression }),
    );
    await expect(clients.add(wrong)).rejects.toMatchObject({ problems: expressions });
  });
});

describe('faultsOfKeys', () => {
  const text = (jwks: unknown) => faultsOfKeys(jwks).map(fault => `${fault.expression}: ${fault.text}`);
  const ec = async () => (await clientKey('ES384', 'ec')).jwk;

  it('finds none in public keys for ES384 and RS384', async () => {
    const { jwk } = await clientKey('RS384', 'rsa');
    expect(text({ keys: [await ec(), jwk] })).toEqual([]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['nothing', () => undefined, /at least one key/],
    ['a list', () => [], /at least one key/],
    ['an empty set', () => ({ keys: [] }), /at least one key/],
    ['a key that is no object', () => ({ keys: ['x'] }), /jwks\.keys\[0\]: A key is a JSON object/],
    ['no kid', async () => ({ keys: [{ ...(await ec()), kid: undefined }] }), /no kid/],
    ['one kid twice', async () => ({ keys: [await ec(), await ec()] }), /Two keys have the kid ec/],
    ['a key for encryption', async () => ({ keys: [{ ...(await ec()), use: 'enc' }] }), /use must be sig/],
    [
      'another alg',
      async () => ({ keys: [{ ...(await ec()), alg: 'ES256' }] }),
      /alg of this key must be ES384/,
    ],
    [
      'a point off the curve',
      async () => ({ keys: [{ ...(await ec()), x: (await ec()).x }] }),
      /cannot be read/,
    ],
    ['a missing coordinate', async () => ({ keys: [{ ...(await ec()), y: undefined }] }), /cannot be read/],
    ['a shared secret', () => ({ keys: [{ kty: 'oct', k: 'AAAA', kid: 'k' }] }), /private/],
    ['another curve', () => ({ keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'k' }] }), /P-384/],
    ['a private key', async () => ({ keys: [await privateKey()] }), /Register the public key alone/],
    ['a short RSA key', () => ({ keys: [shortKey()] }), /at least 2048 bits, not 1024/],
  ])('refuses %s', async (_, jwks, reason) => {
    expect(text(await jwks()).join('\n')).toMatch(reason);
  });

  async function privateKey() {
    const { privateKey: key } = await generateKeyPair('ES384', { extractable: true });
    return { ...(await exportJWK(key)), kid: 'k' };
  }

  function shortKey() {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    return { ...publicKey.export({ format: 'jwk' }), kid: 'short' };
  }
});
