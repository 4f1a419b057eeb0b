import type { Atom } from '@medplum/core';
import { parseReference } from '../reference.ts';
import { type Branch, CannotCompile, type Compiling } from './branch.ts';
import { boolean, type Collection, isObject, none, type Scope } from './collection.ts';

/**
 * What `resolve()` gives: the Reference still, standing for the resource, of which only the type can be asked.
 * References whose type cannot be told from what they say are left out.
 */
export const resolved = 'resolved';

/** The type that `as`, `is` and `ofType` name: `Quantity`, `FHIR.Quantity`, `System.Boolean`. */
export function typeNamed(atom: Atom | undefined): string {
  const name = String(atom).replace(/^(FHIR|System)\./, '');
  return systemTypes.has(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

const systemTypes = new Set(['Boolean', 'String', 'Integer', 'Decimal', 'Date', 'DateTime', 'Time']);

/** `as` and `ofType()` */
export function narrow(branches: readonly Branch[], type: string, context: Compiling): readonly Branch[] {
  return branches.flatMap(branch => {
    if (context.schema.is(branch.type, type)) return [branch];
    const test = dynamic(branch, type, context);
    if (!test) return [];
    const narrowed = branch.type === resolved ? resolved : type;
    return [{ type: narrowed, evaluate: scope => branch.evaluate(scope).filter(item => test(item, scope)) }];
  });
}

/** `is`: of exactly one value. */
export function isType(branches: readonly Branch[], type: string, context: Compiling): readonly Branch[] {
  const tests = branches.map(branch => {
    const fixed = context.schema.is(branch.type, type);
    return { branch, test: dynamic(branch, type, context) ?? (() => fixed) };
  });
  const evaluate = (scope: Scope): Collection => {
    const answers = tests.flatMap(({ branch, test }) =>
      branch.evaluate(scope).map(item => test(item, scope)),
    );
    return answers.length === 1 ? boolean(answers[0]) : none;
  };
  return [{ type: 'boolean', evaluate }];
}

/** The types whose values can turn out to be of another type. */
function dynamic(
  branch: Branch,
  type: string,
  { schema }: Compiling,
): ((item: unknown, scope: Scope) => boolean) | undefined {
  if (branch.type === 'any') throw new CannotCompile(`cannot compile a test for ${type} of an unknown type`);
  if (branch.type === resolved) {
    return (item, scope) => schema.is(typeOfReference(item, scope) ?? '', type);
  }
  if (branch.type !== 'Resource' && branch.type !== 'DomainResource') return undefined;
  return item =>
    isObject(item) && typeof item.resourceType === 'string' && schema.is(item.resourceType, type);
}

/** The type of the resource a Reference points to, as far as the Reference (or what is contained) tells. */
export function typeOfReference(reference: unknown, scope: Scope): string | undefined {
  if (!isObject(reference)) return undefined;
  if (typeof reference.reference === 'string') {
    const target = parseReference(reference.reference);
    if (target?.kind === 'local' || target?.kind === 'absolute' || target?.kind === 'conditional')
      return target.type;
    if (target?.kind === 'contained')
      return stringOrNothing(scope.evaluation.contained(target.id)?.resourceType);
  }
  return stringOrNothing(reference.type);
}

function stringOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
