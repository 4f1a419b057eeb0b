import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inOrder } from './in-order.ts';
import { Turns } from './turns.ts';

const soon = (ticks: number) => new Promise<void>(resolve => setTimeout(resolve, ticks));

it('a work waits for those before it that write what it writes or reads, and results come in order', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const job = fc.record({
    writes: fc.array(name, { maxLength: 2 }),
    reads: fc.array(name, { maxLength: 2 }),
    alone: fc.integer({ min: 0, max: 4 }).map(n => n === 0),
    ticks: fc.nat(3),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 12 }), async jobs => {
      const turns = new Turns();
      const ended: number[] = [];
      const taken: number[] = [];
      const items = jobs.map((one, at) => ({ ...one, at }));
      const source = async function* () {
        yield* items;
      };
      const work = ({ at, ticks, ...names }: (typeof items)[number]) =>
        turns.run(names, async () => {
          const before = items.filter(other => other.at < at && !ended.includes(other.at));
          const shared = [...names.writes, ...names.reads].filter(one =>
            before.some(other => other.writes.includes(one)),
          );
          expect(shared).toEqual([]);
          expect(before.filter(other => names.alone || other.alone)).toEqual([]);
          await soon(ticks);
          ended.push(at);
          return at;
        });
      await inOrder(source(), 4, work, async at => void taken.push(at));
      expect(taken).toEqual(items.map(item => item.at));
    }),
    { numRuns: 40 },
  );
});

it('never has more in hand than allowed, and ends what was begun when one fails', async () => {
  let open = 0;
  let most = 0;
  const source = async function* () {
    for (let at = 0; at < 20; at++) yield at;
  };
  const work = async (at: number) => {
    most = Math.max(most, ++open);
    await soon(1);
    open -= 1;
    if (at === 10) throw new Error('ten');
    return at;
  };
  const taken: number[] = [];
  await expect(inOrder(source(), 3, work, async at => void taken.push(at))).rejects.toThrow('ten');
  expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(3);
  expect(open).toBe(0);
});
