import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Clock } from '../clock.ts';
import type { Records } from '../store/store.ts';
import type { Seal } from './sealing.ts';

const kind = 'signing-keys';
const day = 86_400_000;
/** How long keys sign. */
const period = 30 * day;
/** Keys are published so long before they sign, so that nobody meets an id_token of a key they have not heard of. */
const ahead = day;
/** And so long after: an id_token is valid for an hour. */
const after = 7 * day;

/** The keys that the authorization server signs with, the ones in use first. */
export interface SigningKeys {
  keys: JWK[];
}

/**
 * One pair of keys (ES384, RS256) for each period of 30 days, made by whichever process needs it first, and kept
 * sealed in the store. The period is the record's id, so that all processes sign with the same.
 */
export async function signingKeys(records: Records, clock: Clock, seal: Seal): Promise<SigningKeys> {
  const now = clock.now().getTime();
  const current = Math.floor(now / period);
  const next = Math.floor((now + ahead) / period);
  for (const one of new Set([current, next])) await ensure(one, { records, now, seal });
  const published = (await records.list(kind, now)).filter(({ id }) => Number(id) <= next);
  const signsFirst = published.sort((a, b) => rank(a.id, current) - rank(b.id, current));
  return {
    keys: signsFirst.flatMap(({ id, value }) => JSON.parse(seal.open(nameOf(id), String(value))).keys),
  };
}

/** The current period, then earlier ones, and last the one to come. */
const rank = (id: string, current: number): number =>
  Number(id) > current ? Infinity : current - Number(id);

const nameOf = (id: string): string => `${kind}/${id}`;

async function ensure(of: number, { records, now, seal }: { records: Records; now: number; seal: Seal }) {
  const id = String(of);
  if (await records.get(kind, id, now)) return;
  const made = { keys: [await makeKey('ES384'), await makeKey('RS256')] };
  const value = seal.close(nameOf(id), JSON.stringify(made));
  await records.insert({ kind, id, value, expires: (of + 1) * period + after, family: null }, now);
}

async function makeKey(alg: 'ES384' | 'RS256'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, use: 'sig' };
}
