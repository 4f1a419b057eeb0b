import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../test/harness/databases.ts';
import { createSeal } from './sealing.ts';
import { signingKeys } from './signing-keys.ts';

const day = 86_400_000;

eachDatabase('the signing keys', database => {
  const seal = createSeal({ key: randomBytes(32), origin: 'here' });

  it('change every 30 days: published a day before they sign, and a week after', async () => {
    const { records } = await database.open();
    const kids = async (days: number) => {
      const clock = { now: () => new Date(days * day) };
      const { keys } = await signingKeys(records, clock, seal);
      return keys.filter(({ alg }) => alg === 'ES384').map(({ x }) => x);
    };
    const [first] = await kids(300);
    expect(await kids(328)).toEqual([first]);
    const [still, coming] = await kids(329.5);
    expect([still, coming]).toEqual([first, expect.any(String)]);
    expect(await kids(330)).toEqual([coming, first]);
    expect(await kids(338)).toEqual([coming]);
  });

  it('are the same for all who need them at once', async () => {
    const { records } = await database.open();
    const clock = { now: () => new Date(500 * day) };
    const made = await Promise.all(Array.from({ length: 4 }, () => signingKeys(records, clock, seal)));
    expect(new Set(made.map(keys => JSON.stringify(keys))).size).toBe(1);
  });
});
