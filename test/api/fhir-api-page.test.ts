import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CapabilityStatement } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { operations } from '../../src/fhir/operations/operations.ts';
import { eachDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/fhir-api.md'), 'utf8');
const rows = page
  .split('\n')
  .filter(line => line.startsWith('| ') && !line.startsWith('| ---'))
  .map(line =>
    line
      .split(/(?<!\\)\|/)
      .map(cell => cell.trim())
      .slice(1, -1),
  );

it('names a test that exists on each line', () => {
  const lines = rows.filter(([, , test]) => test !== 'test');
  expect(lines.length).toBeGreaterThan(40);
  for (const [what, , tests = ''] of lines) {
    const named = [...tests.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '');
    expect(named, `${what} names no test`).not.toEqual([]);
    for (const test of named) expect(existsSync(join(root, test)), `${what}: ${test}`).toBe(true);
  }
});

eachDatabase('the page about the FHIR API', database => {
  let hub: TestHub;
  let statement: CapabilityStatement;

  beforeAll(async () => {
    hub = await startTestHub(database);
    statement = await (await fetch(`${hub.url}/fhir/metadata`)).json();
  });
  afterAll(() => hub.stop());

  const named = rows.map(([what = '']) => what.replaceAll('`', ''));

  it('has every interaction and every kind of parameter that the CapabilityStatement has, and no other', () => {
    const [rest] = statement.rest ?? [];
    const types = rest?.resource ?? [];
    const interactions = new Set([
      ...(rest?.interaction ?? []).map(one => one.code),
      ...types.flatMap(one => (one.interaction ?? []).map(interaction => interaction.code)),
    ]);
    const table = named.slice(named.indexOf('interaction') + 1, named.indexOf('more'));
    expect(new Set(table)).toEqual(interactions);
    const kinds = new Set(types.flatMap(one => (one.searchParam ?? []).map(param => param.type)));
    expect(new Set(named.slice(named.indexOf('kind') + 1, named.indexOf('feature')))).toEqual(kinds);
    expect(types.every(one => one.conditionalDelete === 'multiple' && one.conditionalCreate)).toBe(true);
  });

  it('has every operation that there is, and no other', () => {
    const table = named.slice(named.indexOf('operation') + 1);
    expect(table.toSorted()).toEqual(operations.map(one => `$${one.name}`).toSorted());
    const [rest] = statement.rest ?? [];
    const stated = new Set([
      ...(rest?.operation ?? []).map(one => one.name),
      ...(rest?.resource ?? []).flatMap(one => (one.operation ?? []).map(operation => operation.name)),
    ]);
    expect(stated).toEqual(new Set(operations.map(one => one.name)));
  });
});
