import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../../test/harness/databases.ts';
import { openConsole, runWithoutHub, type TestConsole } from './command.harness.ts';
import { org } from './org.ts';
import { person } from './person.ts';

onSqlite('hub person while a hub runs', database => {
  let cli: TestConsole;
  let clinic: string;
  let other: string;

  beforeAll(async () => {
    const { url } = await database.options({ migrated: false });
    cli = await openConsole(url);
    const add = async (name: string) =>
      (await cli.run(org, 'add', '--name', name, '--type', 'cmhc')).out[0] ?? '';
    [clinic, other] = [await add('Clinic'), await add('Other')];
  });
  afterAll(() => cli.close());

  const invite = (email: string, organization: string, role: string, ...more: string[]) =>
    cli.run(
      person,
      'invite',
      '--email',
      email,
      '--name',
      'Ada Quinn',
      '--organization',
      organization,
      '--role',
      role,
      ...more,
    );
  const listed = async () => JSON.parse((await cli.run(person, 'list', '--json')).out[0] ?? '[]');

  it('invites by mail, into a file where there is no mail server', async () => {
    const { code, out, err } = await invite('Ada@clinic.example', `Organization/${clinic}`, 'intake');
    expect([code, out]).toEqual([0, []]);
    expect(err[0]).toContain('was sent a link');
    const folder = join(cli.data, 'mail');
    const [file = ''] = await readdir(folder);
    expect(await readFile(join(folder, file), 'utf8')).toMatch(
      /To: ada@clinic\.example[\s\S]*\/invitation\//,
    );
  });

  it('prints a link that the running hub takes', async () => {
    const { code, out } = await invite('ada@clinic.example', clinic, 'supervisor', '--print');
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^http:\/\/127\.0\.0\.1:8080\/invitation\/[\w-]{43}$/);
    const secret = out[0]?.split('/').at(-1) ?? '';
    expect(await cli.hub.people.links.whose(secret, 'invitation')).toMatchObject({
      email: 'ada@clinic.example',
    });
    const from = { cookie: undefined, address: undefined, browser: undefined };
    await cli.hub.people.anew.accept(secret, 'harvest plover umbrella', from);
    expect(await listed()).toMatchObject([
      { email: 'ada@clinic.example', role: 'supervisor', state: 'active' },
    ]);
  });

  it('adds another organization to an account, and refuses the same twice', async () => {
    const added = await invite('ada@clinic.example', other, 'auditor', '--print');
    expect([added.code, added.out]).toEqual([0, []]);
    expect(added.err[0]).toContain('has an account already');
    const twice = await invite('ada@clinic.example', clinic, 'intake');
    expect([twice.code, twice.err[0]]).toEqual([1, expect.stringContaining('in the organization already')]);
    expect((await listed()).length).toBe(2);
  });

  it('suspends for one organization or for all, and resumes', async () => {
    const [{ account }] = await listed();
    const may = async () =>
      Promise.all([clinic, other].map(async one => (await cli.hub.people.find(account, one)) !== undefined));
    expect((await cli.run(person, 'suspend', 'ada@clinic.example', '--organization', other)).code).toBe(0);
    expect(await may()).toEqual([true, false]);
    expect((await cli.run(person, 'suspend', 'ADA@clinic.example')).code).toBe(0);
    expect(await may()).toEqual([false, false]);
    await cli.run(person, 'resume', 'ada@clinic.example');
    expect(await may()).toEqual([true, false]);
    expect((await cli.run(person, 'list')).out.join('\n')).toMatch(/ada@clinic\.example +suspended +auditor/);
  });

  it.each([
    [
      'an unknown organization',
      ['invite', '--email', 'a@b.c', '--name', 'Al', '--organization', 'nope', '--role', 'intake'],
      /no such Organization/,
    ],
    [
      'a role that is none',
      ['invite', '--email', 'a@b.c', '--name', 'Al', '--organization', 'hub', '--role', 'boss'],
      /role: .*network-administrator/,
    ],
    [
      'an address that is none',
      ['invite', '--email', 'a b', '--name', 'Al', '--organization', 'hub', '--role', 'auditor'],
      /email: Give an e-mail address/,
    ],
    ['nobody', ['suspend', 'nobody@clinic.example'], /no account with this e-mail address/],
  ])('says what is wrong with %s', async (_name, args, text) => {
    const { code, err } = await cli.run(person, ...args);
    expect(code).toBe(1);
    expect(err.join()).toMatch(text);
  });

  it('takes the second factor away from who has lost it', async () => {
    expect((await cli.run(person, 'reset-second-factor', 'ada@clinic.example')).err[0]).toContain(
      'no second factor',
    );
  });
});

it.each([
  [[], /nothing is not one of: invite, list/],
  [['invite', '--name', 'Al'], /--email is missing/],
  [['suspend'], /Name one person/],
])('hub person %j says what is missing', async (args, text) => {
  const { code, err } = await runWithoutHub(person, ...args);
  expect(code).toBe(2);
  expect(err[0]).toMatch(text);
});
