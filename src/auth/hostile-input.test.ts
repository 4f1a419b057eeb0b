import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import {
  basic,
  type ClientKey,
  claims,
  clientKey,
  sign,
  startServer,
  type TestServer,
  withAssertion,
} from './sign-in.harness.ts';

const hostile = fc.oneof(
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    'ehr',
    "'",
    '%',
    '%00',
    '..',
    '__proto__',
    'constructor',
    '{}',
    '[]',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const runs = { numRuns: 60, seed: 7 };

onSqlite('whatever is sent to the authorization server', database => {
  let server: TestServer;
  let key: ClientKey;

  beforeAll(async () => {
    server = await startServer(await database.open());
    key = await clientKey('ES384', 'k');
    const registration = {
      clientId: 'ehr',
      name: 'EHR',
      organization: 'h1',
      scope: 'system/*.rs',
      jwks: { keys: [key.jwk] },
    };
    await server.authorization.clients.add(registration);
    return () => server.close();
  });

  it('as parameters, it is refused and never fails', async () => {
    const names = [
      'grant_type',
      'scope',
      'client_id',
      'client_secret',
      'client_assertion',
      'client_assertion_type',
      'resource',
      'token',
    ];
    const parameter = fc.tuple(
      fc.constantFrom(...names),
      fc.oneof(hostile, fc.constant('client_credentials')),
    );
    const path = fc.constantFrom('/token', '/revoke');
    await fc.assert(
      fc.asyncProperty(path, fc.array(parameter, { maxLength: 6 }), async (where, fields) => {
        const { status } = await server.post(where, fields);
        expect([400, 401]).toContain(status);
      }),
      runs,
    );
  });

  it('as id and secret, it is refused and never fails', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (id, secret) => {
        const fields = { grant_type: 'client_credentials', scope: 'system/Task.rs' };
        expect([400, 401]).toContain((await server.post('/token', fields, basic(id, secret))).status);
      }),
      runs,
    );
  });

  it('as claims of an assertion that is signed, it is refused and never fails', async () => {
    const claim = fc.constantFrom('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti');
    const value = fc.oneof(
      hostile,
      fc.integer(),
      fc.double(),
      fc.constant(null),
      fc.array(hostile, { maxLength: 2 }),
      fc.object({ maxDepth: 1 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(claim, value, { minKeys: 1 }),
        fc.option(value),
        async (otherwise, kid) => {
          const header = kid === null ? {} : { kid };
          const assertion = await sign(key, claims('ehr', server.issuer, otherwise), header);
          const { status } = await server.post('/token', withAssertion(assertion));
          expect([200, 400, 401]).toContain(status);
        },
      ),
      runs,
    );
  });

  it('as a bearer token, it is refused and never fails', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async token => {
        const refused = { kind: 'unauthorized' };
        await expect(server.authorization.authenticate(`Bearer ${token}`)).rejects.toMatchObject(refused);
        await expect(server.authorization.authenticate(token)).rejects.toMatchObject(refused);
      }),
      runs,
    );
  });
});
