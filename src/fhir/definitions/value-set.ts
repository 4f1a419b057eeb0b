import type { CompiledValueSet } from './compile-value-sets.ts';

/** The codes of an expanded value set. */
export class CodeSet {
  readonly #systems: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(compiled: CompiledValueSet) {
    this.#systems = new Map(Object.entries(compiled).map(([system, codes]) => [system, new Set(codes)]));
  }

  has(system: string | undefined, code: string): boolean {
    return this.#systems.get(system ?? '')?.has(code) ?? false;
  }

  /** The system that a `code` element implies, where the set has the code. */
  systemOf(code: string): string | undefined {
    for (const [system, codes] of this.#systems) if (codes.has(code)) return system;
    return undefined;
  }

  get systems(): string[] {
    return [...this.#systems.keys()];
  }

  codesOf(system: string): string[] {
    return [...(this.#systems.get(system) ?? [])];
  }

  get codes(): string[] {
    return [...this.#systems.values()].flatMap(codes => [...codes]);
  }
}
