import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt);

/**
 * Secrets are 256 random bits, so nobody finds one by guessing; the cost (kept with each hash, so that it can be
 * raised) is what each sign-in pays, and what a flood of wrong secrets would make the hub pay.
 */
const cost = { N: 4096, r: 8, p: 1 };
const hashLength = 32;

/** A client secret or an access token: 256 random bits, base64url. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, hashLength, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

export async function verifySecret(secret: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt, hash] = stored.split('$');
  if (scheme !== 'scrypt' || !salt || !hash)
    throw new Error('A stored client secret is not in the form scrypt$…');
  const expected = Buffer.from(hash, 'base64url');
  const parameters = { N: Number(N), r: Number(r), p: Number(p) };
  const actual = await derive(secret, Buffer.from(salt, 'base64url'), expected.length, parameters);
  return timingSafeEqual(actual, expected);
}

/** Takes as long as `verifySecret`: an unknown client must not answer sooner than a wrong secret. */
export async function spendAsVerifying(secret: string): Promise<void> {
  await derive(secret, Buffer.alloc(16), hashLength, cost);
}
