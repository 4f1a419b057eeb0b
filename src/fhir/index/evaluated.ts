import { evalFhirPathTyped, parseFhirPath, toTypedValue } from '@medplum/core';
import { HubError } from '../../errors.ts';
import type { LoadedDefinitions } from '../definitions/definitions.ts';
import type { Evaluate } from '../definitions/fhirpath/branch.ts';
import type { SearchParam } from '../definitions/types.ts';
import { type Convert, convertFor } from './convert.ts';
import { ownName, teachTypes } from './medplum-types.ts';

/** For an expression that our compiler does not know: evaluated, slowly, with the types found on the way. */
export function evaluatedValues(
  parameter: SearchParam,
  definitions: LoadedDefinitions,
): { evaluate: Evaluate; convert: Convert } {
  teachTypes(definitions.schema);
  // The evaluator does not know that every resource is a Resource.
  const expression = parseFhirPath(
    parameter.expression.replace(/\b(?:Domain)?Resource\./g, `${parameter.type}.`),
  );
  const convert: Convert = (value, param, rows) => {
    if (!isTyped(value)) return;
    convertFor(parameter.kind, { type: ownName(value.type) }, definitions)?.(value.value, param, rows);
  };
  return {
    evaluate: scope => {
      try {
        return evalFhirPathTyped(expression, [toTypedValue(scope.evaluation.resource)]);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new HubError(
          'unprocessable',
          `the search parameter ${parameter.name} cannot be evaluated: ${reason}`,
        );
      }
    },
    convert,
  };
}

function isTyped(value: unknown): value is { type: string; value: unknown } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
