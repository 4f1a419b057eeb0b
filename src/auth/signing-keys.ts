import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Clock } from '../clock.ts';
import type { Records } from '../store/store.ts';
import type { Seal } from './sealing.ts';

const kind = 'signing-keys';
const id = 'current';
const name = `${kind}/${id}`;

/** The keys that the authorization server signs with, made at first use and kept sealed in the store. */
export async function signingKeys(records: Records, clock: Clock, seal: Seal): Promise<{ keys: JWK[] }> {
  const now = clock.now().getTime();
  const kept = await records.get(kind, id, now);
  if (kept) return JSON.parse(seal.open(name, String(kept.value)));
  const made = { keys: [await makeKey()] };
  const value = seal.close(name, JSON.stringify(made));
  if (await records.insert({ kind, id, value, expires: null, family: null }, now)) return made;
  return signingKeys(records, clock, seal);
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES384', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'ES384', use: 'sig' };
}
