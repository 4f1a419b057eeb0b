import type { Context } from 'oidc-provider/lib/provider.js';
import { assertionAlgorithms } from './client-keys.ts';
import { otherScopes } from './scopes.ts';

/** Paths under the issuer. */
export const routes = {
  authorization: '/auth',
  token: '/token',
  introspection: '/introspect',
  revocation: '/revoke',
  jwks: '/jwks',
} as const;

const metadataPath = '/.well-known/oauth-authorization-server';
const openidPath = '/.well-known/openid-configuration';

/** Where a person comes back to once an interaction is over. */
const resumed = /^\/auth\/[A-Za-z0-9_-]+$/;

const methodsOf: ReadonlyMap<string, readonly string[]> = new Map([
  [routes.authorization, ['GET', 'POST']],
  [routes.token, ['POST']],
  [routes.introspection, ['POST']],
  [routes.revocation, ['POST']],
  [routes.jwks, ['GET', 'HEAD']],
  [metadataPath, ['GET', 'HEAD']],
  [openidPath, ['GET', 'HEAD']],
]);

export function endpoints(issuer: string) {
  return {
    authorization: issuer + routes.authorization,
    token: issuer + routes.token,
    introspection: issuer + routes.introspection,
    revocation: issuer + routes.revocation,
    jwks: issuer + routes.jwks,
  };
}

const authenticated = ['private_key_jwt', 'client_secret_basic', 'client_secret_post'];

/** What both descriptions of the server say; only what really works. */
function common(issuer: string) {
  const at = endpoints(issuer);
  return {
    issuer,
    authorization_endpoint: at.authorization,
    token_endpoint: at.token,
    introspection_endpoint: at.introspection,
    revocation_endpoint: at.revocation,
    jwks_uri: at.jwks,
    grant_types_supported: ['authorization_code', 'client_credentials'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: [
      ...otherScopes,
      ...['patient', 'user'].map(level => `${level}/*.cruds`),
      'system/*.cruds',
      'system/*.rs',
    ],
    token_endpoint_auth_methods_supported: [...authenticated, 'none'],
    token_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
  };
}

/** https://www.rfc-editor.org/rfc/rfc8414 and https://openid.net/specs/openid-connect-discovery-1_0.html */
export function serverMetadata(issuer: string): Record<string, unknown> {
  const checked = {
    auth_methods_supported: authenticated,
    auth_signing_alg_values_supported: [...assertionAlgorithms],
  };
  const forEndpoint = (name: string) =>
    Object.fromEntries(Object.entries(checked).map(([key, value]) => [`${name}_endpoint_${key}`, value]));
  const { grant_types_supported: grants, ...rest } = common(issuer);
  return {
    ...rest,
    grant_types_supported: [...grants, 'refresh_token'],
    ...forEndpoint('revocation'),
    ...forEndpoint('introspection'),
    response_modes_supported: ['query', 'form_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES384'],
    authorization_response_iss_parameter_supported: true,
  };
}

/** https://hl7.org/fhir/smart-app-launch/conformance.html */
export function smartConfiguration(issuer: string): Record<string, unknown> {
  return {
    ...common(issuer),
    capabilities: [
      'launch-ehr',
      'launch-standalone',
      'authorize-post',
      'client-public',
      'client-confidential-symmetric',
      'client-confidential-asymmetric',
      'sso-openid-connect',
      'context-banner',
      'context-ehr-patient',
      'context-ehr-encounter',
      'context-standalone-patient',
      'permission-offline',
      'permission-online',
      'permission-patient',
      'permission-user',
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
    // TLS ends at a proxy in front of the hub: cookies are for TLS alone where the issuer is reached by it.
    Object.defineProperty(ctx.request, 'secure', { value: issuer.startsWith('https:') });
    const methods = resumed.test(ctx.path) ? ['GET'] : methodsOf.get(ctx.path);
    if (!methods) return refuse(ctx, 404, 'there is nothing here');
    if (!methods.includes(ctx.method)) {
      ctx.set('Allow', methods.join(', '));
      return refuse(ctx, 405, `only ${methods.join(' and ')} is understood here, not ${ctx.method}`);
    }
    ctx.set('X-Content-Type-Options', 'nosniff');
    if (ctx.path === metadataPath || ctx.path === openidPath) ctx.body = metadata();
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
