import type { SearchParam } from '../definitions/types.ts';
import { oneOf, refuse } from './refuse.ts';

/** The modifiers the index can answer (https://hl7.org/fhir/R4/search.html#modifiers), by kind of parameter. */
const supported: Record<SearchParam['kind'], readonly string[]> = {
  token: ['not', 'text', 'in', 'not-in', 'above', 'below', 'of-type', 'missing'],
  string: ['exact', 'contains', 'missing'],
  reference: ['identifier', 'missing'],
  uri: ['above', 'below', 'missing'],
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  composite: [],
  special: ['missing'],
};

/** Refuses a modifier that the parameter does not have. A reference may also be narrowed to a type it refers to. */
export function checkModifier(shown: string, param: SearchParam, modifier: string | undefined): void {
  if (modifier === undefined || supported[param.kind].includes(modifier)) return;
  if (param.kind === 'reference' && param.targets.includes(modifier)) return;
  const possible = supported[param.kind].map(name => `:${name}`);
  if (param.kind === 'reference') possible.push(':[type it refers to]');
  throw refuse(
    shown,
    `the modifier :${modifier} is not supported; a ${param.kind} parameter takes ${oneOf(possible)}`,
  );
}
