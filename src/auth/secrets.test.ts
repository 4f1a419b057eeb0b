import { describe, expect, it } from 'vitest';
import { hashSecret, randomSecret, verifySecret } from './secrets.ts';

describe('client secrets', () => {
  it('are 256 bits and differ', () => {
    const made = Array.from({ length: 50 }, randomSecret);
    expect(new Set(made).size).toBe(50);
    for (const secret of made) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  });

  it('verify against their hash, which does not contain them and is salted', async () => {
    const secret = randomSecret();
    const [one, two] = await Promise.all([hashSecret(secret), hashSecret(secret)]);
    expect(one).not.toBe(two);
    expect(one).not.toContain(secret);
    expect(await verifySecret(secret, one)).toBe(true);
    expect(await verifySecret(secret, two)).toBe(true);
  });

  it.each(['', 'x', 'almost'])('refuse %j', async wrong => {
    const hash = await hashSecret('almost-right');
    expect(await verifySecret(wrong, hash)).toBe(false);
  });

  it('say so when what is stored is no hash, rather than compare with it', async () => {
    await expect(verifySecret('plain', 'plain')).rejects.toThrow(/not in the form/);
  });
});
