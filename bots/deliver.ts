const firstDelayMs = 1_000;
const longestDelayMs = 60 * 60_000;

/**
 * Sends what waits in the outbox, and decides when what was not taken is tried again. The network is not here but in
 * the channels: this says when, and when it is a person's turn.
 */
export const deliver = {
  name: 'deliver',
  description: 'Sends notifications and mail, again where they were not taken, and parks what never is.',
  /** After so many failures in a row a person has to look: about five hours. */
  mostAttempts: 16,
  /** A handshake that nobody answers is given up sooner: whoever subscribes is waiting for it. */
  mostHandshakes: 4,
  /**
   * The wait in milliseconds after the nth failure: doubled each time, and spread by chance (0 to 1) over its second
   * half, so that those who failed together do not come again together.
   */
  delayMs(failures: number, chance: number): number {
    const whole = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
    return Math.round(whole / 2 + (whole / 2) * chance);
  },
} as const;
