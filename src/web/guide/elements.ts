import type { ElementDefinition, ElementDefinitionType, StructureDefinition } from '@medplum/fhirtypes';

/** One row of the differential view of a profile or an extension. */
export interface ElementRow {
  /** Without the type: `code`, `category:program`. */
  name: string;
  cardinality: string;
  types: readonly TypeOf[];
  binding?: { strength: string; valueSet: string };
  mustSupport: boolean;
  short: string;
  /** What it must be, as JSON: exactly, or at least. */
  value?: { exactly: boolean; json: string };
}

/** A type with the resources or profiles it may be or point to. */
export interface TypeOf {
  code: string;
  of: readonly string[];
}

/** What a definition changes in what it is based on, each with all that then holds. */
export function elementRows(definition: StructureDefinition): ElementRow[] {
  const whole = new Map((definition.snapshot?.element ?? []).map(one => [one.id, one]));
  return (definition.differential?.element ?? [])
    .map(one => ({ ...one, ...whole.get(one.id) }))
    .filter(one => one.max !== '0' && one.id !== definition.type)
    .map(one => row(one, definition.type.length + 1));
}

function row(element: ElementDefinition, from: number): ElementRow {
  const { id = '', min = 0, max = '*', binding, short, definition } = element;
  const value = valueAsked(element);
  return {
    name: id.slice(from),
    cardinality: `${min}..${max}`,
    types: (element.type ?? []).map(typeOf),
    ...(binding?.valueSet && binding.strength !== 'example'
      ? { binding: { strength: binding.strength, valueSet: binding.valueSet } }
      : {}),
    mustSupport: element.mustSupport === true,
    short: short ?? definition ?? '',
    ...(value ? { value } : {}),
  };
}

const typeOf = ({ code, profile = [], targetProfile = [] }: ElementDefinitionType): TypeOf => ({
  code: code.startsWith('http://hl7.org/fhirpath/') ? 'string' : code,
  of: [...profile, ...targetProfile],
});

function valueAsked(element: ElementDefinition): ElementRow['value'] {
  for (const [name, value] of Object.entries(element)) {
    const [, kind] = /^(fixed|pattern)[A-Z]/.exec(name) ?? [];
    if (kind) return { exactly: kind === 'fixed', json: JSON.stringify(value) };
  }
  return undefined;
}

/** Rules beside the elements: those that the definition itself adds. */
export const invariantsOf = (definition: StructureDefinition) =>
  (definition.differential?.element ?? []).flatMap(({ id = '', constraint }) =>
    (constraint ?? []).map(one => ({ ...one, element: id })),
  );

/** How elements read in other guides, by guide. */
export const mappingsOf = ({ mapping = [], differential }: StructureDefinition) =>
  mapping
    .map(({ identity, name, uri }) => ({
      name: name ?? identity,
      uri: uri ?? '',
      rows: (differential?.element ?? []).flatMap(({ id = '', mapping: own = [] }) =>
        own.filter(one => one.identity === identity).map(({ map, comment }) => ({ id, map, comment })),
      ),
    }))
    .filter(one => one.rows.length > 0);
