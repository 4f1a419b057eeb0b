import type { Context } from 'oidc-provider/lib/provider.js';
import type { RateLimit } from '../rate-limit.ts';
import { routes } from './endpoints.ts';

/**
 * Who is refused too often is not listened to for a while: each refusal counts against the address, and against
 * the client named together with it, so that nobody locks a client out from elsewhere. Those who sign in count
 * for nothing.
 */
export function limitGuessing(refusals: { ofAddress: RateLimit; ofClient: RateLimit }) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    if (ctx.path !== routes.token) return next();
    const named = basicUser(ctx.get('authorization'));
    const seconds = Math.max(
      refusals.ofAddress.wait(ctx.ip),
      named === undefined ? 0 : refusals.ofClient.wait(`${ctx.ip} ${named}`),
    );
    if (seconds > 0) return refuse(ctx, seconds);
    await next();
    if (ctx.status < 400 || ctx.status >= 500) return;
    refusals.ofAddress.take(ctx.ip);
    const client = named ?? ctx.oidc?.client?.clientId ?? ctx.oidc?.params?.client_id;
    if (typeof client === 'string') refusals.ofClient.take(`${ctx.ip} ${client.slice(0, 100)}`);
  };
}

/** https://www.rfc-editor.org/rfc/rfc7617 : the client id, where it comes before the body is read. */
function basicUser(header: string): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  return encoded && Buffer.from(encoded, 'base64').toString().split(':')[0]?.slice(0, 100);
}

function refuse(ctx: Context, seconds: number): void {
  ctx.status = 429;
  ctx.set('Retry-After', String(seconds));
  ctx.body = {
    error: 'temporarily_unavailable',
    error_description: `too many refused sign-ins: try again in ${seconds} seconds`,
  };
}
