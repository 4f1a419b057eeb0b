import { expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

it('lets a minute’s worth through at once, then one at a time as the time passes', () => {
  let now = 0;
  const limit = createRateLimit(60, () => now);
  for (let count = 0; count < 60; count++) expect(limit.take('a')).toBe(0);
  expect([limit.take('a'), limit.wait('a'), limit.take('b')]).toEqual([1, 1, 0]);
  now += 1000;
  expect([limit.wait('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 1]);
  now += 3_600_000;
  for (let count = 0; count < 60; count++) expect(limit.take('a')).toBe(0);
  expect(limit.take('a')).toBe(1);
});

it('says how long to wait when little is let through', () => {
  const limit = createRateLimit(2, () => 0);
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 30]);
});

it('without a limit never waits', () => {
  const limit = createRateLimit(0, () => 0);
  for (let count = 0; count < 10_000; count++) expect(limit.take('a')).toBe(0);
});

it('forgets no one who has to wait, however many come', () => {
  const limit = createRateLimit(1, () => 0);
  expect(limit.take('guesser')).toBe(0);
  for (let count = 0; count < 12_000; count++) limit.take(`other-${count}`);
  expect(limit.take('guesser')).toBe(60);
});
