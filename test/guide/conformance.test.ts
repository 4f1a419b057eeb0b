import type { Resource, StructureDefinition } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownDefinitions, ownExamples } from '../../src/fhir/conformance/own-definitions.ts';
import type { TestDatabase } from '../harness/databases.ts';
import { startTestHub, type TestHub } from '../harness/hub.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

const definitions = (await ownDefinitions()).filter(
  (one): one is StructureDefinition => one.resourceType === 'StructureDefinition',
);
const examples = await ownExamples();

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ name: 'sqlite' } as TestDatabase);
});
afterAll(() => hub.stop());

/** What the hub refuses of a resource, with where and why. */
async function refusals(resource: Resource): Promise<string[]> {
  const problems = await hub.hub.parts.validate(resource);
  return problems.map(({ expression, text }) => `${expression}: ${text}`);
}

it.each(examples.map(one => [one.id ?? '', one] as const))(
  '%s conforms to what it claims',
  async (_, one) => {
    expect(await refusals(one)).toEqual([]);
  },
);

describe.each(definitions.map(one => [one.id ?? '', one] as const))('%s', (_, definition) => {
  const mutants = examples
    .filter(one => definition.type === 'Extension' || one.meta?.profile?.includes(definition.url))
    .flatMap(one => mutantsOf(definition, one));

  it('has each element that it requires, fixes or binds in an example', () => {
    const tried = new Set(mutants.map(one => one.element));
    const asked = (definition.differential?.element ?? []).filter(
      ({ min = 0, max, binding, ...one }) =>
        max !== '0' &&
        one.id !== 'Extension.url' &&
        (min > 0 ||
          binding?.strength === 'required' ||
          Object.keys(one).some(key => /^(fixed|pattern)[A-Z]/.test(key))),
    );
    expect(asked.map(one => one.id).filter(id => id && !tried.has(id))).toEqual([]);
  });

  it('holds an example to each of them', async () => {
    const passed: Mutant[] = [];
    for (const mutant of mutants.filter(one => !one.outside))
      if ((await refusals(mutant.resource)).length === 0) passed.push(mutant);
    expect(passed.map(one => one.name)).toEqual([]);
  });
});
