import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Role } from '../../src/access/roles.ts';
import { onSqlite } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';
import { type Visit, visit } from '../harness/visit.ts';

onSqlite('the page of systems and apps', database => {
  let hub: TestHub;
  let administrator: Visit;

  beforeAll(async () => {
    hub = await startTestHub(database);
    await hub.party('clinic');
    administrator = await signedIn('hub', 'network-administrator');
  });
  afterAll(() => hub?.stop());

  async function signedIn(organization: string, role: Role): Promise<Visit> {
    const { people } = hub.hub;
    const from = { cookie: undefined, address: '127.0.0.1', browser: undefined };
    const browser = visit(hub.url);
    browser.cookies.set(people.cookies.session, (await people.demo?.(organization, role, from)) ?? '');
    return browser;
  }

  const system = {
    clientId: 'clinic-ehr',
    name: 'EHR of the clinic',
    organization: 'clinic',
    scope: 'system/Task.rs',
    way: 'secret',
  };
  const register = (fields: Record<string, string>, browser = administrator) =>
    browser.send('/clients', '/clients/register', { ...system, ...fields });
  const secretIn = (text: string) => /<code>([\w-]{40,})<\/code>/.exec(text)?.[1] ?? '';
  const tokenWith = async (client: string, secret: string) => {
    const response = await fetch(`${hub.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/Task.rs' }),
    });
    return (await response.json()) as { access_token?: string; error?: string };
  };
  const readsWith = async (token = '') =>
    (await fetch(`${hub.url}/fhir/Task`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('registers a system, which signs in with the secret that is shown once', async () => {
    const page = await register({});
    expect(page.status).toBe(200);
    const { access_token } = await tokenWith('clinic-ehr', secretIn(page.text));
    expect(await readsWith(access_token)).toBe(200);
    const again = (await administrator.get('/clients')).text;
    expect(again).toContain('EHR of the clinic');
    expect(secretIn(again)).toBe('');
  });

  it('gives a new secret, and the one before is void', async () => {
    const first = secretIn((await register({ clientId: 'rotated' })).text);
    const page = await administrator.send('/clients', '/clients/secret', { client: 'rotated' });
    expect((await tokenWith('rotated', first)).error).toBe('invalid_client');
    expect(await tokenWith('rotated', secretIn(page.text))).toHaveProperty('access_token');
  });

  it('suspends it at once, and lets it in again', async () => {
    const secret = secretIn((await register({ clientId: 'stopped' })).text);
    const { access_token } = await tokenWith('stopped', secret);
    const suspended = await administrator.send('/clients', '/clients/suspend', { client: 'stopped' });
    expect(suspended.location).toBe('/clients?notice=suspended');
    expect(await readsWith(access_token)).toBe(401);
    expect((await tokenWith('stopped', secret)).error).toBe('invalid_client');
    await administrator.send('/clients', '/clients/resume', { client: 'stopped' });
    expect(await tokenWith('stopped', secret)).toHaveProperty('access_token');
  });

  it('registers an app, and a system by its keys', async () => {
    const app = await register({
      clientId: 'app',
      scope: 'launch/patient patient/*.rs',
      way: 'public',
      redirectUris: 'https://app.example/back\r\nhttps://app.example/other',
    });
    expect(app.location).toBe('/clients?notice=registered');
    const keyed = await register({
      clientId: 'keyed',
      way: 'keys',
      jwksUri: 'https://lab.example/jwks.json',
    });
    expect(keyed.location).toBe('/clients?notice=registered');
    const { clients } = hub.hub.authorization;
    expect(await clients.get('app')).toMatchObject({
      public: true,
      redirectUris: ['https://app.example/back', 'https://app.example/other'],
    });
    expect(await clients.get('keyed')).toMatchObject({ jwksUri: 'https://lab.example/jwks.json' });
  });

  it.each([
    ['an id that is taken', { clientId: 'clinic' }, 'already registered as clinic', 409],
    ['an id that is none', { clientId: '../x' }, 'A client id is 1 to 64 letters', 400],
    ['a scope that is none', { scope: 'all' }, 'scope', 400],
    ['a scope of people for a system', { scope: 'patient/*.rs' }, 'Only system scopes', 400],
    ['an organization that is none', { organization: 'nowhere' }, 'Choose an organization', 400],
    ['no way to sign in', { way: 'magic' }, 'Choose how it signs in', 400],
    ['keys without keys', { way: 'keys' }, 'Give the address of its keys', 400],
    ['keys that are no JSON', { way: 'keys', jwks: '{' }, 'This is not JSON', 400],
    ['a private key', { way: 'keys', jwks: '{"keys": [{"kty": "RSA", "d": "x"}]}' }, 'jwks', 400],
    [
      'an address without TLS',
      { way: 'public', redirectUris: 'http://app.example/' },
      'must be an https URL',
      400,
    ],
  ])('refuses %s, and keeps what was typed in', async (_what, fields, text, status) => {
    const page = await register({ clientId: 'refused', ...fields });
    expect([page.status, page.text.includes(text)], page.text).toEqual([status, true]);
    expect(page.text).toContain('value="EHR of the clinic"');
    await expect(hub.hub.authorization.clients.get('refused')).rejects.toThrow('No client');
  });

  it('is for who manages the network, and for nobody else', async () => {
    expect((await visit(hub.url).get('/clients')).location).toBe('/sign-in?return=%2Fclients');
    for (const [organization, role] of [
      ['clinic', 'organization-administrator'],
      ['clinic', 'supervisor'],
      ['hub', 'auditor'],
    ] as const) {
      const browser = await signedIn(organization, role);
      expect((await browser.get('/clients')).status, role).toBe(403);
      const posted = await browser.send('/account', '/clients/register', { ...system, clientId: 'sneaked' });
      expect(posted.status, role).toBe(403);
      const stopped = await browser.send('/account', '/clients/suspend', { client: 'clinic' });
      expect(stopped.status, role).toBe(403);
    }
    const foreign = await administrator.post('/clients/register', { ...system, clientId: 'sneaked' });
    expect(foreign.status).toBe(403);
    await expect(hub.hub.authorization.clients.get('sneaked')).rejects.toThrow('No client');
    expect((await hub.hub.authorization.clients.get('clinic')).suspended).toBe(false);
  });

  it('is in the audit, with who did it for whom and without a secret', async () => {
    const events = await hub.hub.repository(hub.hub.hubActor).search(
      'AuditEvent',
      new URLSearchParams({
        subtype: 'register-client,rotate-client,suspend-client,resume-client',
        _count: '100',
      }),
    );
    const all = events.entries.map(({ stored }) => stored.body).join();
    for (const one of ['register-client', 'rotate-client', 'suspend-client', 'resume-client'])
      expect(all).toContain(`"code":"${one}"`);
    expect(all).toContain('Organization/clinic');
    expect(all).not.toContain('EHR of the clinic');
  });
});
