import { isIPv4 } from 'node:net';
import { createRateLimit } from '../../rate-limit.ts';

/** Somebody tries addresses of links that are none. */
export interface Guessing {
  /** Part of the net from which it comes, e.g. `203.0.113.0/24`. */
  network: string;
  /** How many were tried from there since it was last told. */
  tries: number;
}

export interface GuessWatch {
  /**
   * A wrong link from this address: the seconds it has to wait, 0 for none. Resolves when a guess has been told of, if
   * it was the one to tell of.
   */
  wrong(address: string): Promise<number>;
}

/** Wrong links a minute: an old or mistyped one now and then is nobody's fault. */
export const guessLimits = { ofAddress: 20, ofNetwork: 60 } as const;

/** How often one network is told of, in milliseconds. */
const tellEach = 3_600_000;
const mostNetworks = 10_000;

/**
 * Counts wrong links by address and network. Right ones are never held up: 256 bits are not found by trying, so what
 * the limit protects is the audit and the database, and nobody shuts a neighbour out.
 *
 * @param now milliseconds of a clock that nobody sets back
 */
export function createGuessWatch(
  tell: (guessing: Guessing) => Promise<void>,
  now: () => number = () => performance.now(),
): GuessWatch {
  const ofAddress = createRateLimit(guessLimits.ofAddress, now);
  const ofNetwork = createRateLimit(guessLimits.ofNetwork, now);
  const seen = new Map<string, { tries: number; told: number | undefined }>();

  return {
    async wrong(address) {
      const network = networkOf(address);
      const wait = Math.max(ofAddress.take(address), ofNetwork.take(network));
      if (seen.size >= mostNetworks) seen.clear();
      const known = seen.get(network) ?? { tries: 0, told: undefined };
      known.tries++;
      seen.set(network, known);
      if (wait > 0 && (known.told === undefined || now() - known.told >= tellEach)) {
        const { tries } = known;
        seen.set(network, { tries: 0, told: now() });
        await tell({ network, tries });
      }
      return wait;
    },
  };
}

/** The /24 of an IPv4 address, the /48 of an IPv6 one: what one party usually holds. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = '', tail] = plain.split('%')[0]?.toLowerCase().split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  return `${groups
    .slice(0, 3)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/48`;
}
