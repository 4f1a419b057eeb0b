/** How an entry of a file can end. */
export const endings = ['created', 'updated', 'unchanged', 'deleted', 'refused'] as const;

export type EndingName = (typeof endings)[number];

export type Counts = Record<EndingName, number>;

/** Counts by resource type. */
export class Tally {
  readonly #byType: Map<string, Counts>;

  constructor(counts: Readonly<Record<string, Partial<Counts>>> = {}) {
    this.#byType = new Map(Object.entries(counts).map(([type, given]) => [type, { ...none(), ...given }]));
  }

  add(type: string, ending: EndingName, count = 1): void {
    const counts = this.#byType.get(type) ?? none();
    counts[ending] += count;
    this.#byType.set(type, counts);
  }

  addAll(other: Tally): void {
    for (const [type, counts] of other.#byType)
      for (const ending of endings) this.add(type, ending, counts[ending]);
  }

  /** By type, in the order of names. */
  byType(): [type: string, counts: Counts][] {
    return [...this.#byType].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  total(): Counts {
    const total = none();
    for (const counts of this.#byType.values()) for (const ending of endings) total[ending] += counts[ending];
    return total;
  }

  /** All entries that have come to an end. */
  get entries(): number {
    return Object.values(this.total()).reduce((sum, count) => sum + count, 0);
  }

  toJSON(): Record<string, Counts> {
    return Object.fromEntries(this.byType());
  }
}

const none = (): Counts => ({ created: 0, updated: 0, unchanged: 0, deleted: 0, refused: 0 });
