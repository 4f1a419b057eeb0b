/** How much one search may ask for: beyond it a request is refused with a text that says so. */
export const limits = {
  /** Matches on a page when `_count` is absent, and the most that `_count` gives. */
  defaultCount: 20,
  maxCount: 1000,
  /** Conditions, and comma-separated values of one condition. */
  parameters: 100,
  values: 500,
  /** Value sets of one `:in`, and codes of one `:above` or `:below`. */
  codeLists: 20,
  /** Links of a chain, `_has` included. */
  depth: 8,
  /** Alternatives a chain without a type spreads into (`subject.name`: Patient, Group, …). */
  alternatives: 40,
  /** Types a reference given by its bare id is looked for in. */
  bareTypes: 10,
  sortKeys: 5,
  /** Included resources of one page, and how often `:iterate` goes on from what was included. */
  included: 1000,
  iterations: 5,
} as const;
