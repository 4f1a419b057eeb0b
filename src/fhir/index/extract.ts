import type { Resource } from '@medplum/fhirtypes';
import type { LoadedDefinitions } from '../definitions/definitions.ts';
import { CannotCompile, type Evaluate } from '../definitions/fhirpath/branch.ts';
import type { Scope } from '../definitions/fhirpath/collection.ts';
import { compile } from '../definitions/fhirpath/compile.ts';
import { Evaluation } from '../definitions/fhirpath/evaluation.ts';
import type { Extract, Extracted, SearchParam } from '../definitions/types.ts';
import { compositeRows } from './composite.ts';
import { type Convert, convertFor } from './convert.ts';
import { evaluatedValues } from './evaluated.ts';
import { hasIdentifier, ofTypeName, typedIdentifier } from './of-type.ts';
import { emptyRows, rowTables } from './rows.ts';

/**
 * Compiles the search parameters of a resource type, when it is first met, to closures that give its index rows.
 *
 * @param numbers the number of each parameter of `definitions.allSearchParameters()`, by name
 */
export function createExtract(definitions: LoadedDefinitions, numbers: ReadonlyMap<string, number>): Extract {
  const byType = Map.groupBy(definitions.allSearchParameters(), parameter => parameter.type);
  const plans = new Map<string, readonly Step[]>();
  return resource => {
    let plan = plans.get(resource.resourceType);
    if (!plan) {
      const parameters = byType.get(resource.resourceType) ?? [];
      plan = parameters.map(parameter => step(parameter, numbers, definitions));
      plans.set(resource.resourceType, plan);
    }
    return run(plan, resource);
  };
}

/** One parameter: what adds its rows. */
interface Step {
  add(scope: Scope, rows: Extracted): void;
}

interface Source {
  evaluate: Evaluate;
  convert: Convert;
}

function step(
  parameter: SearchParam,
  numbers: ReadonlyMap<string, number>,
  definitions: LoadedDefinitions,
): Step {
  const param = numbers.get(parameter.name);
  if (param === undefined) throw new TypeError(`the search parameter ${parameter.name} has no number`);
  if (parameter.kind === 'composite') {
    const add = compositeRows(parameter, param, definitions);
    return { add: (scope, rows) => add(scope.evaluation, rows) };
  }
  const found = sources(parameter, definitions);
  const ofType = hasIdentifier(parameter) ? numbers.get(ofTypeName(parameter)) : undefined;
  return {
    add(scope, rows) {
      for (const { evaluate, convert } of found) {
        for (const value of evaluate(scope)) {
          convert(value, param, rows);
          if (ofType !== undefined) typedIdentifier(value, ofType, rows);
        }
      }
    },
  };
}

function sources(parameter: SearchParam, definitions: LoadedDefinitions): Source[] {
  try {
    return compile(parameter.expression, definitions.schema, parameter.type).flatMap(branch => {
      const convert = convertFor(parameter.kind, branch, definitions);
      return convert ? [{ evaluate: branch.evaluate, convert }] : [];
    });
  } catch (error) {
    if (!(error instanceof CannotCompile)) throw error;
    return [evaluatedValues(parameter, definitions)];
  }
}

function run(plan: readonly Step[], resource: Resource): Extracted {
  const rows = emptyRows();
  const self = [resource];
  const scope = { self, context: self, evaluation: new Evaluation(resource) };
  const before = rowTables.map(() => 0);
  for (const { add } of plan) {
    add(scope, rows);
    withoutRepetition(rows, before);
  }
  return rows;
}

/**
 * The same value twice in a resource (two codings alike) is one row.
 *
 * @param before how many rows each table had, which is brought up to date
 */
function withoutRepetition(rows: Extracted, before: number[]): void {
  for (let at = 0; at < rowTables.length; at++) {
    const list: unknown[][] = rows[rowTables[at] as (typeof rowTables)[number]];
    const start = before[at] as number;
    if (list.length - start > 1) unrepeated(list, start);
    before[at] = list.length;
  }
}

function unrepeated(list: unknown[][], start: number): void {
  const seen = new Set<string>();
  for (const row of list.splice(start)) {
    const key = row.join('\u0000');
    if (!seen.has(key)) list.push(row);
    seen.add(key);
  }
}
