import type { ValueSet, ValueSetComposeInclude, ValueSetComposeIncludeFilter } from '@medplum/fhirtypes';
import type { Concept } from '../../store/terminology/types.ts';

/** What value sets mean, told as plainly as can be: sets of `system code`, every code looked at for each condition. */
export interface NaiveWorld {
  systems: Readonly<Record<string, readonly Concept[]>>;
  valueSets: Readonly<Record<string, ValueSet>>;
}

export function naiveExpansion(world: NaiveWorld, valueSet: ValueSet): Set<string> {
  const { compose } = valueSet;
  let all = new Set<string>();
  for (const one of compose?.include ?? []) all = all.union(included(world, one));
  for (const one of compose?.exclude ?? []) all = all.difference(included(world, one));
  if (compose?.inactive !== false) return all;
  return new Set([...all].filter(one => !conceptOf(world, one)?.inactive));
}

function included(world: NaiveWorld, include: ValueSetComposeInclude): Set<string> {
  const { system, concept, filter = [], valueSet = [] } = include;
  const sets = valueSet.map(url => naiveExpansion(world, world.valueSets[url] as ValueSet));
  if (!system) return sets.reduce((left, right) => left.intersection(right));
  const concepts = world.systems[system] ?? [];
  const chosen = concepts.filter(
    one =>
      (!concept || concept.some(({ code }) => code === one.code)) &&
      filter.every(condition => holds(condition, one, concepts)),
  );
  const codes = new Set(chosen.map(({ code }) => `${system} ${code}`));
  return sets.reduce((left, right) => left.intersection(right), codes);
}

function conceptOf(world: NaiveWorld, key: string): Concept | undefined {
  const [system = '', code] = key.split(' ');
  return world.systems[system]?.find(one => one.code === code);
}

function isAbove(above: string, code: string, concepts: readonly Concept[]): boolean {
  if (above === code) return concepts.some(one => one.code === code);
  const parents = concepts.find(one => one.code === code)?.parents ?? [];
  return parents.some(parent => isAbove(above, parent, concepts));
}

function holds(
  { property = '', op, value = '' }: ValueSetComposeIncludeFilter,
  concept: Concept,
  concepts: readonly Concept[],
): boolean {
  const { code } = concept;
  const own =
    property === 'concept' || property === 'code'
      ? [code]
      : property === 'parent'
        ? concept.parents
        : concept.properties.filter(one => one.code === property).map(one => String(one.value));
  switch (op) {
    case '=':
      return own.includes(value);
    case 'is-a':
      return isAbove(value, code, concepts);
    case 'descendent-of':
      return value !== code && isAbove(value, code, concepts);
    case 'is-not-a':
      return !isAbove(value, code, concepts);
    case 'generalizes':
      return isAbove(code, value, concepts);
    case 'in':
      return own.some(one => value.split(',').includes(one));
    case 'not-in':
      return !own.some(one => value.split(',').includes(one));
    case 'exists':
      return own.length > 0 === (value === 'true');
    case 'regex':
      return own.some(one => new RegExp(`^(?:${value})$`).test(one));
    default:
      throw new Error(`no operator ${op}`);
  }
}
