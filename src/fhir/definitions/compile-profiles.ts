import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { compileElementRules, nameOf, typeCode } from './compile-profile-rules.ts';
import type { Schema } from './schema.ts';
import { type CompiledProfile, elementAt, type ProfileElement, type Slice } from './schema-profile.ts';

/** Compiles the profiles among the definitions: those with a snapshot that constrain a type of FHIR R4. */
export function compileProfiles(
  definitions: readonly StructureDefinition[],
  schema: Schema,
): CompiledProfile[] {
  return definitions
    .filter(sd => sd.derivation === 'constraint' && sd.snapshot && sd.url && schema.find(sd.type))
    .map(sd => compileProfile(sd, schema));
}

/** http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile */
const imposeProfile = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile';

/** One profile, from its snapshot: what the base type asks already is left out. */
export function compileProfile(sd: StructureDefinition, schema: Schema): CompiledProfile {
  const elements = sd.snapshot?.element ?? [];
  const root = treeOf(elements);
  if (!root || !sd.url) throw new TypeError(`the definition of ${sd.name} has no url or no snapshot`);
  const compiled = compileTree(root, sd.type, schema);
  const imposes = (sd.extension ?? []).flatMap(one =>
    one.url === imposeProfile ? (one.valueCanonical ?? []) : [],
  );
  const context = sd.type === 'Extension' ? contextsOf(sd) : undefined;
  const modifier = sd.type === 'Extension' && root.element?.isModifier === true;
  return {
    url: sd.url,
    ...(sd.version ? { version: sd.version } : {}),
    title: sd.title ?? sd.name ?? nameOf(sd.url),
    type: sd.type,
    ...(sd.baseDefinition ? { base: sd.baseDefinition } : {}),
    ...(modifier ? { modifier } : {}),
    ...(context ? { context } : {}),
    ...(imposes.length > 0 ? { imposes } : {}),
    root: prune(compiled, compiled) ?? { name: sd.type },
  };
}

/** https://hl7.org/fhir/R4/defining-extensions.html#context ; undefined where any element or an expression is meant. */
function contextsOf({ context }: StructureDefinition): string[] | undefined {
  const all = context ?? [];
  if (all.length === 0 || all.some(one => one.type !== 'element' || one.expression === 'Element'))
    return undefined;
  return all.map(one => one.expression ?? '');
}

/** The elements of a snapshot under each other, by their ids: `Observation.component:systolic.code`. */
interface Tree {
  element: ElementDefinition | undefined;
  name: string;
  children: Map<string, Tree>;
  slices: Map<string, Tree>;
}

const tree = (name: string): Tree => ({
  element: undefined,
  name,
  children: new Map(),
  slices: new Map(),
});

function treeOf(elements: readonly ElementDefinition[]): Tree | undefined {
  const [first] = elements;
  if (!first) return undefined;
  const root = tree(first.path);
  for (const element of elements) {
    const [, ...segments] = (element.id ?? element.path).split('.');
    let at = root;
    for (const segment of segments) at = step(at, segment);
    at.element = element;
  }
  return root;
}

/** `component:systolic` is the slice `systolic` of `component`; `a/b` the slice `b` within the slice `a`. */
function step(from: Tree, segment: string): Tree {
  const [name = '', slices] = segment.split(/:(.*)/s);
  let at = grow(from.children, name.replace('[x]', ''), name.replace('[x]', ''));
  if (!slices) return at;
  let full = '';
  for (const part of slices.split('/')) {
    full = full ? `${full}/${part}` : part;
    at = grow(at.slices, full, at.name);
  }
  return at;
}

function grow(among: Map<string, Tree>, key: string, name: string): Tree {
  const found = among.get(key) ?? tree(name);
  among.set(key, found);
  return found;
}

/** @param type what the element's values are: its own elements are looked up there */
function compileTree(node: Tree, type: string, schema: Schema): ProfileElement {
  const children = [...node.children.values()].flatMap(child => compileChild(child, type, schema));
  const rules = node.element ? compileElementRules(node.element, { schema, type }) : {};
  return { name: node.name, ...rules, ...(children.length > 0 ? { children } : {}) };
}

function compileChild(child: Tree, parent: string, schema: Schema): ProfileElement[] {
  const holder = schema.find(parent)?.kind === 'primitive' ? 'Element' : parent;
  const named = schema.properties(holder).get(child.name);
  const choices = schema.element(holder, child.name);
  const properties = choices.length > 0 ? choices : named ? [named] : [];
  const [first] = properties;
  if (!first) return [];
  const compile = (node: Tree, slice: boolean): ProfileElement => {
    const codes = (node.element?.type ?? []).map(typeCode);
    const own = properties.find(({ type }) => type.code === codes[0]) ?? first;
    const rules = node.element
      ? compileElementRules(node.element, { schema, base: first.element, slice, type: own.type.code })
      : {};
    const children = [...node.children.values()].flatMap(one => compileChild(one, own.type.code, schema));
    const slices = [...node.slices].map(([sliceName, one]): Slice => ({ ...compile(one, true), sliceName }));
    return {
      name: node.name,
      ...rules,
      ...(children.length > 0 ? { children } : {}),
      ...(slices.length > 0 ? { slices } : {}),
    };
  };
  return [compile(child, false)];
}

/** Without the elements of which nothing is asked. */
function prune(element: ProfileElement, root: ProfileElement): ProfileElement | undefined {
  const { children, slices, slicing, sameAs, ...rest } = element;
  const kept = (children ?? []).flatMap(child => prune(child, root) ?? []);
  const sliced = (slices ?? []).map(slice => ({ ...slice, ...prunedSlice(slice, root) }));
  const closed = slicing && slicing.rules === 'closed';
  const target = sameAs && asksOf(elementAt(root, sameAs)) ? sameAs : undefined;
  if (Object.keys(rest).length === 1 && kept.length === 0 && sliced.length === 0 && !closed && !target)
    return undefined;
  return {
    ...rest,
    ...(target ? { sameAs: target } : {}),
    ...(kept.length > 0 ? { children: kept } : {}),
    ...(slicing && (sliced.length > 0 || closed) ? { slicing } : {}),
    ...(sliced.length > 0 ? { slices: sliced } : {}),
  };
}

/** A slice stays, whatever it asks: it says what is one of the slices. */
function prunedSlice(slice: Slice, root: ProfileElement): Slice {
  const { sliceName, ...element } = slice;
  return { ...(prune(element, root) ?? { name: slice.name }), sliceName };
}

/** Whether there is anything in an element that repeats itself by reference. */
function asksOf(element: ProfileElement | undefined): boolean {
  if (!element) return false;
  const { name: _, children = [], sameAs: __, ...rules } = element;
  return Object.keys(rules).length > 0 || children.some(asksOf);
}
