import type { Context } from 'oidc-provider/lib/provider.js';
import type { SignIn } from './authorization.ts';
import { routes } from './endpoints.ts';

/** Longer than any client id of the hub: what is sent instead is not kept whole. */
const longestId = 100;

/** Records each sign-in that is refused before the refusal leaves; those that succeed are recorded with the token. */
export function recordRefusals(record: (signIn: SignIn) => Promise<void>) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    await next();
    if (ctx.path !== routes.token || ctx.status < 400) return;
    const named = ctx.oidc?.client?.clientId ?? ctx.oidc?.params?.client_id;
    const client = typeof named === 'string' ? named.slice(0, longestId) : undefined;
    try {
      await record({ issued: false, client, address: ctx.ip });
    } catch {
      // The audit has said why it cannot be written; the caller is told to come back.
      ctx.status = 503;
      ctx.body = { error: 'temporarily_unavailable' };
    }
  };
}
