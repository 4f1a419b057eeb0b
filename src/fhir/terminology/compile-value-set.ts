import type { ValueSet, ValueSetComposeInclude, ValueSetComposeIncludeFilter } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Designation, Selection } from '../../store/terminology/types.ts';
import { wholePattern } from './pattern.ts';

/** What a value set takes of one code system. */
export interface Part {
  system: string;
  /** The version that the value set asks for. */
  version?: string;
  selection: Selection;
  /** What the value set itself says of codes that it lists. */
  listed: ReadonlyMap<string, Listed>;
}

export interface Listed {
  display?: string;
  designations: readonly Designation[];
}

/** A value set as the codes it takes of each system; every code system is in it once for each version asked for. */
export interface CompiledValueSet {
  parts: readonly Part[];
  /** Value sets that it includes and that are not held: of codes elsewhere nothing can be said. */
  missing: readonly string[];
  /** Canonical URLs of the value sets that it takes codes from. */
  uses: readonly string[];
  /** False: codes that are not valid any more are left out. */
  inactive: boolean;
}

type Find = (canonical: string) => ValueSet | undefined;

/**
 * Compiles what a value set is composed of (https://hl7.org/fhir/R4/valueset.html#compositions), the value sets that it
 * refers to included.
 *
 * @throws HubError where value sets refer to each other in a circle, or a filter is not one that FHIR defines
 */
export function compileValueSet(
  valueSet: ValueSet,
  find: Find,
  within: readonly string[] = [],
): CompiledValueSet {
  const name = valueSet.url ?? 'the value set';
  if (within.includes(name)) throw circle([...within, name]);
  if (!valueSet.compose) return ofExpansion(valueSet);
  requireSimple(valueSet.compose);
  const path = [...within, name];
  const included = valueSet.compose.include.map(one => compileInclude(one, find, path));
  const excluded = (valueSet.compose.exclude ?? []).map(one => compileInclude(one, find, path));
  const all = united(included);
  const parts = all.parts.map(part => ({
    ...part,
    selection: excluded.reduce((left, one) => without(left, selectionOf(one, part)), part.selection),
  }));
  return {
    parts,
    missing: all.missing,
    uses: [...new Set([...all.uses, ...excluded.flatMap(one => one.uses)])],
    inactive: valueSet.compose.inactive !== false,
  };
}

/** Conditions that a value set may combine: each becomes a part of a query. */
const mostConditions = 100;

function requireSimple({ include, exclude = [] }: NonNullable<ValueSet['compose']>): void {
  const conditions = [...include.filter(one => one.filter || one.valueSet), ...exclude].flatMap(one => [
    one,
    ...(one.filter ?? []),
    ...(one.valueSet ?? []),
  ]);
  if (conditions.length <= mostConditions) return;
  throw new HubError('unprocessable', {
    text: `A value set may combine at most ${mostConditions} filters, value sets and exclusions: make several of it.`,
    expression: 'ValueSet.compose',
    code: 'too-costly',
  });
}

/** One without `compose` is what its stored expansion says. */
function ofExpansion({ expansion }: ValueSet): CompiledValueSet {
  const include: ValueSetComposeInclude[] = [];
  const visit = (contains: NonNullable<typeof expansion>['contains'] = []) => {
    for (const one of contains) {
      if (one.system && one.code && !one.abstract) {
        const { system, version, code, display, designation } = one;
        include.push({
          system,
          ...(version ? { version } : {}),
          concept: [{ code, ...(display ? { display } : {}), ...(designation ? { designation } : {}) }],
        });
      }
      visit(one.contains);
    }
  };
  visit(expansion?.contains);
  const none = () => undefined;
  return united(include.map(one => compileInclude(one, none, [])));
}

function compileInclude(
  include: ValueSetComposeInclude,
  find: Find,
  path: readonly string[],
): CompiledValueSet {
  const sets = (include.valueSet ?? []).map(canonical => ({ canonical, set: nested(canonical, find, path) }));
  const uses = sets.flatMap(({ canonical, set }) => [canonical, ...(set?.uses ?? [])]);
  if (include.system) {
    const part = systemPart(include.system, include);
    const also = sets.map(({ canonical, set }) =>
      set ? selectionOf(set, part) : ({ kind: 'unknown', what: `value set ${canonical}` } as const),
    );
    return {
      parts: [{ ...part, selection: both(part.selection, ...also) }],
      missing: [],
      uses,
      inactive: true,
    };
  }
  const [first, ...others] = sets;
  const lacking = sets.filter(({ set }) => !set).map(({ canonical }) => canonical);
  // Codes that are in all of them: where one is not held, nothing can be said of any.
  if (!first?.set || lacking.length > 0) return { parts: [], missing: lacking, uses, inactive: true };
  const parts = first.set.parts.map(part => ({
    ...part,
    selection: both(part.selection, ...others.map(({ set }) => (set ? selectionOf(set, part) : nothing))),
  }));
  return { parts, missing: sets.flatMap(({ set }) => set?.missing ?? []), uses, inactive: true };
}

function nested(canonical: string, find: Find, path: readonly string[]): CompiledValueSet | undefined {
  const found = find(canonical);
  const set = found && compileValueSet(found, find, path);
  if (!set || set.inactive) return set;
  return { ...set, parts: set.parts.map(part => ({ ...part, selection: both(part.selection, active) })) };
}

/** Where a value set leaves out what is not valid any more, so does one that takes its codes. */
const active: Selection = { kind: 'property', name: 'inactive', values: ['false'] };

function systemPart(system: string, { version, concept, filter }: ValueSetComposeInclude): Part {
  const listed = new Map(
    (concept ?? []).map(({ code, display, designation }) => [
      code,
      {
        ...(display ? { display } : {}),
        designations: (designation ?? []).flatMap(({ language, use, value }) =>
          value
            ? [
                {
                  value,
                  ...(language ? { language } : {}),
                  ...(use?.code ? { use: { ...use, code: use.code } } : {}),
                },
              ]
            : [],
        ),
      },
    ]),
  );
  const selections: Selection[] = [];
  if (concept) selections.push({ kind: 'codes', codes: [...listed.keys()] });
  for (const one of filter ?? []) selections.push(filterSelection(one));
  return {
    system,
    ...(version ? { version } : {}),
    selection: selections.length > 0 ? both(...selections) : { kind: 'all' },
    listed,
  };
}

/** https://hl7.org/fhir/R4/valueset-filter-operator.html */
export function filterSelection({ property, op, value }: ValueSetComposeIncludeFilter): Selection {
  const list = () => (value ?? '').split(',').map(one => one.trim());
  switch (op) {
    case '=':
      return { kind: 'property', name: property ?? '', values: [value ?? ''] };
    case 'is-a':
      return { kind: 'below', code: value ?? '', self: true };
    case 'descendent-of':
      return { kind: 'below', code: value ?? '', self: false };
    case 'is-not-a':
      return { kind: 'not', of: { kind: 'below', code: value ?? '', self: true } };
    case 'generalizes':
      return { kind: 'above', code: value ?? '' };
    case 'in':
      return { kind: 'property', name: property ?? '', values: list() };
    case 'not-in':
      return { kind: 'not', of: { kind: 'property', name: property ?? '', values: list() } };
    case 'exists': {
      const exists: Selection = { kind: 'exists', name: property ?? '' };
      return value === 'false' ? { kind: 'not', of: exists } : exists;
    }
    case 'regex':
      wholePattern(value ?? '');
      return { kind: 'matches', name: property ?? '', pattern: value ?? '' };
    default:
      throw new HubError('unprocessable', {
        text: `The filter operator must be one of =, is-a, descendent-of, is-not-a, regex, in, not-in, generalizes, exists.`,
        expression: 'ValueSet.compose.include.filter.op',
        code: 'not-supported',
      });
  }
}

const nothing: Selection = { kind: 'codes', codes: [] };

/** What a value set takes of the system of a part. */
function selectionOf({ parts, missing }: CompiledValueSet, { system, version }: Part): Selection {
  const same = parts.filter(
    one => one.system === system && (!one.version || !version || one.version === version),
  );
  const selections: Selection[] = same.map(one => one.selection);
  for (const what of missing) selections.push({ kind: 'unknown', what: `value set ${what}` });
  const [only, ...more] = selections;
  if (!only) return nothing;
  return more.length > 0 ? { kind: 'or', of: selections } : only;
}

function both(...all: readonly Selection[]): Selection {
  const parts = all.flatMap(one => (one.kind === 'and' ? one.of : [one])).filter(one => one.kind !== 'all');
  const [only, ...more] = parts;
  if (!only) return { kind: 'all' };
  return more.length > 0 ? { kind: 'and', of: parts } : only;
}

const without = (left: Selection, taken: Selection): Selection =>
  taken.kind === 'codes' && taken.codes.length === 0 ? left : both(left, { kind: 'not', of: taken });

/** Each system once for each version that is asked for, in the order in which they come. */
function united(all: readonly CompiledValueSet[]): CompiledValueSet {
  const groups = Map.groupBy(
    all.flatMap(one => one.parts),
    ({ system, version }) => `${system}|${version ?? ''}`,
  );
  const parts = [...groups.values()].flatMap(group => {
    const [first, ...more] = group;
    if (!first) return [];
    if (more.length === 0) return [first];
    return [
      { ...first, selection: unitedSelection(group), listed: new Map(group.flatMap(one => [...one.listed])) },
    ];
  });
  return {
    parts,
    missing: [...new Set(all.flatMap(one => one.missing))],
    uses: [...new Set(all.flatMap(one => one.uses))],
    inactive: true,
  };
}

/** Lists that follow each other are one list. */
function unitedSelection(parts: readonly Part[]): Selection {
  const selections = parts.map(part => part.selection);
  if (selections.some(one => one.kind === 'all')) return { kind: 'all' };
  const lists = selections.flatMap(one => (one.kind === 'codes' ? [one.codes] : []));
  if (lists.length < selections.length) return { kind: 'or', of: selections };
  return { kind: 'codes', codes: [...new Set(lists.flat())] };
}

const circle = (path: readonly string[]): HubError =>
  new HubError('unprocessable', {
    text: `These value sets refer to each other in a circle: ${path.join(' → ')}. One of them must list its codes itself.`,
    expression: 'ValueSet.compose.include.valueSet',
    code: 'business-rule',
  });
