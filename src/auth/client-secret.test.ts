import { beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { basic, startServer, type TestServer } from './sign-in.harness.ts';

const grant = { grant_type: 'client_credentials', scope: 'system/Task.rs' };

eachDatabase('a client with a secret', database => {
  let server: TestServer;
  let secret: string;
  let other: string;

  beforeAll(async () => {
    server = await startServer(await database.open());
    const { clients } = server.authorization;
    const registration = { name: 'Hospital', organization: 'h1', secret: true };
    const mine = await clients.add({
      ...registration,
      clientId: 'hospital',
      scope: 'system/*.rs system/Task.cruds',
    });
    const theirs = await clients.add({
      ...registration,
      clientId: 'clinic',
      organization: 'c1',
      scope: 'system/*.read',
    });
    secret = mine.secret ?? '';
    other = theirs.secret ?? '';
    return () => server.close();
  });

  it.each([
    ['basic', () => server.post('/token', grant, basic('hospital', secret))],
    ['post', () => server.post('/token', { ...grant, client_id: 'hospital', client_secret: secret })],
  ])('gets a token by client_secret_%s', async (_, request) => {
    const { status, headers, body } = await request();
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'system/Task.rs',
    });
    const actor = await server.authorization.authenticate(`Bearer ${body.access_token}`);
    expect(actor).toMatchObject({ kind: 'client', id: 'hospital', organization: 'h1' });
    const task = { type: 'Task', create: false, read: true, update: false, delete: false, search: true };
    expect(actor.scopes).toEqual([task]);
    expect(actor.loads).toBeUndefined();
  });

  it.each([
    ['a wider scope', 'system/Patient.cruds'],
    ['one wider scope of two', 'system/Task.rs system/*.u'],
    ['a scope of a user', 'user/Task.rs'],
    ['a scope whose query is about no type', 'system/*.rs?_tag=x'],
    ['no scope', ''],
    ['a scope in no known form', 'everything'],
    ['a scope with characters that none has', 'system/Täsk.rs'],
  ])('is refused %s', async (_, scope) => {
    const { status, body } = await server.post('/token', { ...grant, scope }, basic('hospital', secret));
    expect([status, body.error]).toEqual([400, 'invalid_scope']);
    expect(body.error_description).toMatch(/scope|beyond/);
    expect(body).not.toHaveProperty('access_token');
  });

  it('is refused a request without a scope parameter', async () => {
    const { status, body } = await server.post(
      '/token',
      { grant_type: 'client_credentials' },
      basic('hospital', secret),
    );
    expect([status, body.error]).toEqual([400, 'invalid_scope']);
    expect(body.error_description).toMatch(/scope is required/);
  });

  it('says which scope goes beyond the registration', async () => {
    const scope = 'system/Task.rs system/Patient.rsu';
    const wanted = await server.post(
      '/token',
      { ...grant, scope: scope.replace('rsu', 'rus') },
      basic('hospital', secret),
    );
    expect(wanted.body.error_description).toMatch(/^system\/Patient\.rus: beyond .*registered for/);
  });

  const refused: [
    string,
    () => Promise<{ status: number; body: Record<string, unknown> }>,
    number,
    string,
  ][] = [
    ['a wrong secret', () => server.post('/token', grant, basic('hospital', 'wrong')), 401, 'invalid_client'],
    [
      "another client's secret",
      () => server.post('/token', grant, basic('hospital', other)),
      401,
      'invalid_client',
    ],
    ['an unknown client', () => server.post('/token', grant, basic('nobody', secret)), 401, 'invalid_client'],
    [
      'an id that is no id',
      () => server.post('/token', grant, basic("' OR 1=1 --", 'x')),
      401,
      'invalid_client',
    ],
    ['its hash as secret', () => hashAsSecret(), 401, 'invalid_client'],
    ['no authentication', () => server.post('/token', grant), 400, 'invalid_request'],
    ['an id alone', () => server.post('/token', { ...grant, client_id: 'hospital' }), 401, 'invalid_client'],
    [
      'two ways at once',
      () => server.post('/token', { ...grant, client_secret: secret }, basic('hospital', secret)),
      400,
      'invalid_request',
    ],
    [
      'a malformed header',
      () => server.post('/token', grant, { authorization: 'Basic ###' }),
      400,
      'invalid_request',
    ],
    [
      'no grant type',
      () => server.post('/token', { scope: grant.scope }, basic('hospital', secret)),
      400,
      'invalid_request',
    ],
    [
      'another grant type',
      () => server.post('/token', { ...grant, grant_type: 'password' }, basic('hospital', secret)),
      400,
      'unsupported_grant_type',
    ],
    [
      'a doubled parameter',
      () =>
        server.post(
          '/token',
          [...Object.entries(grant), ['scope', 'system/*.rs']],
          basic('hospital', secret),
        ),
      400,
      'invalid_request',
    ],
    [
      'another resource',
      () =>
        server.post(
          '/token',
          { ...grant, resource: 'https://elsewhere.example/fhir' },
          basic('hospital', secret),
        ),
      400,
      'invalid_target',
    ],
    [
      'a body in JSON',
      () =>
        server.post('/token', grant, { ...basic('hospital', secret), 'content-type': 'application/json' }),
      400,
      'invalid_request',
    ],
  ];

  async function hashAsSecret() {
    const { secretHash = '' } = await server.authorization.clients.get('hospital');
    return server.post('/token', grant, basic('hospital', encodeURIComponent(secretHash)));
  }

  it.each(refused)('is refused with %s', async (_, request, status, error) => {
    const answer = await request();
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(answer.body).not.toHaveProperty('access_token');
  });

  it('answers an unknown client as it answers a wrong secret', async () => {
    const wrong = await server.post('/token', grant, basic('hospital', 'wrong'));
    const unknown = await server.post('/token', grant, basic('nobody', 'wrong'));
    const varying = (headers: Headers) => [...headers].filter(([name]) => name !== 'date');
    expect(unknown.body).toEqual(wrong.body);
    expect(varying(unknown.headers)).toEqual(varying(wrong.headers));
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  });

  it('tells a browser of another origin nothing, and not which clients there are either', async () => {
    const origin = { origin: 'https://elsewhere.example' };
    const wrong = await server.post('/token', grant, { ...basic('hospital', 'wrong'), ...origin });
    const unknown = await server.post('/token', grant, { ...basic('nobody', 'wrong'), ...origin });
    expect([wrong.status, wrong.body]).toEqual([unknown.status, unknown.body]);
    const right = await server.post('/token', grant, { ...basic('hospital', secret), ...origin });
    for (const { headers } of [wrong, unknown, right]) {
      expect([...headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([]);
    }
    expect(right.status).toBe(200);
  });

  it('logs refusals with their reason and without the secret', async () => {
    await server.post('/token', grant, basic('hospital', 'a-wrong-secret'));
    const entry = server.logged.at(-1) ?? '';
    expect(entry).toContain('"client":"hospital"');
    expect(entry).toContain('invalid secret provided');
    expect(server.logged.join()).not.toContain('a-wrong-secret');
    expect(server.logged.join()).not.toContain(secret);
  });

  it('accepts the FHIR base as the resource', async () => {
    const resource = server.issuer.replace('/oauth', '/fhir');
    expect((await server.post('/token', { ...grant, resource }, basic('hospital', secret))).status).toBe(200);
  });

  it('is as unknown as a stranger while it is suspended', async () => {
    const { clients } = server.authorization;
    await clients.suspend('clinic');
    for (const [path, fields] of [
      ['/token', grant],
      ['/revoke', { token: 'x' }],
    ] as const) {
      const { status, body } = await server.post(path, fields, basic('clinic', other));
      expect([status, body.error]).toEqual([401, 'invalid_client']);
      expect(server.logged.at(-1)).toContain('client not found');
    }
    await clients.resume('clinic');
    expect((await server.post('/token', grant, basic('clinic', other))).status).toBe(200);
  });

  it('revokes its own token, and not another client’s', async () => {
    const { body } = await server.post('/token', grant, basic('hospital', secret));
    const token = String(body.access_token);
    expect((await server.post('/revoke', { token }, basic('clinic', other))).status).toBe(200);
    expect((await server.authorization.authenticate(`Bearer ${token}`)).id).toBe('hospital');
    expect((await server.post('/revoke', { token }, basic('hospital', 'wrong'))).status).toBe(401);
    expect((await server.post('/revoke', { token }, basic('hospital', secret))).status).toBe(200);
    await expect(server.authorization.authenticate(`Bearer ${token}`)).rejects.toThrow(/not valid/);
  });
});
