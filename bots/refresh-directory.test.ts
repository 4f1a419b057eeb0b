import { expect, it } from 'vitest';
import type { BotApi } from '../src/events/bot.ts';
import { refreshDirectory } from './refresh-directory.ts';

it('names each source by itself, and reads the one that it is run for alone', async () => {
  const read: string[] = [];
  const sources = ['county', 'state'].map((name): [string, () => Promise<unknown>] => [
    `Organization/${name}`,
    async () => read.push(name),
  ]);
  const bot = refreshDirectory(new Map(sources));
  const api = {} as BotApi;
  expect(await bot.due?.(api)).toEqual(['Organization/county', 'Organization/state']);
  expect(await bot.run(api, { type: 'Organization', id: 'state', op: 'due' })).toEqual([]);
  expect(read).toEqual(['state']);
});

it('lets a source that cannot be read fail by itself', async () => {
  const fails = () => Promise.reject(new Error('no answer'));
  const bot = refreshDirectory(new Map([['Organization/county', fails]]));
  const due = { type: 'Organization', id: 'county', op: 'due' } as const;
  await expect(bot.run({} as BotApi, due)).rejects.toThrow('no answer');
  expect(await bot.run({} as BotApi, { ...due, id: 'gone' })).toEqual([]);
});
