import type { ValueSet } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { type CompiledValueSet, compileValueSet } from './compile-value-set.ts';
import { expand } from './expand.ts';
import { findCodes } from './find-code.ts';
import { codesOf, Library, type Sources, whole } from './library.ts';
import { memberOf } from './member.ts';
import { MemoryCodes } from './memory-codes.ts';
import { forDatabase } from './select.ts';
import type { CodedValue, Membership, Terminology } from './terminology.ts';
import { translate } from './translate.ts';

export interface TerminologyOptions extends Sources {
  now: () => Date;
  /** Calls back after each commit of this process. */
  onCommit(listener: () => void): unknown;
}

/** See Terminology. What was compiled is kept until anything changes, in this process or another. */
export function createTerminology(options: TerminologyOptions): Terminology {
  const { store, now, onCommit } = options;
  const library = new Library(options);
  onCommit(() => library.doubt());
  const compiled = compiling(library);

  /** For operations: after a look at what has changed. */
  const current = async <T>(work: () => T | Promise<T>): Promise<T> => {
    await library.refresh();
    return whole(library, work);
  };
  /** For one code of many: what was looked at a moment ago still holds. */
  const recent = <T>(work: () => T | Promise<T>): T | Promise<T> =>
    library.isFresh ? whole(library, work) : current(work);

  const codeExists = ({ system = '', version, code }: CodedValue): Membership | Promise<Membership> => {
    const held = library.codeSystem(system, version);
    if (!held) return 'unknown';
    if (held instanceof MemoryCodes) return held.find(code) ? 'in' : held.complete ? 'out' : 'unknown';
    return store.terminology.concepts(held.num, [code]).then(found => (found.length > 0 ? 'in' : 'out'));
  };

  return {
    member: (valueSet, coding) =>
      recent(() => {
        const set = understood(() => compiled(valueSet));
        return set ? memberOf(set, coding, library, store) : 'unknown';
      }),
    codeExists: coding => recent(() => codeExists(coding)),
    find: ({ code, ...of }) => current(async () => (await findCodes(library, store, of, [code]))[0]),
    children: ({ system, version, code }) =>
      current(() => {
        const held = library.codeSystem(system, version);
        if (held instanceof MemoryCodes) return held.children(code);
        return held ? store.terminology.children(held.num, code) : [];
      }),
    systemsOf: (valueSet, code) =>
      current(async () => {
        const set = compiled(valueSet);
        const systems = [...new Set(set?.parts.map(part => part.system))];
        const found = set ? systems.map(system => memberOf(set, { system, code }, library, store)) : [];
        const answers = await Promise.all(found);
        return systems.filter((_, at) => answers[at] === 'in');
      }),
    listedDisplay: (valueSet, { system, code }) =>
      current(() => {
        const parts = compiled(valueSet)?.parts.filter(part => part.system === system) ?? [];
        return parts.map(part => part.listed.get(code)?.display).find(display => display !== undefined);
      }),
    subsumes: (system, version, a, b) =>
      current(async () => {
        const held = library.codeSystem(system, version);
        const found = await Promise.all(
          [a, b].map(async code => (await findCodes(library, store, { system, version }, [code]))[0]),
        );
        const [first, second] = found;
        if (!held || !first || !second) return undefined;
        if (first.concept.code === second.concept.code) return 'equivalent';
        const isBelow = async (code: string, other: string) => {
          if (held instanceof MemoryCodes) return held.below(other).has(code);
          const below = await forDatabase(store, held, { kind: 'below', code: other, self: true });
          return (await store.terminology.selected(held.num, [code], below)).length > 0;
        };
        if (await isBelow(second.concept.code, first.concept.code)) return 'subsumes';
        return (await isBelow(first.concept.code, second.concept.code)) ? 'subsumed-by' : 'not-subsumed';
      }),
    expand: request =>
      current(() => {
        const set = compiled(request.valueSet);
        return expand({ library, store, now }, set ?? nothing, request);
      }),
    translate: request => current(() => translate(library, request)),
    holds: (system, version) =>
      current(() => {
        const held = library.codeSystem(system, version);
        return held instanceof MemoryCodes ? held.complete : held !== undefined;
      }),
    valueSet: canonical => current(() => library.valueSet(canonical)),
    conceptMap: canonical => current(() => library.conceptMap(canonical)),
    concept: (system, code) => codesOf(system).find(code),
  };
}

const nothing: CompiledValueSet = { parts: [], missing: [], uses: [], inactive: true };

/** Compiles value sets once, by canonical URL; those that are given themselves, by identity. */
function compiling(library: Library): (valueSet: string | ValueSet) => CompiledValueSet | undefined {
  let of = library.generation;
  let known = new Map<string, CompiledValueSet | undefined>();
  let given = new WeakMap<ValueSet, CompiledValueSet>();
  const find = (canonical: string) => library.valueSet(canonical);
  const fromUrl = (url: string) => {
    const found = find(url);
    return found && compileValueSet(found, find);
  };
  return valueSet => {
    if (of !== library.generation) {
      of = library.generation;
      known = new Map();
      given = new WeakMap();
    }
    if (typeof valueSet === 'string') {
      if (!known.has(valueSet)) known.set(valueSet, fromUrl(valueSet));
      return known.get(valueSet);
    }
    const made = given.get(valueSet) ?? compileValueSet(valueSet, find);
    given.set(valueSet, made);
    return made;
  };
}

/** A value set that cannot be understood decides nothing; who expands it is told why. */
function understood<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}
