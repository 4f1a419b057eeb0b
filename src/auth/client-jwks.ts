import type { JWK } from 'jose';
import type { Logger } from 'pino';
import { Agent, fetch } from 'undici';
import type { Clock } from '../clock.ts';
import { type OutgoingPolicy, outgoingTarget } from '../exchange/outgoing-url.ts';
import { faultsOfKeys } from './client-keys.ts';

/** The keys that clients publish by URL. */
export interface ClientJwks {
  /** The keys at the address; with a `kid` that is not among them they are asked for again, at most once a minute. */
  keys(uri: string, kid: string | undefined): Promise<JWK[]>;
}

type FetchKeys = (uri: string) => Promise<unknown>;

/** Milliseconds for which keys are taken as they are: so long may a withdrawn one still be used. */
const lifetime = 600_000;
const soonestAgain = 60_000;

interface Known {
  keys: JWK[];
  /** When they were asked for, and when they came. */
  asked: number;
  fetched: number;
}

/** Keys that cannot be had, or are not right, are none: the client's assertions are refused, and the log says why. */
export function createClientJwks(fetchKeys: FetchKeys, clock: Clock, log: Pick<Logger, 'warn'>): ClientJwks {
  const known = new Map<string, Known>();
  const pending = new Map<string, Promise<Known>>();

  async function fetchNow(uri: string, asked: number): Promise<Known> {
    const before = known.get(uri);
    try {
      const jwks = await fetchKeys(uri);
      const faults = faultsOfKeys(jwks);
      if (faults[0]) throw new Error(`${faults[0].expression}: ${faults[0].text}`);
      return { keys: (jwks as { keys: JWK[] }).keys, asked, fetched: asked };
    } catch (error) {
      log.warn({ err: error }, 'the keys of a client could not be fetched');
      const fresh = before && asked - before.fetched < lifetime;
      return fresh ? { ...before, asked } : { keys: [], asked, fetched: asked };
    }
  }

  function again(uri: string, now: number): Promise<Known> {
    const running =
      pending.get(uri) ??
      fetchNow(uri, now)
        .then(found => {
          known.set(uri, found);
          return found;
        })
        .finally(() => pending.delete(uri));
    pending.set(uri, running);
    return running;
  }

  return {
    async keys(uri, kid) {
      const now = clock.now().getTime();
      const have = known.get(uri);
      if (!have || now - have.fetched >= lifetime) {
        if (have && now - have.asked < soonestAgain) return [];
        return (await again(uri, now)).keys;
      }
      const unknown = kid !== undefined && !have.keys.some(key => key.kid === kid);
      if (unknown && now - have.asked >= soonestAgain) return (await again(uri, now)).keys;
      return have.keys;
    },
  };
}

const longest = 64 * 1024;

/** Fetches a key set from where the policy lets the hub go: no redirect, 5 seconds, 64 KB. */
export function fetchingKeys(policy: OutgoingPolicy): FetchKeys {
  return async uri => {
    const { url, address, family } = await outgoingTarget(uri, policy);
    const dispatcher = new Agent({
      connect: { lookup: (_host, _options, done) => done(null, [{ address, family }]) },
    });
    try {
      const answer = await fetch(url, {
        dispatcher,
        redirect: 'error',
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(5000),
      });
      if (answer.status !== 200) throw new Error(`the key set was answered with ${answer.status}`);
      return JSON.parse(await upTo(longest, answer.body));
    } finally {
      await dispatcher.close();
    }
  };
}

async function upTo(bytes: number, body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > bytes) throw new Error(`the key set is larger than ${bytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
