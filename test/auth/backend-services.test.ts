import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchingKeys } from '../../src/auth/client-jwks.ts';
import { claims, clientKey, sign, withAssertion } from '../../src/auth/sign-in.harness.ts';
import { type RunningHub, startHub } from '../../src/main.ts';
import { eachDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';

eachDatabase('a backend service', database => {
  let first: TestHub;
  let second: RunningHub;
  let jwks: Server;
  let published: object[] = [];
  let asked = 0;

  beforeAll(async () => {
    first = await startTestHub(database, { HUB_OUTGOING_HOSTS: '127.0.0.1' });
    first.clock.set(new Date().toISOString());
    await first.party('hospital');
    // Another process on the same database, behind the same address.
    second = await startHub(
      { ...first.config, port: 0, baseUrl: first.url },
      { clock: first.clock, bots: false },
    );
    jwks = createServer((_request, response) => {
      asked++;
      response.end(JSON.stringify({ keys: published }));
    });
    await new Promise<void>(resolve => jwks.listen(0, '127.0.0.1', resolve));
  }, 120_000);
  afterAll(async () => {
    await second?.stop();
    await first?.stop();
    await new Promise(resolve => jwks.close(resolve));
  });

  const issuer = () => `${first.url}/oauth`;
  const ask = async (assertion: string) => {
    const body = new URLSearchParams(withAssertion(assertion, 'system/Patient.crs'));
    const response = await fetch(`${first.url}/oauth/token`, { method: 'POST', body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  describe.each(['ES384', 'RS384'] as const)('with %s', algorithm => {
    it('signs in with an assertion by fhir-kit-client, and is known to every process', async () => {
      const key = await clientKey(algorithm, algorithm);
      const registration = { name: 'EHR', organization: 'hospital', scope: 'system/Patient.crs' };
      await first.hub.authorization.clients.add({
        ...registration,
        clientId: `ehr-${algorithm}`,
        jwks: { keys: [key.jwk] },
      });
      const assertion = await sign(key, claims(`ehr-${algorithm}`, issuer()));
      const { status, body } = await ask(assertion);
      expect(status, JSON.stringify(body)).toBe(200);
      const client = new Client({ baseUrl: `${first.url}/fhir`, bearerToken: String(body.access_token) });
      const smart = await client.smartAuthMetadata();
      expect(String(smart.tokenUrl)).toBe(`${issuer()}/token`);
      const made = await client.create({
        resourceType: 'Patient',
        body: { resourceType: 'Patient', name: [{ family: 'Nair' }] },
      });
      const bearer = `Bearer ${body.access_token}`;
      expect((await second.hub.authorization.authenticate(bearer)).organization).toBe('hospital');
      const headers = { authorization: bearer };
      const read = await second.hub.app.request(`/fhir/Patient/${made.id}`, { headers }, {});
      expect(read.status).toBe(200);
      await first.hub.authorization.clients.suspend(`ehr-${algorithm}`);
      await expect(second.hub.authorization.authenticate(bearer)).rejects.toThrow(/not valid/);
    });
  });

  it('publishes its keys at an address: fetched once, again for a kid that is new, at most once a minute', async () => {
    const [one, two] = await Promise.all([clientKey('ES384', 'one'), clientKey('ES384', 'two')]);
    published = [one.jwk];
    const jwksUri = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/keys`;
    await first.hub.authorization.clients.add({
      clientId: 'by-url',
      name: 'EHR',
      organization: 'hospital',
      scope: 'system/Patient.crs',
      jwksUri,
    });
    const signIn = async (key: typeof one) => (await ask(await sign(key, claims('by-url', issuer())))).status;
    expect([await signIn(one), await signIn(one), asked]).toEqual([200, 200, 1]);
    published = [two.jwk];
    expect([await signIn(two), asked], 'within the minute').toEqual([401, 1]);
    first.clock.advance({ minutes: 2 });
    expect([await signIn(two), asked]).toEqual([200, 2]);
    expect(await signIn(one), 'withdrawn').toBe(401);
    first.clock.set(new Date().toISOString());
  });

  it('does not go for keys into the network of the hub', async () => {
    const fetchKeys = fetchingKeys({ allowedHosts: [], allowHttp: true });
    const before = asked;
    const address = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/keys`;
    await expect(fetchKeys(address)).rejects.toMatchObject({ kind: 'invalid' });
    expect(asked).toBe(before);
  });
});
