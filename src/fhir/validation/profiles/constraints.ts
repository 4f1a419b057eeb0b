import type { LoadedDefinitions } from '../../definitions/definitions.ts';
import { CannotCompile, type Evaluate, merge } from '../../definitions/fhirpath/branch.ts';
import { isObject, truth, Valueless } from '../../definitions/fhirpath/collection.ts';
import { compile } from '../../definitions/fhirpath/compile.ts';
import type { ProfileConstraint, ProfileElement } from '../../definitions/schema-profile.ts';
import type { Report } from '../report.ts';
import type { Found } from './values.ts';

interface Rule {
  constraint: ProfileConstraint;
  /** Undefined where the expression uses what the compiler does not know. */
  holds: Evaluate | undefined;
}

/** The FHIRPath rules of profiles, each compiled when it is first needed. */
export function createConstraints(
  definitions: LoadedDefinitions,
): (element: ProfileElement, found: Found, report: Report) => void {
  const compiled = new Map<ProfileElement, Map<string, Rule[]>>();
  return (element, found, report) => {
    if (!element.constraints) return;
    const { value, side } = found;
    const self = [value ?? new Valueless(side ?? {})];
    const scope = { self, context: self, evaluation: report.evaluation };
    for (const { constraint, holds } of rulesFor(element, found.type, resourceTypeOf(report))) {
      const text = `${constraint.human} (${constraint.key})`;
      if (!holds) report.remark(`could not be checked: ${text}`, 'not-supported', 'information');
      else if (truth(holds(scope)) !== true) report.remark(text, 'invariant', constraint.severity);
    }
  };

  function rulesFor(element: ProfileElement, type: string, resourceType: string): readonly Rule[] {
    const byType = compiled.get(element) ?? new Map<string, Rule[]>();
    compiled.set(element, byType);
    const key = `${type} ${resourceType}`;
    const known = byType.get(key);
    if (known) return known;
    const rules = (element.constraints ?? []).map(constraint => ({
      constraint,
      holds: compiledOr(constraint.expression, type, resourceType),
    }));
    byType.set(key, rules);
    return rules;
  }

  function compiledOr(expression: string, type: string, resourceType: string): Evaluate | undefined {
    try {
      return merge(compile(expression, definitions.schema, type, resourceType));
    } catch (error) {
      if (error instanceof CannotCompile) return undefined;
      throw error;
    }
  }
}

function resourceTypeOf({ evaluation }: Report): string {
  const { resource } = evaluation;
  return isObject(resource) && typeof resource.resourceType === 'string'
    ? resource.resourceType
    : 'DomainResource';
}
