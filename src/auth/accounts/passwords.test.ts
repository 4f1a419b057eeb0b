import { expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './passwords.ts';

it('is kept as Argon2id with a salt of its own, in PHC form', async () => {
  const [one, other] = await Promise.all([hashPassword('harvest plover'), hashPassword('harvest plover')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w-]{22}\$[\w-]{43}$/);
  expect(one).not.toBe(other);
});

it('is right however its characters are composed, and wrong otherwise', async () => {
  const kept = await hashPassword('Läufer und Käse');
  expect(await verifyPassword('Läufer und Käse'.normalize('NFD'), kept)).toEqual({
    right: true,
    outdated: false,
  });
  expect((await verifyPassword('Läufer und Käsf', kept)).right).toBe(false);
  expect((await verifyPassword('', kept)).right).toBe(false);
});

it('tells when it is kept under other parameters than today’s', async () => {
  const kept = await hashPassword('harvest plover', { memory: 8192, passes: 1, parallelism: 1 });
  expect(await verifyPassword('harvest plover', kept)).toEqual({ right: true, outdated: true });
});

it('takes as long for nobody as for somebody, and is never right', async () => {
  const kept = await hashPassword('harvest plover');
  const time = async (hash: string | null) => {
    const times: number[] = [];
    for (let run = 0; run < 7; run++) {
      const start = performance.now();
      await verifyPassword('something else', hash);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[0] ?? 0;
  };
  expect((await verifyPassword('A'.repeat(32), null)).right).toBe(false);
  const [somebody, nobody] = [await time(kept), await time(null)];
  expect(nobody).toBeGreaterThan(somebody / 3);
});

it('does not keep the event loop from other work', async () => {
  let turns = 0;
  const count = setInterval(() => turns++, 1);
  await Promise.all([hashPassword('one of them'), hashPassword('and another')]);
  clearInterval(count);
  expect(turns).toBeGreaterThan(1);
});
