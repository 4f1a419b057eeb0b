import { describe, expect, it } from 'vitest';
import { client } from './client.ts';
import { runWithoutHub } from './command.harness.ts';
import { org } from './org.ts';
import { token } from './token.ts';

describe.each([token, client, org])('hub $name', command => {
  it.each(['--help', '-h'])('explains itself with %s', async help => {
    const { code, out, err } = await runWithoutHub(command, help);
    expect([code, err]).toEqual([0, []]);
    expect(out.join('\n')).toMatch(new RegExp(`^hub ${command.name} `));
  });

  it.each([[['add', '--bogus']], [['list', '--bogus']], [['--bogus']], [['add', 'surplus']]])(
    'does not guess what %j means',
    async args => {
      const { code, out, err } = await runWithoutHub(command, ...args);
      expect([code, out]).toEqual([2, []]);
      expect(err.at(-1)).toBe(`Try: hub ${command.name} --help`);
    },
  );
});

const addClient = ['add', '--id', 'a', '--name', 'A', '--organization', 'o', '--scope', 'system/*.rs'];
const without = (option: string) => addClient.toSpliced(addClient.indexOf(option), 2);

describe('what is wrong on the command line, and what would be right', () => {
  it.each([
    [token, [], /--client is missing, for example: --client general-hospital/],
    [token, ['--client', ' '], /--client is missing/],
    [token, ['--client'], /--client/],
    [token, ['--client', 'a', '--ttl', 'soon'], /--ttl soon is not a time: write 90s, 30m or 1h/],
    [token, ['--client', 'a', '--ttl', '1w'], /--ttl 1w is not a time/],
    [token, ['--client', 'a', '--ttl=-5m'], /--ttl -5m is not a time/],
    [client, [], /nothing is not one of: add, list, suspend, resume/],
    [client, ['remove', 'a'], /remove is not one of: add, list, suspend, resume/],
    [client, ['suspend'], /Name one client/],
    [client, ['resume', 'a', 'b'], /Name one client/],
    [client, without('--id'), /--id is missing/],
    [client, without('--name'), /--name is missing/],
    [client, without('--organization'), /--organization is missing.*hub org add/],
    [client, without('--scope'), /--scope is missing/],
    [client, [...addClient, '--secret', '--jwks', 'keys.json'], /Give --secret or --jwks, not both/],
    [
      client,
      [...addClient, '--jwks', '/nowhere/keys.json'],
      /--jwks \/nowhere\/keys\.json is not a JSON Web Key Set.*ENOENT/,
    ],
    [client, [...addClient, '--jwks', import.meta.filename], /is not a JSON Web Key Set, \{"keys"/],
    [org, [], /nothing is not one of: add/],
    [org, ['add', '--type', 'cmhc'], /--name is missing/],
    [org, ['add', '--name', 'A'], /--type is missing, for example: --type cmhc/],
    [org, ['add', '--name', 'A', '--type', 'a b'], /--type a b is not one of hospital, .*or SYSTEM\|CODE/],
    [
      org,
      ['add', '--name', 'A', '--type', 'cmhc', '--identifier', '123'],
      /--identifier 123 is not SYSTEM\|VALUE/,
    ],
  ] as const)('hub $name %j', async (command, args, reason) => {
    const { code, out, err } = await runWithoutHub(command, ...args);
    expect([code, out]).toEqual([2, []]);
    expect(err.join('\n')).toMatch(reason);
  });
});
