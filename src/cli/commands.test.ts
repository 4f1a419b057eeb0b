import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Organization } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import { clientKey } from '../auth/sign-in.harness.ts';
import { client } from './client.ts';
import { openConsole, type TestConsole } from './command.harness.ts';
import { org } from './org.ts';
import { token } from './token.ts';

onSqlite('commands while a hub runs', database => {
  let cli: TestConsole;
  let organization: string;

  beforeAll(async () => {
    const { url } = await database.options({ migrated: false });
    cli = await openConsole(url);
    const { out, err } = await cli.run(org, 'add', '--name', 'General Hospital', '--type', 'hospital');
    expect(err).toEqual([]);
    organization = out[0] ?? '';
  });
  afterAll(() => cli.close());

  const add = (id: string, ...more: string[]) =>
    cli.run(
      client,
      'add',
      '--id',
      id,
      '--name',
      'An EHR',
      '--organization',
      organization,
      '--scope',
      'system/*.rs',
      ...more,
    );
  const actorOf = (bearer: string | undefined) => cli.hub.authorization.authenticate(`Bearer ${bearer}`);

  it('org add makes a directory entry that the organization owns', async () => {
    const address = [
      '--address-line',
      '1 Main St',
      '--address-city',
      'Anytown',
      '--address-state',
      'MN',
      '--address-postal-code',
      '55001',
    ];
    const identifier = ['--identifier', 'http://hl7.org/fhir/sid/us-npi|1234567893'];
    const { code, out } = await cli.run(
      org,
      'add',
      '--name',
      'Northside CMHC',
      '--type',
      'cmhc',
      ...identifier,
      ...address,
    );
    expect(code).toBe(0);
    const itself = {
      ...cli.hub.hubActor,
      kind: 'client',
      id: 'northside',
      organization: out[0] ?? '',
    } as const;
    const repository = cli.hub.repository(itself);
    const stored = (await repository.read('Organization', out[0] ?? '')).resource() as Organization;
    expect(stored).toMatchObject({
      active: true,
      name: 'Northside CMHC',
      identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' }],
      type: [{ coding: [{ code: '261QM0801X' }] }],
      address: [{ line: ['1 Main St'], city: 'Anytown', state: 'MN', postalCode: '55001' }],
    });
    const resource = { ...stored, name: 'Northside Mental Health' };
    const [written] = await repository.write([
      { kind: 'update', type: 'Organization', id: out[0] ?? '', resource },
    ]);
    expect(written?.outcome).toBe('updated');
    const stranger = cli.hub.repository({ ...itself, organization });
    const theft = stranger.write([
      { kind: 'update', type: 'Organization', id: out[0] ?? '', resource: { ...stored, name: 'Ours' } },
    ]);
    await expect(theft).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('client add prints the secret alone, once', async () => {
    const { code, out, err } = await add('with-secret');
    expect(code).toBe(0);
    expect(out).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    expect(err.join()).toMatch(/with-secret is registered.*shown this once/);
    const again = await add('with-secret');
    expect([again.code, again.out]).toEqual([1, []]);
    expect(again.err.join()).toMatch(/already registered/);
  });

  it('client add takes public keys from a file, and says what is wrong with them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hub-keys-'));
    const { jwk } = await clientKey('RS384', 'k1');
    const file = join(folder, 'keys.json');
    await writeFile(file, JSON.stringify({ keys: [jwk] }));
    const { code, out } = await add('with-keys', '--jwks', file, '--loads', '--json');
    expect([code, out]).toEqual([0, ['{"client_id":"with-keys"}']]);
    await writeFile(file, JSON.stringify({ keys: [{ ...jwk, kid: undefined }] }));
    const refused = await add('with-wrong-keys', '--jwks', file);
    expect([refused.code, refused.err]).toEqual([1, ['hub client: jwks.keys[0]: The key has no kid']]);
    await rm(folder, { recursive: true });
  });

  it.each([
    [
      'an organization that is not there',
      ['--organization', 'nowhere'],
      /There is no Organization\/nowhere: make it with hub org add/,
    ],
    [
      'a scope for no type',
      ['--scope', 'system/Tsk.rs'],
      /scope: system\/Tsk\.rs: Tsk is not a FHIR R4 resource type/,
    ],
    ['a strange id', ['--id', 'a b'], /clientId: A client id is/],
  ])('client add refuses %s', async (_, args, reason) => {
    const { code, out, err } = await add('refused', ...args);
    expect([code, out]).toEqual([1, []]);
    expect(err.join()).toMatch(reason);
  });

  it('token prints a bearer token alone, for the whole scope', async () => {
    await add('general-hospital', '--loads');
    const { code, out, err } = await cli.run(token, '--client', 'general-hospital');
    expect([code, err, out.length]).toEqual([0, [], 1]);
    const actor = await actorOf(out[0]);
    expect(actor).toMatchObject({
      id: 'general-hospital',
      organization,
      loads: true,
      scopes: [{ type: '*' }],
    });
  });

  it('token takes a scope and a time', async () => {
    const { out } = await cli.run(
      token,
      '--client',
      'general-hospital',
      '--scope',
      'system/Task.r',
      '--ttl',
      '1h',
      '--json',
    );
    const answer = JSON.parse(out[0] ?? '');
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'system/Task.r' });
    expect(Date.parse(answer.expires) - Date.now()).toBeGreaterThan(3_590_000);
    expect((await actorOf(answer.access_token)).scopes).toMatchObject([
      { type: 'Task', read: true, search: false },
    ]);
  });

  it.each([
    [['--client', 'nobody'], /No client is registered as nobody: see hub client list/],
    [
      ['--client', 'general-hospital', '--scope', 'system/Task.u'],
      /system\/Task\.u: beyond what general-hospital/,
    ],
    [['--client', 'general-hospital', '--ttl', '2d'], /1 to 86400 seconds, not 172800/],
  ])('token %j is refused', async (args, reason) => {
    const { code, out, err } = await cli.run(token, ...args);
    expect([code, out]).toEqual([1, []]);
    expect(err.join()).toMatch(reason);
  });

  it('client suspend ends tokens at once on the hub that runs, until resume', async () => {
    await add('fickle');
    const before = await cli.run(token, '--client', 'fickle');
    expect((await actorOf(before.out[0])).id).toBe('fickle');
    expect((await cli.run(client, 'suspend', 'fickle')).code).toBe(0);
    await expect(actorOf(before.out[0])).rejects.toMatchObject({ kind: 'unauthorized' });
    const refused = await cli.run(token, '--client', 'fickle');
    expect([refused.code, refused.out]).toEqual([1, []]);
    expect(refused.err.join()).toMatch(/suspended: see hub client resume/);
    expect((await cli.run(client, 'list')).out.find(line => line.startsWith('fickle'))).toMatch(/suspended/);
    expect((await cli.run(client, 'resume', 'fickle')).code).toBe(0);
    const after = await cli.run(token, '--client', 'fickle');
    expect((await actorOf(after.out[0])).id).toBe('fickle');
  });

  it('client list shows every client and no secret', async () => {
    const { out } = await cli.run(client, 'list');
    expect(out[0]).toMatch(/^client +state +signs in with +acts for +loads +name +scope$/);
    const json = await cli.run(client, 'list', '--json');
    const listed = JSON.parse(json.out[0] ?? '') as { clientId: string; signsInWith: string }[];
    expect(out).toHaveLength(listed.length + 1);
    expect(listed.find(one => one.clientId === 'with-keys')?.signsInWith).toBe('keys');
    expect(json.out[0]).not.toMatch(/scrypt|secretHash/);
  });
});
