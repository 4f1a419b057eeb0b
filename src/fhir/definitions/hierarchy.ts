import type { CompiledHierarchy } from './compile-hierarchies.ts';

/** What subsumes what in a code system. */
export class Hierarchy {
  readonly #parents: CompiledHierarchy;
  readonly #children = new Map<string, string[]>();

  constructor(compiled: CompiledHierarchy) {
    this.#parents = compiled;
    for (const [code, parents] of Object.entries(compiled)) {
      for (const parent of parents) this.#children.set(parent, [...(this.#children.get(parent) ?? []), code]);
    }
  }

  /** The code and all that it subsumes. */
  below(code: string): string[] {
    return closure(code, one => this.#children.get(one) ?? []);
  }

  /** The code and all that subsume it. */
  above(code: string): string[] {
    return closure(code, one => (Object.hasOwn(this.#parents, one) ? (this.#parents[one] ?? []) : []));
  }
}

function closure(start: string, next: (code: string) => readonly string[]): string[] {
  const found = new Set([start]);
  for (const code of found) for (const one of next(code)) found.add(one);
  return [...found];
}
