import type { Clock } from '../../clock.ts';
import type { AccountStore, Patience } from '../../store/accounts/types.ts';
import { digestOf } from './secret-hash.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What is counted, and how patient the hub is with it. */
export const patience = {
  /** One account from one address. */
  accountAtAddress: { free: 5, first: second, longest: 15 * minute, memory: day },
  /** One account from anywhere but its owner's devices. */
  account: { free: 20, first: 15 * second, longest: 15 * minute, memory: day },
  /** Any accounts from one address, which may be that of a whole hospital. */
  address: { free: 50, first: second, longest: minute, memory: hour },
  /** One account from a device that its owner has signed in on before: what others do elsewhere does not count. */
  device: { free: 10, first: second, longest: 15 * minute, memory: day },
  /** Codes of the second factor, after the right password. */
  factor: { free: 5, first: 2 * second, longest: 15 * minute, memory: day },
  /** Mails that anybody can ask for. */
  mails: { free: 3, first: minute, longest: hour, memory: day },
  mailsFromAddress: { free: 20, first: minute, longest: hour, memory: day },
} as const satisfies Record<string, Patience>;

export type Counted = { rule: keyof typeof patience; of: string };

/** One try: counted before the secret is looked at, so that many at once gain nothing. */
export interface Try {
  /** Seconds to wait; 0: it may go on. */
  wait: number;
  /** It was right: what counted against the one who tried is forgotten, what others share is only not raised. */
  right(): Promise<void>;
}

/** @param counted what it counts against; the first is the one who tries, forgotten when they are right */
export async function attempt(
  store: Pick<AccountStore, 'attempt' | 'refund' | 'forgetAttempts'>,
  clock: Clock,
  counted: readonly Counted[],
): Promise<Try> {
  const now = clock.now().getTime();
  const names = counted.map(({ rule, of }) => digestOf(`attempts ${rule}`, of));
  let wait = 0;
  for (const [at, { rule }] of counted.entries()) {
    const until = await store.attempt(names[at] ?? '', patience[rule], now);
    if (until !== undefined) wait = Math.max(wait, Math.ceil((until - now) / second), 1);
  }
  return {
    wait,
    async right() {
      const [own = '', ...shared] = names;
      await store.forgetAttempts(own);
      for (const name of shared) await store.refund(name, now);
    },
  };
}
