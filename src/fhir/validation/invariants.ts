import type { LoadedDefinitions } from '../definitions/definitions.ts';
import { merge } from '../definitions/fhirpath/branch.ts';
import { truth } from '../definitions/fhirpath/collection.ts';
import { compile } from '../definitions/fhirpath/compile.ts';
import type { Invariant } from '../definitions/schema.ts';
import type { Check } from './report.ts';

/** The FHIRPath rules of a type or element, compiled: each must be true of the value. */
export function invariantsCheck(
  invariants: readonly Invariant[] | undefined,
  type: string,
  resourceType: string,
  { schema }: LoadedDefinitions,
): Check | undefined {
  if (!invariants || invariants.length === 0) return undefined;
  const rules = invariants.map(({ key, human, expression }) => ({
    text: `${human} (${key})`,
    holds: merge(compile(expression, schema, type, resourceType)),
  }));
  return (value, report) => {
    const self = [value];
    const scope = { self, context: self, evaluation: report.evaluation };
    for (const { text, holds } of rules) if (truth(holds(scope)) !== true) report.add(text, 'invariant');
  };
}
