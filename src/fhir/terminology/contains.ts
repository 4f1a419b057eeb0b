import type { Extension, ValueSetExpansionContains } from '@medplum/fhirtypes';
import type { Concept, ConceptProperty, Designation } from '../../store/terminology/types.ts';
import { textOf, valuesOf } from './decide.ts';

/** A code of an expansion. */
export interface Entry {
  system: string;
  version?: string;
  concept: Concept;
}

interface Shown {
  includeDesignations?: boolean;
  displayLanguage?: string;
  property?: readonly string[];
}

/** As the expansion shows it. */
export function contained(
  { system, concept }: Entry,
  { includeDesignations, displayLanguage, property = [] }: Shown,
): ValueSetExpansionContains {
  const display = displayIn(concept, displayLanguage);
  const extension = property.flatMap(name => propertyExtensions(concept, name));
  return {
    ...(extension.length > 0 ? { extension } : {}),
    system,
    ...(concept.abstract ? { abstract: true } : {}),
    ...(concept.inactive ? { inactive: true } : {}),
    code: concept.code,
    ...(display === undefined ? {} : { display }),
    ...(includeDesignations && concept.designations.length > 0
      ? { designation: concept.designations.map(designationOf) }
      : {}),
  };
}

export const designationOf = ({ language, use, value }: Designation) => ({
  ...(language ? { language } : {}),
  ...(use ? { use } : {}),
  value,
});

/** `es` also stands for `es-MX`. Without a designation in the language: the display there is. */
export function displayIn(
  { display, designations }: Concept,
  language: string | undefined,
): string | undefined {
  const wanted = language?.split(',')[0]?.split(';')[0]?.trim().toLowerCase();
  if (!wanted) return display;
  const speaks = ({ language: one = '' }: Designation, exactly: boolean) =>
    one.toLowerCase() === wanted || (!exactly && one.toLowerCase().startsWith(`${wanted}-`));
  const found = designations.find(one => speaks(one, true)) ?? designations.find(one => speaks(one, false));
  return found?.value ?? display;
}

/** The property of R5, as an extension of R4's `contains`. */
const propertyUrl =
  'http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.contains.property';

function propertyExtensions(concept: Concept, name: string): Extension[] {
  const own = concept.properties.filter(one => one.code === name);
  const values: ConceptProperty[] =
    own.length > 0
      ? own
      : valuesOf(concept, name).map(value => ({
          code: name,
          value,
          type: name === 'parent' ? 'code' : 'string',
        }));
  return values.map(one => ({
    url: propertyUrl,
    extension: [
      { url: 'code', valueCode: name },
      { url: 'value', ...propertyValue(one) },
    ],
  }));
}

/** As the `value[x]` of its type. */
export function propertyValue({ type, value }: ConceptProperty) {
  if (typeof value === 'object') return { valueCoding: value };
  switch (type) {
    case 'boolean':
      return { valueBoolean: value === true };
    case 'integer':
      return { valueInteger: Number(value) };
    case 'decimal':
      return { valueDecimal: Number(value) };
    case 'code':
      return { valueCode: textOf(value) };
    case 'dateTime':
      return { valueDateTime: textOf(value) };
    default:
      return { valueString: textOf(value) };
  }
}

/** Each code under the first of its parents that is there as well. */
export function nested(
  entries: readonly Entry[],
  show: (entry: Entry) => ValueSetExpansionContains,
): ValueSetExpansionContains[] {
  const keyOf = (system: string, code: string) => `${system} ${code}`;
  const shown = new Map(entries.map(one => [keyOf(one.system, one.concept.code), show(one)]));
  const above = parentsAmong(entries, keyOf);
  const roots: ValueSetExpansionContains[] = [];
  for (const [key, one] of shown) {
    const parent = shown.get(above.get(key) ?? '');
    if (!parent) roots.push(one);
    else if (parent.contains) parent.contains.push(one);
    else parent.contains = [one];
  }
  return roots;
}

/** Not a parent that is, by whatever way, below the code itself: a circle would hide its codes. */
function parentsAmong(
  entries: readonly Entry[],
  keyOf: (system: string, code: string) => string,
): ReadonlyMap<string, string> {
  const there = new Set(entries.map(one => keyOf(one.system, one.concept.code)));
  const above = new Map<string, string>();
  const leadsTo = (from: string, to: string): boolean => {
    for (let at: string | undefined = from; at !== undefined; at = above.get(at)) if (at === to) return true;
    return false;
  };
  for (const { system, concept } of entries) {
    const key = keyOf(system, concept.code);
    const parent = concept.parents
      .map(code => keyOf(system, code))
      .find(one => there.has(one) && !leadsTo(one, key));
    if (parent !== undefined) above.set(key, parent);
  }
  return above;
}
