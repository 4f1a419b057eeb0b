import type { ElementDefinition, ElementDefinitionType } from '@medplum/fhirtypes';
import type { ElementSchema, Schema } from './schema.ts';
import type { ProfileBinding, ProfileConstraint, ProfileElement, Slicing } from './schema-profile.ts';

interface Around {
  schema: Schema;
  /** The element of the base type; absent at the root. */
  base?: ElementSchema;
  slice?: boolean;
  /** What the values are. */
  type?: string;
}

/** What one element definition asks beyond the base type. */
export function compileElementRules(
  element: ElementDefinition,
  around: Around,
): Omit<ProfileElement, 'name' | 'children' | 'slices'> {
  const { fixed, pattern, minValue, maxValue } = valuesOf(element);
  const constraints = constraintsOf(element, around);
  const binding = bindingOf(element, around);
  const slicing = slicingOf(element);
  return {
    ...(around.base ? cardinality(element, around.base, around.slice === true) : {}),
    ...(around.base ? typeRules(element, around.base, around.schema) : {}),
    ...(fixed === undefined ? {} : { fixed }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(minValue === undefined ? {} : { minValue }),
    ...(maxValue === undefined ? {} : { maxValue }),
    ...(element.maxLength === undefined ? {} : { maxLength: element.maxLength }),
    ...(binding ? { binding } : {}),
    ...(constraints.length > 0 ? { constraints } : {}),
    ...(slicing ? { slicing } : {}),
    ...(element.contentReference ? { sameAs: element.contentReference.replace(/^.*#/, '') } : {}),
  };
}

/** The name a type has in JSON: FHIRPath's own types stand for FHIR's. */
export function typeCode({ code = '', extension }: ElementDefinitionType): string {
  const plain = extension?.find(one => one.url.endsWith('/structuredefinition-fhir-type'))?.valueUrl;
  if (plain) return plain;
  return code.startsWith('http://hl7.org/fhirpath/System.') ? 'string' : code;
}

export const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

function cardinality(
  { min = 0, max = '*' }: ElementDefinition,
  base: ElementSchema,
  slice: boolean,
): Pick<ProfileElement, 'min' | 'max'> {
  const most = max === '*' ? Number.POSITIVE_INFINITY : Number(max);
  const baseMin = slice || !base.required ? 0 : 1;
  const baseMax = base.forbidden ? 0 : base.many || slice ? Number.POSITIVE_INFINITY : 1;
  return { ...(min > baseMin ? { min } : {}), ...(most < baseMax ? { max: most } : {}) };
}

function typeRules(
  { type = [], contentReference }: ElementDefinition,
  base: ElementSchema,
  schema: Schema,
): Pick<ProfileElement, 'types' | 'profiles' | 'targets' | 'aggregation'> {
  if (contentReference) return {};
  const codes = [...new Set(type.map(typeCode))];
  const known = new Set(base.types.map(one => one.code));
  const isBackbone = codes.every(code => code === 'BackboneElement' || code === 'Element');
  const anyResource = known.has('Resource') && !codes.includes('Resource');
  const same = isBackbone || (base.types.length <= codes.length && !anyResource);
  const profiles = Object.fromEntries(
    type.flatMap(one => {
      const asked = (one.profile ?? []).filter(url => !known.has(nameOf(url)) && !isBaseType(url, schema));
      return asked.length > 0 ? [[typeCode(one), asked]] : [];
    }),
  );
  const reference = type.find(one => one.code === 'Reference' || one.code === 'canonical');
  const targets = targetsOf(reference, base, schema);
  const aggregation = reference?.aggregation;
  return {
    ...(same ? {} : { types: codes }),
    ...(Object.keys(profiles).length > 0 ? { profiles } : {}),
    ...(targets ? { targets } : {}),
    ...(aggregation && aggregation.length > 0 ? { aggregation } : {}),
  };
}

const structureDefinition = 'http://hl7.org/fhir/StructureDefinition/';

function isBaseType(url: string, schema: Schema): boolean {
  return (
    url.startsWith(structureDefinition) && schema.find(nameOf(url)) !== undefined && !/Quantity$/.test(url)
  );
}

/** Only where they are not those of the base type. */
function targetsOf(
  reference: ElementDefinitionType | undefined,
  base: ElementSchema,
  schema: Schema,
): string[] | undefined {
  const asked = reference?.code === 'Reference' ? (reference.targetProfile ?? []) : [];
  if (asked.length === 0 || asked.includes(`${structureDefinition}Resource`)) return undefined;
  const known = base.types.find(one => one.code === 'Reference')?.targets;
  const names = asked.map(url => (isBaseType(url, schema) ? nameOf(url) : undefined));
  const same = known && names.length === known.length && names.every(name => name && known.includes(name));
  return same ? undefined : asked;
}

function valuesOf(
  element: ElementDefinition,
): Record<'fixed' | 'pattern' | 'minValue' | 'maxValue', unknown> {
  const values = { fixed: undefined, pattern: undefined, minValue: undefined, maxValue: undefined } as Record<
    'fixed' | 'pattern' | 'minValue' | 'maxValue',
    unknown
  >;
  for (const [key, value] of Object.entries(element)) {
    const kind = /^(fixed|pattern|minValue|maxValue)[A-Z]/.exec(key)?.[1] as keyof typeof values | undefined;
    if (kind) values[kind] = value;
  }
  return values;
}

/** http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet */
const maxValueSet = `${structureDefinition}elementdefinition-maxValueSet`;

/** HL7's work groups come and go: what is published today names some that R4 did not know. */
const outgrown = new Set(['http://hl7.org/fhir/ValueSet/hl7-work-group']);

function bindingOf({ binding }: ElementDefinition, { base }: Around): ProfileBinding | undefined {
  const { strength, valueSet } = binding ?? {};
  if (!valueSet || (strength !== 'required' && strength !== 'extensible')) return undefined;
  if (outgrown.has(valueSet.split('|', 1)[0] ?? '')) return undefined;
  if (strength === 'required' && base?.binding === valueSet.split('|', 1)[0]) return undefined;
  const most = (binding?.extension ?? []).find(one => one.url === maxValueSet);
  const max = most?.valueCanonical ?? most?.valueUri;
  return { strength, valueSet, ...(max ? { max } : {}) };
}

/** Those of the base type are left out: its own check knows them. */
function constraintsOf(
  { constraint }: ElementDefinition,
  { base, type, schema }: Around,
): ProfileConstraint[] {
  const known = new Set([
    ...(base?.invariants ?? []).map(one => one.key),
    ...(type ? (schema.find(type)?.invariants ?? []).map(one => one.key) : []),
  ]);
  return (constraint ?? []).flatMap(({ key = '', severity, human = '', expression, source }) => {
    const ofType = source ? isBaseType(source, schema) : ownRules.test(key);
    if (ofType || ownRules.test(key) || known.has(key) || !expression) return [];
    return [{ key, human, expression, severity: severity === 'warning' ? 'warning' : 'error' } as const];
  });
}

/** Rules of every element and every resource: the base check has them, under these keys, in every profile. */
const ownRules =
  /^(ele-1|ext-1|dom-\d|ref-1|txt-\d|per-1|qty-3|rng-2|rat-1|att-1|cpt-2|age-1|drt-1|dis-1|sqty-1)$/;

function slicingOf({ slicing }: ElementDefinition): Slicing | undefined {
  if (!slicing) return undefined;
  const discriminators = (slicing.discriminator ?? []).map(({ type, path }) => ({
    type: type ?? 'value',
    path: path ?? '$this',
  }));
  return { discriminators, rules: slicing.rules ?? 'open', ...(slicing.ordered ? { ordered: true } : {}) };
}
