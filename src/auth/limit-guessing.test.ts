import type { Context } from 'oidc-provider/lib/provider.js';
import { expect, it } from 'vitest';
import { createRateLimit } from '../rate-limit.ts';
import { limitGuessing } from './limit-guessing.ts';

/** A request to the token endpoint that is answered with a status; resolves to the status that leaves. */
function server(now: () => number) {
  const limit = limitGuessing({
    ofAddress: createRateLimit(5, now),
    ofClient: createRateLimit(2, now),
  });
  return async (of: { ip?: string; client?: string; path?: string }, status: number) => {
    const { ip = '192.0.2.1', client = 'ehr', path = '/token' } = of;
    const authorization = `Basic ${Buffer.from(`${client}:word`).toString('base64')}`;
    const context = {
      ip,
      path,
      status: 200,
      body: undefined,
      set: () => undefined,
      get: () => authorization,
    };
    await limit(context as unknown as Context, async () => {
      context.status = status;
    });
    return context.status;
  };
}

it('does not listen to a client at an address that was refused too often, and does again after a while', async () => {
  let now = 0;
  const ask = server(() => now);
  expect([await ask({}, 401), await ask({}, 401), await ask({}, 200)]).toEqual([401, 401, 429]);
  expect(await ask({ client: 'other' }, 200)).toBe(200);
  expect(await ask({ ip: '192.0.2.2' }, 200)).toBe(200);
  now += 30_000;
  expect(await ask({}, 200)).toBe(200);
});

it('nor to an address that tries many clients; who signs in uses nothing up', async () => {
  const ask = server(() => 0);
  for (let count = 0; count < 50; count++) expect(await ask({}, 200)).toBe(200);
  for (let count = 0; count < 5; count++) expect(await ask({ client: `c${count}` }, 401)).toBe(401);
  expect(await ask({ client: 'fresh' }, 200)).toBe(429);
  expect(await ask({ client: 'fresh', path: '/jwks' }, 200)).toBe(200);
});
