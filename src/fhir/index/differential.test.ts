import type { Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { Evaluation } from '../definitions/fhirpath/evaluation.ts';
import { testDefinitions } from '../definitions/test-definitions.ts';
import { generate, hasData, resourcesIn } from '../definitions/test-resources.ts';
import type { Extracted } from '../definitions/types.ts';
import { evaluatedValues } from './evaluated.ts';
import { createExtract } from './extract.ts';
import { emptyRows } from './rows.ts';

const definitions = await testDefinitions();
/** The parts of composites are evaluated as the parameters that they are. */
const parameters = definitions.allSearchParameters().filter(parameter => parameter.kind !== 'composite');
const numbers = new Map(parameters.map((parameter, at) => [parameter.name, at]));
const withComposites = definitions
  .allSearchParameters()
  .map((parameter, at): [string, number] => [parameter.name, 100_000 + at]);
const extract = createExtract(definitions, new Map([...withComposites, ...numbers]));
const byType = Map.groupBy(parameters, parameter => parameter.type);
const evaluated = new Map(parameters.map(parameter => [parameter, evaluatedValues(parameter, definitions)]));

/** The rows as an interpreter of FHIRPath that somebody else wrote finds them. */
function interpret(resource: Resource): Extracted {
  const rows = emptyRows();
  const self = [resource];
  const scope = { self, context: self, evaluation: new Evaluation(resource) };
  for (const parameter of byType.get(resource.resourceType) ?? []) {
    const source = evaluated.get(parameter);
    if (!source) continue;
    const param = numbers.get(parameter.name) ?? -1;
    for (const value of source.evaluate(scope)) source.convert(value, param, rows);
  }
  return rows;
}

/** A canonical is a uri: `source as uri` finds both, where the interpreter asks for the very type. */
const subtypes = new Set(['ConceptMap.source-uri', 'ConceptMap.target-uri']);

/** As text, each once; the system of a code, which only the compiler knows of, is left out. */
function readable(rows: Extracted): string[] {
  const lines = Object.entries(rows).flatMap(([table, list]) =>
    table === 'tuple'
      ? []
      : list.flatMap((row: unknown[]) => {
          const [param, ...values] = row;
          const name = parameters[Number(param)]?.name ?? '';
          const shown = table === 'tok' ? values.slice(0, 1) : values;
          return subtypes.has(name) ? [] : [[table, name, ...shown].join(' ')];
        }),
  );
  return [...new Set(lines)].sort();
}

function compare(resource: Resource): void {
  expect(readable(extract(resource)), `${resource.resourceType}/${resource.id}`).toEqual(
    readable(interpret(resource)),
  );
}

describe('compiled search parameters find what an interpreter finds', () => {
  it('in generated resources of every type', () => {
    for (const type of definitions.resourceTypes) {
      for (let seed = 1; seed <= 4; seed += 1) compare(generate(type, seed, definitions));
    }
  });

  it.skipIf(!hasData)('in resources written by others (skipped where the data folder is absent)', () => {
    const resources = [...resourcesIn('gravity'), ...resourcesIn('synthea').filter((_, at) => at % 20 === 0)];
    for (const resource of resources) compare(resource);
    expect(resources.length).toBeGreaterThan(100);
  });
});
