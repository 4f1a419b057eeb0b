import type { Concept } from '../../store/terminology/types.ts';
import type { Library, Sources } from './library.ts';
import { MemoryCodes } from './memory-codes.ts';

/** A concept, and of which system and version it is. */
export interface FoundCode {
  concept: Concept;
  system: string;
  version?: string;
  /** What people call the system. */
  name: string;
  /** What its owner wants to be shown with it. */
  notice?: string;
  language?: string;
}

type Store = Sources['store'];

/** Concepts of one system by their codes, in the order of the codes; those that it does not have are left out. */
export async function findCodes(
  library: Library,
  store: Store,
  { system, version }: { system: string; version?: string | undefined },
  codes: readonly string[],
): Promise<FoundCode[]> {
  const held = library.codeSystem(system, version);
  if (!held) return [];
  if (held instanceof MemoryCodes) {
    const { version, name, language } = held;
    const more = { system, ...(version ? { version } : {}), name, ...(language ? { language } : {}) };
    return codes.flatMap(code => {
      const concept = held.find(code);
      return concept ? [{ concept, ...more }] : [];
    });
  }
  const { name, notice } = held.about;
  const more = { system, version: held.version, name, ...(notice ? { notice } : {}) };
  const found = new Map((await store.terminology.concepts(held.num, codes)).map(one => [one.code, one]));
  return codes.flatMap(code => {
    const concept = found.get(code);
    return concept ? [{ concept, ...more }] : [];
  });
}
