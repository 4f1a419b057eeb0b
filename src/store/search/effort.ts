/** How much a search may look at before it changes its mind about where to begin. Numbers of index rows. */
export interface Effort {
  /** So few candidates that nothing better is looked for. */
  few: number;
  /** So few that they are gathered and sorted. */
  small: number;
  /** How far sets are counted that are large in any case. */
  large: number;
  /** How much of a stream is read before it is asked whether something else is quicker. */
  trial: number;
}

export const usualEffort: Effort = { few: 200, small: 1000, large: 100_000, trial: 3000 };
