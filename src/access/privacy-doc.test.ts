import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import policy from '../../terminology/consent-policy.json' with { type: 'json' };
import { labels } from './labels.ts';
import { defaultGraceDays } from './relationships.ts';

const text = readFileSync(new URL('../../docs/privacy.md', import.meta.url), 'utf8');

/** The rows of the table whose header begins so, cell by cell. */
function table(header: string): string[][] {
  const lines = text.slice(text.indexOf(header)).split('\n');
  const end = lines.findIndex(line => !line.startsWith('|'));
  return lines.slice(2, end).map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
}

const inWords: Record<string, string> = {
  written: 'a written consent',
  'written-alone': 'a written consent for nothing else',
  plain: 'any consent that names it',
  treating: 'nothing for who treats the person; for others any consent that names it',
};

const reach = (kinds: readonly string[]): string =>
  kinds.includes('other')
    ? 'who treats the person, and others a referral was sent to'
    : 'who treats the person';

describe('docs/privacy.md says what the hub does', () => {
  it('about each label', () => {
    const needs: Record<string, string> = { ...policy.federal, ...policy.packs.strict };
    expect(table('| label |').map(([label, , need]) => [label, need])).toEqual(
      labels.map(label => [label, inWords[needs[label] ?? '']]),
    );
  });

  it('about each state pack', () => {
    expect(table('| pack |')).toEqual(
      Object.entries(policy.packs).map(([name, { SDV, HIV }]) => [name, inWords[SDV], inWords[HIV]]),
    );
  });

  it('about each element of a written consent', () => {
    expect(table('| what |')).toEqual(
      Object.values(policy.elements).map(({ words, where, citation }) => [words, where, citation]),
    );
  });

  it('about what the hub may be', () => {
    const { intermediary, 'business-associate': associate } = policy.hubRoles;
    const both = [intermediary, associate];
    const rows = table('| | Intermediary').map(([, ...cells]) => cells);
    expect(rows).toEqual([
      both.map(one => (one.namesTheHub ? 'yes' : 'no')),
      both.map(one => reach(one.designations['treating-providers'])),
      both.map(one => reach(one.designations['care-participants'])),
      both.map(one => (one.hubReceives.length === labels.length ? 'yes' : 'no')),
    ]);
  });

  it('about purposes, categories and days', () => {
    expect(text).toContain(`(${policy.purpose})`);
    for (const { code } of policy.categories) expect(text).toContain(code);
    expect(text).toContain(`(${defaultGraceDays} days later`);
  });
});
