import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import {
  type AppWorld,
  authorize,
  authorizeQuery,
  fhir,
  pkce,
  post,
  startAppWorld,
  tokensFor,
} from './app-world.ts';

onSqlite('signing in to an app', database => {
  let world: AppWorld;
  let jordan: { cookie: string; account: string };
  beforeAll(async () => {
    world = await startAppWorld(database);
    jordan = await world.signIn('jordan', 'case-manager');
  }, 120_000);
  afterAll(() => world?.stop());

  const refresh = (refresh_token: string, more: Record<string, string> = {}) =>
    post(world, '/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token,
      client_id: 'public-app',
      ...more,
    });

  it('tells the app whose record it is, who works with it, and what it may do', async () => {
    const { status, body } = await tokensFor(world, jordan.cookie);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'openid fhirUser launch/patient offline_access patient/*.rs',
      patient: world.patients.mine,
      need_patient_banner: true,
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      refresh_token: expect.any(String),
    });
    const keys = createRemoteJWKSet(new URL(`${world.url}/oauth/jwks`));
    const { payload, protectedHeader } = await jwtVerify(body.id_token, keys, {
      issuer: `${world.url}/oauth`,
      audience: 'public-app',
    });
    expect(protectedHeader.alg).toBe('RS256');
    const fhirUser = String(payload.fhirUser);
    expect(fhirUser).toMatch(new RegExp(`^${world.url}/fhir/Practitioner/`));
    expect(payload).not.toHaveProperty('name');
  });

  it('signs with ES384 for an app that is registered so', async () => {
    await world.register({ clientId: 'elliptic', public: true, idTokenAlg: 'ES384' });
    const { body } = await tokensFor(world, jordan.cookie, {
      client_id: 'elliptic',
      scope: 'openid profile launch/patient',
    });
    const keys = createRemoteJWKSet(new URL(`${world.url}/oauth/jwks`));
    const { payload, protectedHeader } = await jwtVerify(body.id_token, keys);
    expect(protectedHeader.alg).toBe('ES384');
    expect(payload.name).toBe('jordan');
  });

  it('reaches the one record, and the directory, and nothing else', async () => {
    const { body } = await tokensFor(world, jordan.cookie);
    const token = body.access_token;
    const { mine, other } = world.patients;
    expect((await fhir(world, token, `/Patient/${mine}`)).status).toBe(200);
    expect((await fhir(world, token, `/Patient/${other}`)).status).toBe(404);
    expect((await fhir(world, token, `/Observation/${world.observations.lab}`)).status).toBe(200);
    expect((await fhir(world, token, `/Observation/${world.observations.otherLab}`)).status).toBe(404);
    const all = await fhir(world, token, '/Observation?_total=accurate');
    expect(all.body.total).toBe(2);
    expect((await fhir(world, token, '/Organization/clinic')).status).toBe(200);
    expect(
      (await fhir(world, token, '/Patient', { method: 'POST', body: { resourceType: 'Patient' } })).status,
    ).toBe(403);
  });

  it('never gives more than the role of the person allows', async () => {
    const riley = await world.signIn('riley', 'utilization-reviewer');
    const scope = 'user/*.cruds openid';
    const { body } = await tokensFor(world, riley.cookie, { scope }, { decision: 'allow' });
    expect(body.scope).not.toContain('user/*.');
    expect(body.scope.split(' ')).toContain('user/Patient.rs');
    expect((await fhir(world, body.access_token, '/Patient')).status).toBe(200);
    const draft = { resourceType: 'Patient', name: [{ family: 'New' }] };
    expect((await fhir(world, body.access_token, '/Patient', { method: 'POST', body: draft })).status).toBe(
      403,
    );
    expect((await fhir(world, body.access_token, '/Observation')).status).toBe(403);
  });

  it('explains a token to who holds it and to the APIs of its organization, and to nobody else', async () => {
    const { body } = await tokensFor(world, jordan.cookie);
    const introspect = (client: string, secret: string) =>
      post(world, '/oauth/introspect', { token: body.access_token }, basic(client, secret));
    const answer = await introspect('secret-app', world.secret);
    expect(answer.body).toMatchObject({
      active: true,
      client_id: 'public-app',
      scope: body.scope,
      patient: world.patients.mine,
      fhirUser: expect.stringContaining('/fhir/Practitioner/'),
      iss: `${world.url}/oauth`,
      sub: expect.stringContaining(jordan.account),
      exp: expect.any(Number),
    });
    const stranger = await world.register({ clientId: 'stranger', organization: 'elsewhere', secret: true });
    expect((await introspect('stranger', stranger ?? '')).body).toEqual({ active: false });
    const system = await world.hub.authorization.issueToken({
      client: 'secret-app',
      scope: 'system/Task.rs',
    });
    const own = await post(
      world,
      '/oauth/introspect',
      { token: system.token },
      basic('secret-app', world.secret),
    );
    expect(own.body).toMatchObject({ active: true, client_id: 'secret-app', scope: 'system/Task.rs' });
  });

  it('refreshes: the token rotates, narrower scopes may be asked for, the launch is told again', async () => {
    const first = (await tokensFor(world, jordan.cookie)).body;
    const second = await refresh(first.refresh_token, { scope: 'patient/*.rs' });
    expect(second.status, JSON.stringify(second.body)).toBe(200);
    expect(second.body).toMatchObject({ scope: 'patient/*.rs', patient: world.patients.mine });
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect((await fhir(world, second.body.access_token, `/Patient/${world.patients.mine}`)).status).toBe(200);
  });

  it('ends everything when a refresh token is used twice', async () => {
    const first = (await tokensFor(world, jordan.cookie)).body;
    const second = (await refresh(first.refresh_token)).body;
    expect(await refresh(first.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    for (const { access_token: token } of [first, second])
      expect((await fhir(world, token, '/Observation')).status).toBe(401);
    expect(await refresh(second.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('lets one of any number that use a refresh token at once pass, and ends what it led to', async () => {
    const { refresh_token: token } = (await tokensFor(world, jordan.cookie)).body;
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(token)));
    const passed = answers.filter(one => one.status === 200);
    expect(passed.length).toBeLessThanOrEqual(1);
    for (const { body } of passed)
      expect((await fhir(world, body.access_token, '/Observation')).status).toBe(401);
  });

  it('revokes an access token alone, and a refresh token with all that came of it', async () => {
    const tokens = (await tokensFor(world, jordan.cookie)).body;
    const revoke = (token: string) => post(world, '/oauth/revoke', { token, client_id: 'public-app' });
    expect((await revoke(tokens.access_token)).status).toBe(200);
    expect((await fhir(world, tokens.access_token, '/Observation')).status).toBe(401);
    const next = (await refresh(tokens.refresh_token)).body;
    expect((await fhir(world, next.access_token, '/Observation')).status).toBe(200);
    expect((await revoke(next.refresh_token)).status).toBe(200);
    expect((await fhir(world, next.access_token, '/Observation')).status).toBe(401);
    expect((await refresh(next.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('stops with the app, at once', async () => {
    await world.register({ clientId: 'stopped', public: true });
    const { body } = await tokensFor(world, jordan.cookie, { client_id: 'stopped' });
    expect((await fhir(world, body.access_token, '/Observation')).status).toBe(200);
    await world.hub.authorization.clients.suspend('stopped');
    expect((await fhir(world, body.access_token, '/Observation')).status).toBe(401);
    await world.hub.authorization.clients.resume('stopped');
    expect((await fhir(world, body.access_token, '/Observation')).status).toBe(401);
  });

  it('stops with the person, at once', async () => {
    const leaving = await world.signIn('leaving', 'case-manager');
    const { body } = await tokensFor(world, leaving.cookie);
    expect((await fhir(world, body.access_token, '/Observation')).status).toBe(200);
    await world.hub.people.management.suspend(leaving.account, 'operator');
    expect((await fhir(world, body.access_token, '/Observation')).status).toBe(401);
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('online_access ends after a day’s work, offline_access goes on for weeks', async () => {
    const scope = (access: string) => ({ scope: `launch/patient patient/*.rs ${access}` });
    const online = (await tokensFor(world, jordan.cookie, scope('online_access'))).body;
    const offline = (await tokensFor(world, jordan.cookie, scope('offline_access'))).body;
    const neither = (await tokensFor(world, jordan.cookie, { scope: 'launch/patient patient/*.rs' })).body;
    expect(neither).not.toHaveProperty('refresh_token');
    const began = world.clock.now().toISOString();
    world.clock.advance({ hours: 13 });
    expect((await refresh(online.refresh_token)).status).toBe(400);
    const again = await refresh(offline.refresh_token);
    expect(again.status).toBe(200);
    world.clock.advance({ days: 91 });
    expect((await refresh(again.body.refresh_token)).status).toBe(400);
    world.clock.set(began);
  });

  it('is launched from an EHR: the app works on the record that was open there', async () => {
    const { token } = await world.hub.authorization.issueToken({ client: 'clinic' });
    const start = async (request: object) => {
      const response = await fetch(`${world.url}/oauth/launch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });
      return { status: response.status, body: await response.json() };
    };
    const context = {
      patient: world.patients.other,
      intent: 'order-sign',
      need_patient_banner: false,
      fhirContext: [{ reference: `Observation/${world.observations.otherLab}` }],
    };
    const { status, body } = await start({ client: 'public-app', ...context });
    expect(status, JSON.stringify(body)).toBe(201);
    const url = new URL(body.launch_url);
    expect(url.searchParams.get('iss')).toBe(`${world.url}/fhir`);
    expect(url.searchParams.get('launch')).toBe(body.launch);
    const launched = await tokensFor(
      world,
      jordan.cookie,
      { scope: 'launch patient/*.rs', launch: body.launch },
      { decision: 'allow' },
    );
    expect(launched.body).toMatchObject(context);
    expect((await fhir(world, launched.body.access_token, `/Patient/${world.patients.mine}`)).status).toBe(
      404,
    );
    for (const request of [
      { client: 'public-app', patient: world.patients.foreign },
      { client: 'nobody', patient: world.patients.mine },
      { client: 'public-app', patient: world.patients.mine, colour: 'red' },
      { client: 'secret-app' },
    ])
      expect([400, 404]).toContain((await start(request)).status);
    const used = await authorize(world, jordan.cookie, {
      ...authorizeQuery(world, pkce().challenge),
      scope: 'launch',
      launch: body.launch,
    }).catch(error => String(error));
    expect(used).toMatch(/nothing to allow here any more/);
  });

  it('is launched by who is signed in, from a page of the hub alone', async () => {
    const start = (headers: Record<string, string>, fields: Record<string, string>) =>
      fetch(`${world.url}/oauth/launch`, {
        method: 'POST',
        redirect: 'manual',
        headers,
        body: new URLSearchParams(fields),
      });
    const fields = { client: 'public-app', patient: world.patients.mine };
    const here = { cookie: jordan.cookie, origin: world.url };
    const opened = await start(here, fields);
    expect(opened.status).toBe(303);
    const to = new URL(opened.headers.get('location') ?? '');
    expect(`${to.origin}${to.pathname}`).toBe('http://127.0.0.1:9/app/launch');
    expect((await start({ ...here, origin: 'https://evil.example' }, fields)).status).toBe(403);
    expect((await start({ cookie: jordan.cookie }, fields)).status).toBe(403);
    expect((await start({ origin: world.url }, fields)).status).toBe(401);
    expect((await start(here, { ...fields, patient: world.patients.foreign })).status).toBe(404);
  });

  it('opens no record in an emergency, whatever the role of the person includes', async () => {
    const { body } = await tokensFor(world, jordan.cookie, { scope: 'user/*.cruds' }, { decision: 'allow' });
    const answer = await fhir(world, body.access_token, `/Patient/${world.patients.foreign}/$break-glass`, {
      method: 'POST',
      body: { resourceType: 'Parameters', parameter: [{ name: 'reason', valueString: 'unconscious' }] },
    });
    expect(answer.status).toBe(403);
  });
});

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
