import type { Resource } from '@medplum/fhirtypes';
import type { LoadedDefinitions } from '../definitions/definitions.ts';
import type { Evaluate } from '../definitions/fhirpath/branch.ts';
import { isObject } from '../definitions/fhirpath/collection.ts';
import { compile } from '../definitions/fhirpath/compile.ts';
import { Evaluation } from '../definitions/fhirpath/evaluation.ts';
import { parseReference } from '../definitions/reference.ts';

/**
 * The ids of the patients in whose compartment a resource is (https://hl7.org/fhir/R4/compartmentdefinition-patient.html),
 * those of the parameters named first in the definition first; a Patient is in its own.
 */
export function createPatientsOf(definitions: LoadedDefinitions): (resource: Resource) => string[] {
  const plans = new Map<string, readonly Evaluate[]>();
  return resource => {
    const type = resource.resourceType;
    let plan = plans.get(type);
    if (!plan) {
      plan = references(type, definitions);
      plans.set(type, plan);
    }
    const self = [resource];
    const scope = { self, context: self, evaluation: new Evaluation(resource) };
    const own = type === 'Patient' && resource.id ? [resource.id] : [];
    const found = plan.flatMap(evaluate => evaluate(scope).flatMap(reference => patientId(reference) ?? []));
    return [...new Set([...own, ...found])];
  };
}

function references(type: string, definitions: LoadedDefinitions): Evaluate[] {
  const parameters = definitions.searchParameters(type);
  return definitions.patientCompartment(type).flatMap(code => {
    const parameter = parameters.get(code);
    if (!parameter) return [];
    const branches = compile(parameter.expression, definitions.schema, type);
    return branches.filter(branch => branch.type === 'Reference').map(branch => branch.evaluate);
  });
}

function patientId(value: unknown): string | undefined {
  if (!isObject(value) || typeof value.reference !== 'string') return undefined;
  const target = parseReference(value.reference);
  return target?.kind === 'local' && target.type === 'Patient' ? target.id : undefined;
}
