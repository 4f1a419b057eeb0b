import type { Context } from 'oidc-provider/lib/provider.js';
import { assertionAlgorithms } from './client-keys.ts';

/** Paths under the issuer. */
export const routes = { token: '/token', revocation: '/revoke', jwks: '/jwks' } as const;

const metadataPath = '/.well-known/oauth-authorization-server';

const methodsOf: ReadonlyMap<string, readonly string[]> = new Map([
  [routes.token, ['POST']],
  [routes.revocation, ['POST']],
  [routes.jwks, ['GET', 'HEAD']],
  [metadataPath, ['GET', 'HEAD']],
]);

export function endpoints(issuer: string) {
  return {
    token: issuer + routes.token,
    revocation: issuer + routes.revocation,
    jwks: issuer + routes.jwks,
  };
}

/** What both descriptions of the server say; only what really works. */
function common(issuer: string) {
  const methods = ['private_key_jwt', 'client_secret_basic', 'client_secret_post'];
  return {
    issuer,
    token_endpoint: endpoints(issuer).token,
    revocation_endpoint: endpoints(issuer).revocation,
    jwks_uri: endpoints(issuer).jwks,
    grant_types_supported: ['client_credentials'],
    scopes_supported: ['system/*.cruds', 'system/*.rs'],
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
  };
}

/** https://www.rfc-editor.org/rfc/rfc8414 */
export function serverMetadata(issuer: string): Record<string, unknown> {
  const { token_endpoint_auth_methods_supported: methods, ...rest } = common(issuer);
  return {
    ...rest,
    response_types_supported: [],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
  };
}

/** https://hl7.org/fhir/smart-app-launch/conformance.html */
export function smartConfiguration(issuer: string): Record<string, unknown> {
  return {
    ...common(issuer),
    capabilities: [
      'client-confidential-asymmetric',
      'client-confidential-symmetric',
      'permission-v1',
      'permission-v2',
    ],
  };
}

/**
 * Lets through what the hub offers and answers all else itself. It also fixes the address that oidc-provider
 * believes it was called under: taken from the Host header, a caller could choose the audience of its assertions.
 */
export function guard(issuer: string, metadata: () => Record<string, unknown>) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    Object.defineProperty(ctx, 'href', { value: issuer });
    Object.defineProperty(ctx, 'mountPath', { value: new URL(issuer).pathname });
    const methods = methodsOf.get(ctx.path);
    if (!methods) return refuse(ctx, 404, 'there is nothing here');
    if (!methods.includes(ctx.method)) {
      ctx.set('Allow', methods.join(', '));
      return refuse(ctx, 405, `only ${methods.join(' and ')} is understood here, not ${ctx.method}`);
    }
    ctx.set('X-Content-Type-Options', 'nosniff');
    if (ctx.path === metadataPath) ctx.body = metadata();
    else await withoutItsCors(ctx, next);
  };
}

/**
 * oidc-provider adds CORS headers of its own, and tells a client that exists from one that does not by its refusal
 * of an origin, before any secret is looked at. It leaves that to others once such a header is there.
 */
async function withoutItsCors(ctx: Context, next: () => Promise<void>): Promise<void> {
  ctx.set('Access-Control-Expose-Headers', 'WWW-Authenticate');
  await next();
  ctx.remove('Access-Control-Expose-Headers');
}

function refuse(ctx: Context, status: number, description: string): void {
  ctx.status = status;
  ctx.body = { error: 'invalid_request', error_description: description };
}
