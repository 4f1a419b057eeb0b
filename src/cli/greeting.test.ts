import { expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { greeting } from './greeting.ts';

const url = 'http://127.0.0.1:8080';
const demo = { organizations: 22, people: 10 };

it('says where it listens and three commands that find the same database', () => {
  const lines = greeting(readConfig({ HUB_DATA: '/srv/the hub' }), url, { outcome: 'seeded', ...demo });
  expect(lines[0]).toBe('Warm Handoff listens on http://127.0.0.1:8080');
  const commands = lines.filter(line => line.startsWith('  ') && !line.startsWith('  #'));
  expect(commands).toEqual([
    expect.stringMatching(
      /^ {2}curl .*\$\(HUB_DATA='\/srv\/the hub' npx hub token --client general-hospital\).*\/fhir\/Task/,
    ),
    '  npm run demo',
    '  http://127.0.0.1:8080',
  ]);
});

it('needs no setting where nothing is set', () => {
  const text = greeting(readConfig({}), url, { outcome: 'present', ...demo }).join('\n');
  expect(text).toContain('$(npx hub token --client general-hospital)');
  expect(text).toContain('22 organizations');
});

it('never writes down a database’s password', () => {
  const config = readConfig({ HUB_DATABASE_URL: 'postgres://hub:secret@db/hub' });
  expect(greeting(config, url, { outcome: 'seeded', ...demo }).join('\n')).not.toContain('secret');
});

it.each(['production', 'occupied'] as const)(
  'speaks of no demo network where there is none (%s)',
  outcome => {
    const text = greeting(readConfig({}), url, { outcome, ...demo }).join('\n');
    expect(text).toContain(`${url}/fhir`);
    expect(text).not.toMatch(/demo|token/);
  },
);
