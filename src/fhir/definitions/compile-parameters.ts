import type { SearchParameter } from '@medplum/fhirtypes';
import type { IndexTable } from '../../store/search/types.ts';
import { type Branch, CannotCompile } from './fhirpath/branch.ts';
import { compile } from './fhirpath/compile.ts';
import type { Schema } from './schema.ts';
import type { Component, SearchParam } from './types.ts';

/**
 * The search parameters of each resource type, from SearchParameter resources. Left out are those without an
 * expression (`_text`, `_content`), and where the expression finds nothing in the type.
 *
 * @param known by canonical URL, the parameters besides the published that composites may be made of
 */
export function compileParameters(
  published: readonly SearchParameter[],
  schema: Schema,
  known: ReadonlyMap<string, SearchParam> = new Map(),
): SearchParam[] {
  const simple = published
    .filter(parameter => parameter.type !== 'composite')
    .flatMap(parameter => compiled(parameter, schema));
  const parts = new Map([...known, ...simple.map(param => [param.url, param] as const)]);
  const composite = published
    .filter(parameter => parameter.type === 'composite')
    .flatMap(parameter => compiled(parameter, schema, componentsOf(parameter, parts)));
  return [...simple, ...composite];
}

function compiled(
  parameter: SearchParameter,
  schema: Schema,
  components?: readonly Component[],
): SearchParam[] {
  if (!parameter.expression || components?.length === 0) return [];
  return basesOf(parameter, schema).flatMap(type => {
    const param = compileParameter(parameter, type, schema);
    return param ? [components ? { ...param, components } : param] : [];
  });
}

/** R4 published these with the definitions of their two parts the wrong way round: a code that is a reference. */
const exchanged = new Set(['http://hl7.org/fhir/SearchParameter/DocumentReference-relationship']);

/** None where a part is not known, or is itself of more than one value. */
function componentsOf(
  { url, component = [] }: SearchParameter,
  parts: ReadonlyMap<string, SearchParam>,
): Component[] {
  const definitions = component.map(({ definition }) => definition.split('|', 1)[0] ?? '');
  if (exchanged.has(url)) definitions.reverse();
  const found = component.flatMap(({ expression }, at): Component[] => {
    const part = parts.get(definitions[at] ?? '');
    if (!part || part.kind === 'composite' || part.kind === 'special') return [];
    return [{ code: part.code, kind: part.kind, targets: part.targets, expression }];
  });
  return found.length === component.length ? found : [];
}

/** Parameters of Resource and DomainResource are those of every type. */
function basesOf({ base }: SearchParameter, schema: Schema): string[] {
  return [...schema.types]
    .filter(
      type =>
        type.kind === 'resource' && base.some(one => schema.is(type.name, one)) && !isAbstract(type.name),
    )
    .map(type => type.name);
}

export function isAbstract(type: string): boolean {
  return type === 'Resource' || type === 'DomainResource';
}

function compileParameter(parameter: SearchParameter, type: string, schema: Schema): SearchParam | undefined {
  const found = partsFor(parameter.expression ?? '', type, schema);
  if (found.length === 0) return undefined;
  const expression = found.map(part => part.text).join(' | ');
  const branches = found.flatMap(part => part.branches);
  return {
    name: `${type}.${parameter.code}`,
    type,
    code: parameter.code,
    kind: parameter.type,
    table: tableOf(parameter.type, branches),
    targets: parameter.type === 'reference' ? targetsOf(parameter, expression, branches) : [],
    url: parameter.url,
    expression,
    documentation: documentation(parameter, type),
  };
}

interface Part {
  text: string;
  branches: readonly Branch[];
}

/** The alternatives of an expression that concern the type: a shared parameter names those of all its types. */
function partsFor(expression: string, type: string, schema: Schema): Part[] {
  return alternatives(expression).flatMap(text => {
    try {
      const branches = compile(text, schema, type);
      return branches.length > 0 ? [{ text, branches }] : [];
    } catch (error) {
      if (!(error instanceof CannotCompile)) throw error;
      return [{ text, branches: [] }];
    }
  });
}

/** Splits at the `|` outside parentheses and quotes. */
function alternatives(expression: string): string[] {
  const parts: string[] = [];
  let [depth, quoted, start] = [0, false, 0];
  for (let at = 0; at < expression.length; at += 1) {
    const char = expression[at];
    if (char === "'") quoted = !quoted;
    else if (!quoted && char === '(') depth += 1;
    else if (!quoted && char === ')') depth -= 1;
    else if (!quoted && depth === 0 && char === '|') {
      parts.push(expression.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(expression.slice(start));
  return parts.map(part => part.trim());
}

const tables: Readonly<Record<SearchParameter['type'], IndexTable>> = {
  token: 'tok',
  string: 'str',
  date: 'dt',
  number: 'num',
  quantity: 'qty',
  uri: 'uri',
  reference: 'ref',
  // The one special parameter that is not about text: Location.near.
  special: 'pos',
  composite: 'tuple',
};

/** Canonical URLs are references too, but to be found as URIs. */
function tableOf(kind: SearchParameter['type'], branches: readonly Branch[]): IndexTable {
  const canonical = branches.length > 0 && !branches.some(branch => branch.type === 'Reference');
  return kind === 'reference' && canonical ? 'uri' : tables[kind];
}

function targetsOf(parameter: SearchParameter, expression: string, branches: readonly Branch[]): string[] {
  const published: string[] = parameter.target ?? [];
  const narrowed = [...expression.matchAll(/resolve\(\) is (\w+)/g)].map(match => match[1] ?? '');
  if (narrowed.length > 0) return [...new Set(narrowed)];
  if (branches.some(branch => branch.type === 'Reference' && !branch.targets)) return published;
  const allowed = new Set(branches.flatMap(branch => branch.targets ?? []));
  const both = published.filter(target => allowed.has(target));
  return both.length > 0 ? both : published;
}

/** A shared parameter describes itself type by type: `* [Task](task.html): Search by …`. */
function documentation({ description }: SearchParameter, type: string): string {
  const own = description.match(new RegExp(String.raw`\[${type}\]\([^)]*\): (.*)`))?.[1];
  return (own ?? description.split('\n', 1)[0] ?? '').trim();
}
