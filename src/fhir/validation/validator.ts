import type { Problem } from '../../errors.ts';
import type { LoadedDefinitions } from '../definitions/definitions.ts';
import { isObject } from '../definitions/fhirpath/collection.ts';
import { Evaluation } from '../definitions/fhirpath/evaluation.ts';
import type { Property } from '../definitions/schema.ts';
import { bindingCheck } from './bindings.ts';
import { checkContained } from './contained.ts';
import { ElementCheck } from './element.ts';
import { invariantsCheck } from './invariants.ts';
import { objectCheck } from './objects.ts';
import { primitiveCheck } from './primitives.ts';
import { createReferenceCheck } from './reference-check.ts';
import { type Check, quote, Report } from './report.ts';

/**
 * Checks a resource against the base definitions of FHIR R4: structure, formats, required codes, where references
 * may point, and the FHIRPath invariants. It takes any JSON whatever and never throws.
 *
 * @returns what is wrong, each with the element and what would be right; nothing when the resource is valid
 */
export function createValidator(definitions: LoadedDefinitions): (resource: unknown) => Problem[] {
  const checks = new TypeChecks(definitions);
  return resource => {
    const report = new Report(resource);
    checks.resource(resource, report, true);
    return report.problems;
  };
}

/** What is asked of resources and extensions once their structure is known to be right. */
export interface FurtherChecks {
  resource(value: Readonly<Record<string, unknown>>, type: string, report: Report): void;
  extension(value: Readonly<Record<string, unknown>>, report: Report): void;
}

/** The checks of all types, each compiled when it is first needed. */
export class TypeChecks {
  readonly #definitions: LoadedDefinitions;
  readonly #checks = new Map<string, Check>();
  readonly #reference: ReturnType<typeof createReferenceCheck>;

  readonly #further: FurtherChecks | undefined;

  constructor(definitions: LoadedDefinitions, further?: FurtherChecks) {
    this.#definitions = definitions;
    this.#further = further;
    this.#reference = createReferenceCheck(definitions.resourceTypes);
  }

  /** A resource of whatever type: at the root (which names the path), or within another. */
  resource(value: unknown, report: Report, isRoot = false): void {
    const type = this.#typeOf(value, report);
    if (type === undefined || !isObject(value)) return;
    if (isRoot) report.path.push(type);
    const { evaluation } = report;
    // `%rootResource` of a contained resource is its container; an entry of a Bundle stands for itself.
    const container = report.path.at(-2) === 'contained' ? evaluation : undefined;
    report.evaluation = new Evaluation(value, container);
    const before = report.problems.length;
    this.#check(type)(value, report);
    if (!container && report.problems.length === before) checkContained(value, report);
    // Of what is not even a resource of its type, a profile could say nothing that helps.
    const sound = report.problems.slice(before).every(({ code }) => code !== 'structure');
    if (sound) this.#further?.resource(value, type, report);
    report.evaluation = evaluation;
  }

  #typeOf(value: unknown, report: Report): string | undefined {
    if (!isObject(value)) {
      report.add('must be a resource: a JSON object with a resourceType');
      return undefined;
    }
    const { resourceType } = value;
    if (typeof resourceType !== 'string') {
      report.add('needs a resourceType, such as "Patient"', 'required');
      return undefined;
    }
    if (this.#definitions.resourceTypes.has(resourceType)) return resourceType;
    report.add(`${quote(resourceType)} is not a resource type of FHIR R4`, 'not-supported');
    return undefined;
  }

  #check(type: string): Check {
    let check = this.#checks.get(type);
    if (!check) {
      check = this.#compile(type);
      this.#checks.set(type, check);
    }
    return check;
  }

  #compile(name: string): Check {
    if (name === 'Resource') return (value, report) => this.resource(value, report);
    const { schema } = this.#definitions;
    const type = schema.get(name);
    if (type.kind === 'primitive') return primitiveCheck(name);
    const [resourceType = name] = name.split('.', 1);
    const elements = new Map(
      [...schema.properties(name)].map(([json, property]) => [json, this.#element(property, resourceType)]),
    );
    const invariants = invariantsCheck(type.invariants, name, resourceType, this.#definitions);
    const check = objectCheck({ type, schema, elements, invariants });
    return name === 'Extension' ? both(both(check, extensionRule), this.#definition) : check;
  }

  /** What the definition of an extension asks of it. */
  readonly #definition: Check = (value, report) => {
    if (isObject(value)) this.#further?.extension(value, report);
  };

  #element(property: Property, resourceType: string): ElementCheck {
    const { element, type } = property;
    const binding = element.binding ? bindingCheck(element.binding, type.code, this.#definitions) : undefined;
    const invariants = invariantsCheck(element.invariants, type.code, resourceType, this.#definitions);
    const reference: Check | undefined =
      type.code === 'Reference' ? (value, report) => this.#reference(value, type.targets, report) : undefined;
    // The type's own check is looked up when it runs: types refer to each other in circles.
    let own: Check | undefined;
    const ofType: Check = (value, report) => {
      own ??= this.#check(type.code);
      own(value, report);
    };
    const check = [binding, reference, invariants].reduce<Check>(
      (all, next) => (next ? both(all, next) : all),
      ofType,
    );
    return new ElementCheck(property, check, (value, report) => this.#check('Element')(value, report));
  }
}

/** The second is only asked where the first has nothing to say. */
function both(first: Check, second: Check): Check {
  return (value, report) => {
    const before = report.problems.length;
    first(value, report);
    if (report.problems.length === before) second(value, report);
  };
}

/** ext-1: "Must have either extensions or value[x], not both". */
const extensionRule: Check = (value, report) => {
  if (!isObject(value)) return;
  const hasValue = Object.keys(value).some(key => key.startsWith('value') || key.startsWith('_value'));
  if (hasValue === (value.extension !== undefined)) {
    report.add('must have either a value (such as valueString) or extensions, not both', 'invariant');
  }
};
