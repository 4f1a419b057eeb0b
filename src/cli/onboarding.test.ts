import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthcareService, Organization, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import { apply } from './apply.ts';
import { openConsole, type Ran, runWithoutHub, type TestConsole } from './command.harness.ts';
import { init } from './init.ts';
import { link } from './link.ts';

const network = (name: string) => `network: {name: Alder}
areas:
  - {key: alder, name: Alder County, state: MN, county: Alder}
organizations:
  - key: general
    name: ${name}
    kinds: [hospital]
    people: [{name: Ada Quinn, email: ada@general.example, role: discharge-planner}]
    clients:
      - {id: general-ehr, name: EHR, scope: "system/*.rs", signsInWith: secret}
      - {id: loader, name: Loader, scope: "system/*.cruds", signsInWith: operator-token, loads: true}
  - key: shelter
    name: Shelter
    kinds: [community]
    phone: '320 555 0130'
    services: [{key: beds, name: Beds, types: ['127'], areas: [alder]}]
`;

onSqlite('a network by command', database => {
  let terminal: TestConsole;
  let folder: string;
  beforeAll(async () => {
    const { url } = database.name === 'postgres' ? await database.options() : { url: undefined };
    terminal = await openConsole(url);
    folder = await mkdtemp(join(tmpdir(), 'hub-onboarding-'));
  });
  afterAll(async () => {
    await terminal?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function applied(text: string, ...options: string[]): Promise<Ran> {
    const file = join(folder, 'network.yaml');
    await writeFile(file, text);
    return terminal.run(apply, file, ...options);
  }
  const repository = () => terminal.hub.repository(terminal.hub.hubActor);
  const read = async <R>(type: string, id: string) => (await repository().read(type, id)).resource() as R;

  it('begins with a name, a time zone and an administrator who is invited once', async () => {
    const begin = (...more: string[]) =>
      terminal.run(
        init,
        ...['--name', 'Alder', '--time-zone', 'America/Denver', '--phone', '320 555 0100'],
        ...['--admin-name', 'Nora Reed', '--admin-email', 'nora@network.example', ...more],
      );
    const first = await begin('--print');
    expect([first.code, first.out.length]).toEqual([0, 1]);
    expect(first.out[0]).toMatch(/^http:\/\/127\.0\.0\.1:8080\/invitation\//);
    const again = await begin();
    expect([again.code, again.out, again.err]).toEqual([
      0,
      [],
      ['Alder is ready. nora@network.example is its administrator already.'],
    ]);
    expect(await terminal.hub.linkService.network()).toEqual({
      name: 'Alder',
      timeZone: 'America/Denver',
      phone: '320 555 0100',
    });
    const people = await terminal.hub.people.management.list('operator', 'hub');
    expect(people.map(({ email, role }) => [email, role])).toEqual([
      ['nora@network.example', 'network-administrator'],
    ]);
    const elsewhere = await begin('--base-url', 'https://hub.example');
    expect([elsewhere.code, elsewhere.err[0]]).toEqual([
      1,
      expect.stringContaining('set HUB_BASE_URL=https://hub.example'),
    ]);
  });

  it('asks on a terminal for what is not given', async () => {
    const answers = ['', 'Alder', 'America/Denver', '320 555 0100', 'Nora Reed', 'nora@network.example'];
    const { code, err } = await terminal.converse(answers, init);
    expect([code, err]).toEqual([0, ['Alder is ready. nora@network.example is its administrator already.']]);
    const silent = await terminal.converse(['', ''], init);
    expect([silent.code, silent.err[0]]).toEqual([2, 'hub init: --name is missing']);
    const script = await terminal.run(init, '--name', 'Alder');
    expect([script.code, script.err[0]]).toEqual([2, 'hub init: --admin-name is missing']);
  });

  it('a dry run says what would be done, and does nothing', async () => {
    const { code, out } = await applied(network('General'), '--dry-run');
    expect(code).toBe(0);
    expect(out).toEqual([
      '+ Location/alder',
      '+ Organization/general',
      '+ Organization/shelter',
      '+ HealthcareService/shelter-beds',
      '+ client general-ehr',
      '+ client loader',
      '+ person ada@general.example in Organization/general  discharge-planner',
      '= 1 unchanged',
    ]);
    await expect(read('Organization', 'general')).rejects.toThrow('There is no Organization/general');
    expect(await terminal.hub.authorization.clients.list()).toEqual([]);
  });

  it('is made as the file says, and secrets are told once into a file of one’s own', async () => {
    const secrets = join(folder, 'secrets.txt');
    const { code, out } = await applied(network('General'), '--secrets', secrets, '--print-invitations');
    expect(code).toBe(0);
    expect((await stat(secrets)).mode & 0o777).toBe(0o600);
    const told = (await readFile(secrets, 'utf8'))
      .trim()
      .split('\n')
      .map(line => line.split('\t'));
    expect(told.map(([kind, whose]) => [kind, whose])).toEqual([
      ['client', 'general-ehr'],
      ['invitation', 'ada@general.example'],
    ]);
    expect(out.join('\n')).not.toContain(told[0]?.[2]);
    const service = await repository().read('HealthcareService', 'shelter-beds');
    expect(service.source).toBe('shelter');
    expect((service.resource() as HealthcareService).coverageArea).toEqual([{ reference: 'Location/alder' }]);
    expect((await repository().read('Location', 'alder')).source).toBe('hub');
    const clients = await terminal.hub.authorization.clients.list();
    expect(clients.map(({ clientId, organization, loads }) => [clientId, organization, loads])).toEqual([
      ['general-ehr', 'general', false],
      ['loader', 'general', true],
    ]);
  });

  it('again, nothing changes and nothing is told', async () => {
    const version = (await repository().read('Organization', 'general')).versionId;
    const { code, out, err } = await applied(network('General'));
    expect([code, out, err]).toEqual([0, ['= 8 unchanged'], ['Nothing had to be changed.']]);
    expect((await repository().read('Organization', 'general')).versionId).toBe(version);
  });

  it('changes what the file names, keeps what the organization has added, and removes nothing', async () => {
    const general = await read<Organization>('Organization', 'general');
    await repository().write([
      {
        kind: 'update',
        type: 'Organization',
        id: 'general',
        resource: { ...general, alias: ['GH'] } as Organization,
        inNameOf: 'general',
      },
    ]);
    const before = await terminal.hub.authorization.clients.get('general-ehr');
    const text = network('General Hospital')
      .replace('system/*.rs', 'system/Task.rs')
      .replace('discharge-planner', 'case-manager')
      .replace(/ {6}- \{id: loader.*\n/, '');
    const { code, out } = await applied(text);
    expect(code).toBe(0);
    expect(out).toEqual([
      '~ Organization/general  name',
      '~ client general-ehr',
      '~ person ada@general.example in Organization/general  case-manager',
      '= 4 unchanged',
      '! client loader: no longer in the file, stays as it is',
    ]);
    expect(await read<Organization>('Organization', 'general')).toMatchObject({
      name: 'General Hospital',
      alias: ['GH'],
    });
    const after = await terminal.hub.authorization.clients.get('general-ehr');
    expect([after.scope, after.secretHash]).toEqual(['system/Task.rs', before.secretHash]);
    expect((await terminal.hub.authorization.clients.get('loader')).suspended).toBe(false);
    const [ada] = await terminal.hub.people.management.list('operator', 'general');
    expect(ada?.role).toBe('case-manager');
  });

  it('invites again who was never sent the invitation', async () => {
    await terminal.hub.people.management.invite(
      { name: 'Bo Lind', email: 'bo@general.example', organization: 'general', role: 'intake' },
      'operator',
      { mail: false },
    );
    const bo = '- {name: Bo Lind, email: bo@general.example, role: intake}';
    const text = network('General Hospital').replace(
      'people: [{name: Ada Quinn, email: ada@general.example, role: discharge-planner}]',
      `people:\n      ${bo}`,
    );
    const told = await applied(text, '--print-invitations');
    expect(told.out.at(-1)).toMatch(/^invitation\tbo@general\.example\thttp/);
    const again = await applied(text, '--print-invitations');
    expect(again.out.join('\n')).not.toContain('bo@general.example');
  });

  it('registers a system by the address of its keys, and an app by where it may lead back', async () => {
    const text = (back: string) =>
      network('General Hospital').replace(
        'operator-token, loads: true}',
        `operator-token, loads: true}
      - {id: lab, name: Lab, scope: "system/*.rs", signsInWith: keys, jwksUrl: "https://lab.example/jwks.json"}
      - {id: app, name: App, scope: "openid launch/patient patient/*.rs", signsInWith: keys, jwksUrl: "https://app.example/jwks.json", redirects: ["${back}"]}`,
      );
    const registered = async (id: string) =>
      (await terminal.hub.authorization.clients.list()).find(({ clientId }) => clientId === id);
    expect((await applied(text('https://app.example/back'))).code).toBe(0);
    expect(await registered('lab')).toMatchObject({ jwksUri: 'https://lab.example/jwks.json' });
    expect(await registered('app')).toMatchObject({ redirectUris: ['https://app.example/back'] });
    const changed = await applied(text('https://app.example/other'));
    expect([changed.code, changed.out.join()]).toEqual([0, expect.stringContaining('client app')]);
    expect(await registered('app')).toMatchObject({ redirectUris: ['https://app.example/other'] });
    expect((await applied(text('https://app.example/other'))).out.join()).not.toContain('client app');
  });

  it('does nothing at all where something is wrong', async () => {
    const { code, err } = await applied(network('Other').replace('alder, name', 'alder, nome'));
    expect(code).toBe(1);
    expect(err).toContain('hub apply: network.yaml:3 areas[0].nome: is not a field here');
    expect((await read<Organization>('Organization', 'general')).name).toBe('General Hospital');
  });

  it('refuses to write secrets over a file', async () => {
    const text = network('General Hospital').replace('id: general-ehr', 'id: new-ehr');
    const { code, err } = await applied(text, '--secrets', join(folder, 'secrets.txt'));
    expect([code, err[0]]).toEqual([2, expect.stringContaining('is there already')]);
    await expect(terminal.hub.authorization.clients.get('new-ehr')).rejects.toThrow('No client');
  });

  it('links are made, listed and revoked', async () => {
    const { hub } = terminal;
    const general = hub.repository({ ...hub.hubActor, kind: 'client', id: 'test', organization: 'general' });
    const [, , task] = await general.write([
      {
        kind: 'create',
        fullUrl: 'urn:uuid:1',
        resource: { resourceType: 'Patient', name: [{ family: 'X' }] },
      },
      {
        kind: 'create',
        fullUrl: 'urn:uuid:2',
        resource: {
          resourceType: 'ServiceRequest',
          status: 'active',
          intent: 'order',
          subject: { reference: 'urn:uuid:1' },
          requester: { reference: 'Organization/general' },
        },
      },
      {
        kind: 'create',
        fullUrl: 'urn:uuid:3',
        resource: {
          resourceType: 'Task',
          status: 'requested',
          intent: 'order',
          code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
          focus: { reference: 'urn:uuid:2' },
          for: { reference: 'urn:uuid:1' },
          requester: { reference: 'Organization/general' },
          owner: { reference: 'Organization/shelter' },
        } as Task,
      },
    ]);
    const id = task?.stored?.id ?? '';
    const nobody = await terminal.run(link, 'create', '--task', id);
    expect([nobody.code, nobody.err[0]]).toEqual([1, expect.stringContaining('has no e-mail address')]);
    const made = await terminal.run(link, 'create', '--task', `Task/${id}`, '--phone');
    expect([made.code, made.out]).toEqual([
      0,
      [
        expect.stringMatching(/^http:\/\/127\.0\.0\.1:8080\/l\/[\w-]{16}\.[\w-]{43}$/),
        expect.stringMatching(/^\d{6}$/),
      ],
    ]);
    const listed = await terminal.run(link, 'list', '--json');
    const [only] = JSON.parse(listed.out[0] ?? '') as { id: string; state: string }[];
    expect([only?.state, listed.out[0]?.includes(made.out[0]?.split('.').at(-1) ?? '')]).toEqual([
      'valid',
      false,
    ]);
    expect((await terminal.run(link, 'revoke', only?.id ?? '')).code).toBe(0);
    expect((await terminal.run(link, 'list')).out[0]).toContain('revoked');
    const unknown = await terminal.run(link, 'revoke', 'nothing');
    expect([unknown.code, unknown.err[0]]).toEqual([1, expect.stringContaining('There is no link nothing')]);
    const missing = await terminal.run(link, 'create', '--task', 'nothing');
    expect([missing.code, missing.err[0]]).toEqual([1, expect.stringContaining('There is no Task/nothing')]);
  });
});

describe('what is wrong is said before anything is opened', () => {
  it.each([
    [apply, [], 'Name one file'],
    [apply, ['a', 'b'], 'Name one file'],
    [apply, ['/nowhere/network.yaml'], 'cannot be read (ENOENT)'],
    [link, [], 'nothing is not one of: create, list, revoke'],
    [link, ['create'], '--task is missing'],
    [link, ['revoke'], 'Name one link'],
  ] as const)('%#', async (command, args, message) => {
    const { code, err } = await runWithoutHub(command, ...args);
    expect([code, err[0]]).toEqual([2, expect.stringContaining(message)]);
  });
});
