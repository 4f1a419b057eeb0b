import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import type { ElementSchema, ElementType, Invariant, TypeSchema } from './schema.ts';

/** The version whose definitions are taken: the package also carries a few of later ones. */
const fhirVersion = '4.0.1';
const structureDefinition = 'http://hl7.org/fhir/StructureDefinition/';
const fhirType = `${structureDefinition}structuredefinition-fhir-type`;

/**
 * Rules the validator checks itself, quicker or better than their expressions would:
 * elements have content, extensions a value or extensions, contained resources, references, narrative.
 */
const checkedInCode = new Set([
  'ele-1',
  'ext-1',
  'ref-1',
  'dom-2',
  'dom-3',
  'dom-4',
  'dom-5',
  'txt-1',
  'txt-2',
]);

/** Published expressions that refuse what is right, and what they say in later versions of FHIR. */
const corrected: Readonly<Record<string, string>> = {
  // Quantities of different units cannot be compared: that is no error.
  'rng-2': 'low.empty() or high.empty() or low.code != high.code or low.unit != high.unit or (low <= high)',
};

/** Compiles the base types of FHIR R4, and of each its backbone elements. */
export function compileTypes(definitions: readonly StructureDefinition[]): TypeSchema[] {
  const base = definitions.filter(isBaseType);
  const resources = new Set(base.filter(sd => sd.kind === 'resource').map(sd => sd.name));
  return base.flatMap(sd => compileType(sd, resources));
}

function isBaseType(sd: StructureDefinition): boolean {
  return (
    sd.fhirVersion === fhirVersion &&
    (sd.kind === 'resource' || sd.kind === 'complex-type' || sd.kind === 'primitive-type')
  );
}

function compileType(sd: StructureDefinition, resources: ReadonlySet<string>): TypeSchema[] {
  const [root, ...elements] = sd.snapshot?.element ?? [];
  if (!root) throw new TypeError(`the definition of ${sd.name} has no snapshot`);
  const kind = sd.kind === 'resource' ? 'resource' : sd.kind === 'primitive-type' ? 'primitive' : 'complex';
  const context: Context = { elements, resources };
  const type: TypeSchema = {
    name: sd.name,
    kind,
    ...(sd.baseDefinition ? { base: nameOf(sd.baseDefinition) } : {}),
    ...withInvariants(root),
    // A primitive's `value` is the JSON value itself.
    elements: kind === 'primitive' ? [] : children(root.path, context),
  };
  return [type, ...backbones(context)];
}

interface Context {
  elements: readonly ElementDefinition[];
  resources: ReadonlySet<string>;
}

function backbones(context: Context): TypeSchema[] {
  return context.elements
    .filter(element => isBackbone(element))
    .map(element => ({
      name: element.path,
      kind: 'backbone',
      base: element.type?.[0]?.code ?? 'Element',
      elements: children(element.path, context),
    }));
}

function isBackbone(element: ElementDefinition): boolean {
  const code = element.type?.[0]?.code;
  return code === 'BackboneElement' || code === 'Element';
}

function children(parent: string, context: Context): ElementSchema[] {
  return context.elements
    .filter(
      element => element.path.startsWith(`${parent}.`) && !element.path.includes('.', parent.length + 1),
    )
    .map(element => compileElement(element, context));
}

function compileElement(element: ElementDefinition, context: Context): ElementSchema {
  const last = element.path.slice(element.path.lastIndexOf('.') + 1);
  const choice = last.endsWith('[x]');
  return {
    name: choice ? last.slice(0, -3) : last,
    ...(choice ? { choice } : {}),
    ...(element.min ? { required: true } : {}),
    ...(element.max === '0' ? { forbidden: true } : {}),
    ...(element.base?.max === '1' || element.max === '1' ? {} : { many: true }),
    ...(element.isSummary ? { summary: true } : {}),
    types: elementTypes(element, context),
    ...(element.binding?.strength === 'required' && element.binding.valueSet
      ? { binding: withoutVersion(element.binding.valueSet) }
      : {}),
    ...withInvariants(element),
  };
}

function elementTypes(element: ElementDefinition, context: Context): ElementType[] {
  if (element.contentReference) return [{ code: element.contentReference.slice(1) }];
  if (element.base?.path === 'Resource.id') return [{ code: 'id' }];
  return (element.type ?? []).map(type => {
    if (isBackbone(element)) return { code: element.path };
    const plain = type.extension?.find(e => e.url === fhirType)?.valueUrl;
    const profile = type.code === 'Quantity' ? type.profile?.[0] : undefined;
    const targets = (type.targetProfile ?? []).map(nameOf).filter(name => context.resources.has(name));
    const anything = targets.length === 0 || targets.includes('Resource');
    return {
      code: plain ?? (profile ? nameOf(profile) : (systemTypes[type.code] ?? type.code)),
      ...(anything ? {} : { targets }),
    };
  });
}

/** FHIRPath's own types, where a definition names no FHIR type. */
const systemTypes: Readonly<Record<string, string>> = { 'http://hl7.org/fhirpath/System.String': 'string' };

function withInvariants(element: ElementDefinition): { invariants?: Invariant[] } {
  const rules = (element.constraint ?? [])
    .filter(rule => rule.severity === 'error' && rule.expression && !checkedInCode.has(rule.key))
    .map(({ key, expression, human }) => ({ key, expression: corrected[key] ?? expression ?? '', human }));
  return rules.length > 0 ? { invariants: rules } : {};
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function withoutVersion(canonical: string): string {
  return canonical.split('|', 1)[0] ?? canonical;
}
