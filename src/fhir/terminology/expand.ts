import type { ValueSet, ValueSetExpansionParameter } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { ImportedSystem } from '../../store/terminology/store.ts';
import type { Concept } from '../../store/terminology/types.ts';
import { wordsIn } from '../index/words.ts';
import type { CompiledValueSet, Listed, Part } from './compile-value-set.ts';
import { contained, type Entry, nested } from './contains.ts';
import { decide } from './decide.ts';
import { findCodes } from './find-code.ts';
import type { Library, Sources } from './library.ts';
import { MemoryCodes, searchedWords } from './memory-codes.ts';
import { forDatabase, listedCodes, unknownsOf } from './select.ts';

/** https://hl7.org/fhir/R4/valueset-operation-expand.html */
export interface ExpandRequest {
  valueSet: ValueSet;
  /** Beginnings of words of a code, its display or a designation. */
  filter?: string;
  offset?: number;
  count?: number;
  activeOnly?: boolean;
  includeDesignations?: boolean;
  includeDefinition?: boolean;
  excludeNested?: boolean;
  displayLanguage?: string;
  /** Properties to be shown with each code. */
  property?: readonly string[];
}

/** More codes than these are not expanded at once. */
export const mostCodes = 10_000;

/** Codes of a value set, of one code system, in their order. */
interface Source {
  part: Part;
  version?: string;
  /** What the owner of the code system wants to be shown with it. */
  notice?: string;
  page(offset: number, count: number): Promise<{ entries: Entry[]; total: number }>;
}

/** What an expansion works with. */
export interface Expanding {
  library: Library;
  store: Sources['store'];
  now: () => Date;
}

/**
 * The codes of a value set.
 *
 * @throws HubError where the codes cannot all be known, or are too many to be given at once
 */
export async function expand(
  { library, store, now }: Expanding,
  compiled: CompiledValueSet,
  request: ExpandRequest,
): Promise<ValueSet> {
  requireKnown(compiled);
  const words = wordsIn(request.filter ?? '')
    .split(' ')
    .filter(Boolean);
  const wanted = { words, activeOnly: request.activeOnly === true || !compiled.inactive };
  const sources: Source[] = [];
  for (const part of compiled.parts) sources.push(await sourceOf(library, store, part, wanted));
  const paged = request.offset !== undefined || request.count !== undefined;
  const { offset = 0, count = Number.POSITIVE_INFINITY } = request;
  const { entries, total } = await pageOf(sources, offset, Math.min(count, mostCodes));
  if (total - offset > mostCodes && count > mostCodes) throw tooCostly(total);
  const hierarchical = !paged && words.length === 0 && request.excludeNested !== true;
  const show = (entry: Entry) => contained(entry, request);
  return {
    ...described(request.valueSet, request.includeDefinition === true),
    ...copyrightOf(request.valueSet, sources),
    expansion: {
      timestamp: now().toISOString(),
      total,
      ...(request.offset === undefined ? {} : { offset }),
      parameter: parametersOf(request, compiled, sources),
      contains: hierarchical ? nested(entries, show) : entries.map(show),
    },
  };
}

/** With the notices of the code systems that it shows codes of. */
function copyrightOf({ copyright }: ValueSet, sources: readonly Source[]): { copyright?: string } {
  const notices = new Set(sources.flatMap(one => one.notice ?? []));
  const all = [...(copyright ? [copyright] : []), ...notices].join('\n\n');
  return all ? { copyright: all } : {};
}

function described(valueSet: ValueSet, whole: boolean): ValueSet {
  if (whole) return valueSet;
  const { compose: _, expansion: __, text: ___, ...rest } = valueSet;
  return rest;
}

/** The entries from a place on, of all sources one after another. */
async function pageOf(
  sources: readonly Source[],
  offset: number,
  count: number,
): Promise<{ entries: Entry[]; total: number }> {
  const entries: Entry[] = [];
  let total = 0;
  for (const source of sources) {
    const from = Math.max(0, offset - total);
    const page = await source.page(from, count - entries.length);
    entries.push(...page.entries);
    total += page.total;
  }
  return { entries, total };
}

interface Wanted {
  words: readonly string[];
  activeOnly: boolean;
}

async function sourceOf(
  library: Library,
  store: Sources['store'],
  part: Part,
  wanted: Wanted,
): Promise<Source> {
  const held = library.codeSystem(part.system, part.version);
  const list = listedCodes(part.selection);
  if (held instanceof MemoryCodes && (held.complete || list)) {
    const entries = memoryEntries(part, held, list).filter(one => isWanted(one, wanted));
    return { part, ...(held.version ? { version: held.version } : {}), page: sliced(entries) };
  }
  if (held instanceof MemoryCodes) throw onlyPart(part.system);
  if (held && list) {
    const entries = (await listedEntries(library, store, part, held, list)).filter(one =>
      isWanted(one, wanted),
    );
    return { part, ...versionOf(held), page: sliced(entries) };
  }
  if (held) return importedSource(store, part, held, wanted);
  if (!list) throw notHeld(part);
  const named = list.map(code => entryOf(part, bare(code, part.listed.get(code))));
  const entries = named.filter(one => decide(part.selection, one.concept.code, undefined) === 'in');
  return { part, page: sliced(entries.filter(one => isWanted(one, wanted))) };
}

const enumerated = new WeakMap<Part, WeakMap<MemoryCodes, readonly Entry[]>>();

/** All codes of a part, kept as long as the part is: in the order of the list, or else of the system. */
function memoryEntries(
  part: Part,
  codes: MemoryCodes,
  list: readonly string[] | undefined,
): readonly Entry[] {
  const ofPart = enumerated.get(part) ?? new WeakMap<MemoryCodes, readonly Entry[]>();
  enumerated.set(part, ofPart);
  let entries = ofPart.get(codes);
  if (!entries) {
    const concepts = list
      ? list.flatMap(code => codes.find(code) ?? (codes.complete ? [] : bare(code, part.listed.get(code))))
      : [...codes.all];
    entries = concepts
      .filter(({ code }) => decide(part.selection, code, codes) === 'in')
      .map(concept => entryOf(part, concept, codes.version));
    ofPart.set(codes, entries);
  }
  return entries;
}

/** Codes of an imported system that the value set lists, in its order. */
async function listedEntries(
  library: Library,
  store: Sources['store'],
  part: Part,
  system: ImportedSystem,
  list: readonly string[],
): Promise<Entry[]> {
  const selection = await forDatabase(store, system, part.selection);
  const selected = new Set(await store.terminology.selected(system.num, list, selection));
  const wanted = list.filter(code => selected.has(code));
  const found = await findCodes(library, store, part, wanted);
  return found.map(({ concept }) => entryOf(part, concept, system.version));
}

async function importedSource(
  store: Sources['store'],
  part: Part,
  system: ImportedSystem,
  wanted: Wanted,
): Promise<Source> {
  const selection = await forDatabase(store, system, part.selection);
  return {
    part,
    ...versionOf(system),
    async page(offset, count) {
      const page = await store.terminology.page(system.num, { selection, ...wanted, offset, count });
      return {
        entries: page.concepts.map(concept => entryOf(part, concept, system.version)),
        total: page.total,
      };
    },
  };
}

const versionOf = ({ version, about: { notice } }: ImportedSystem): Pick<Source, 'version' | 'notice'> => ({
  version,
  ...(notice ? { notice } : {}),
});

const sliced =
  (entries: readonly Entry[]): Source['page'] =>
  async (offset, count) => ({ entries: entries.slice(offset, offset + count), total: entries.length });

function entryOf(part: Part, concept: Concept, version?: string): Entry {
  const listed = part.listed.get(concept.code);
  const as = listed?.display ? { ...concept, display: listed.display } : concept;
  const all = listed?.designations.length
    ? { ...as, designations: [...listed.designations, ...concept.designations] }
    : as;
  return { system: part.system, ...(version ? { version } : {}), concept: all };
}

/** A code of which no more is known than what the value set says. */
const bare = (code: string, listed: Listed | undefined): Concept => ({
  code,
  ...(listed?.display ? { display: listed.display } : {}),
  designations: [],
  properties: [],
  parents: [],
  inactive: false,
  abstract: false,
});

const searched = new WeakMap<Concept, string>();

function isWanted({ concept }: Entry, { words, activeOnly }: Wanted): boolean {
  if (activeOnly && concept.inactive) return false;
  if (words.length === 0) return true;
  const text = searched.get(concept) ?? ` ${searchedWords(concept)}`;
  searched.set(concept, text);
  return words.every(word => text.includes(` ${word}`));
}

/** What the expansion was made with: what was asked for, and the versions that were used. */
function parametersOf(
  request: ExpandRequest,
  { uses }: CompiledValueSet,
  sources: readonly Source[],
): ValueSetExpansionParameter[] {
  const { filter, offset, count, displayLanguage, property = [] } = request;
  const flags = ['activeOnly', 'includeDesignations', 'includeDefinition', 'excludeNested'] as const;
  return [
    ...(filter === undefined ? [] : [{ name: 'filter', valueString: filter }]),
    ...(offset === undefined ? [] : [{ name: 'offset', valueInteger: offset }]),
    ...(count === undefined ? [] : [{ name: 'count', valueInteger: count }]),
    ...(displayLanguage === undefined ? [] : [{ name: 'displayLanguage', valueCode: displayLanguage }]),
    ...flags.flatMap(name => (request[name] === undefined ? [] : [{ name, valueBoolean: request[name] }])),
    ...property.map(name => ({ name: 'property', valueString: name })),
    ...uses.map(valueUri => ({ name: 'used-valueset', valueUri })),
    ...sources.flatMap(({ part, version }) => [
      version
        ? { name: 'version', valueUri: `${part.system}|${version}` }
        : { name: 'used-codesystem', valueUri: part.system },
    ]),
  ];
}

function requireKnown({ missing, parts }: CompiledValueSet): void {
  const unknown = [
    ...missing.map(one => `value set ${one}`),
    ...parts.flatMap(one => unknownsOf(one.selection)),
  ];
  if (unknown.length === 0) return;
  throw new HubError('unprocessable', {
    text: `The hub does not hold ${unknown.join(', ')}, which this value set depends on: its codes cannot be known.`,
    expression: 'ValueSet.compose',
    code: 'not-found',
  });
}

const notHeld = ({ system, version }: Part): HubError =>
  new HubError('unprocessable', {
    text: `The hub does not hold the code system ${system}${version ? `|${version}` : ''}: its operator can load it with hub terminology import.`,
    expression: 'ValueSet.compose.include.system',
    code: 'not-found',
  });

const onlyPart = (system: string): HubError =>
  new HubError('unprocessable', {
    text: `The hub holds only a part of the code system ${system}: not all codes of this value set can be known.`,
    expression: 'ValueSet.compose.include.system',
    code: 'incomplete',
  });

const tooCostly = (total: number): HubError =>
  new HubError('unprocessable', {
    text: `This value set has ${total.toLocaleString('en-US')} codes; at most ${mostCodes.toLocaleString('en-US')} are given at once: ask with filter, or with offset and count.`,
    expression: 'Parameters.parameter',
    code: 'too-costly',
  });
