import type { JWK } from 'jose';
import { InvalidClientAuth } from 'oidc-provider/lib/helpers/errors.js';
import { type Adapter, type Configuration, type Context, Provider } from 'oidc-provider/lib/provider.js';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { SignIn } from './authorization.ts';
import { clientCredentialsGrant, type Issue } from './client-credentials.ts';
import { assertionAlgorithms } from './client-keys.ts';
import { endpoints, guard, routes } from './endpoints.ts';
import { limitGuessing } from './limit-guessing.ts';
import { recordRefusals } from './record-refusals.ts';
import { renderAuthorizationError } from './render-error.ts';
import { wordsOf } from './scopes.ts';
import { spendAsVerifying, verifySecret } from './secrets.ts';
import { type CodeFlow, codeFlow, resourceServer } from './smart/code-flow.ts';
import { refreshWithoutClient } from './smart/refresh-without-client.ts';
import { tokenAnswer } from './smart/token-answer.ts';

/** An assertion lives at most five minutes (https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html). */
const longestAssertion = 300;
/** Seconds by which a client's clock may be off. */
const clockTolerance = 10;

export interface ProviderOptions {
  issuer: string;
  audience: string;
  keys: { keys: JWK[] };
  adapter: (model: string) => Adapter;
  issue: Issue;
  flow: CodeFlow;
  /** The public client that holds a refresh token. */
  publicHolder(refreshToken: string): Promise<string | undefined>;
  mayIntrospect(client: string, holder: string): Promise<boolean>;
  clock: Clock;
  log: Pick<Logger, 'warn' | 'error'>;
  /** The server's metadata, served under the issuer too. */
  metadata: () => Record<string, unknown>;
  record?: (signIn: SignIn) => Promise<void>;
  /** See AuthorizationOptions. */
  refusals?: { ofAddress: number; ofClient: number };
}

/** oidc-provider as the hub runs it: systems sign in with client credentials, people sign in to apps with a code. */
export function createProvider(options: ProviderOptions): Provider {
  const { issuer, audience, log } = options;
  const provider = new Provider(issuer, configurationOf(options));
  provider.Client.prototype.compareClientSecret = function (actual) {
    if (Provider.ctx) Provider.ctx.state.verified = true;
    return verifySecret(actual, this.clientSecret ?? '');
  };
  alwaysAsk(provider);
  provider.registerGrantType('client_credentials', clientCredentialsGrant(options.issue, audience), [
    'scope',
    'resource',
  ]);
  provider.use(guard(issuer, options.metadata));
  if (options.refusals) {
    const { ofAddress, ofClient } = options.refusals;
    provider.use(
      limitGuessing({ ofAddress: createRateLimit(ofAddress), ofClient: createRateLimit(ofClient) }),
    );
  }
  if (options.record) provider.use(recordRefusals(options.record));
  provider.use(refreshWithoutClient(options.publicHolder));
  provider.use(tokenAnswer(options.flow.grants, options.record));
  provider.use(nameTheGrant);
  provider.use(answerUnknownClientsAsSlowly);
  provider.on('authorization.error', (ctx, error) => logRefusal(log, ctx, error));
  provider.on('introspection.error', (ctx, error) => logRefusal(log, ctx, error));
  provider.on('grant.error', (ctx, error) => logRefusal(log, ctx, error));
  provider.on('revocation.error', (ctx, error) => logRefusal(log, ctx, error));
  provider.on('server_error', (ctx, error) => log.error({ err: error, path: ctx.path }, 'sign-in failed'));
  provider.on('error', error => log.error({ err: error }, 'sign-in failed'));
  return provider;
}

function configurationOf(options: ProviderOptions): Configuration {
  const { issuer, audience, keys, adapter, clock, flow } = options;
  const off = { enabled: false };
  return {
    ...codeFlow(flow),
    adapter,
    jwks: keys,
    routes,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    clientDefaults: {
      grant_types: ['client_credentials'],
      response_types: [],
      id_token_signed_response_alg: 'RS256',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    clockTolerance,
    enabledJWA: {
      clientAuthSigningAlgValues: [...assertionAlgorithms],
      idTokenSigningAlgValues: ['RS256', 'ES384'],
    },
    features: {
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx: Context, client: Holder, token: Holder) =>
          options.mayIntrospect(client.clientId, token.clientId),
      },
      revocation: { enabled: true, allowedPolicy: holdsToken },
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => audience,
        useGrantedResource: async () => true,
        getResourceServerInfo: (ctx: Context, resource: string) => resourceServer(ctx, resource, audience),
      },
      rpInitiatedLogout: off,
      userinfo: off,
    },
    responseTypes: ['code'],
    renderError: renderAuthorizationError,
    assertJwtClientAuthClaimsAndHeader: async (_ctx: Context, claims: Claims, header: Header) =>
      checkAssertion(claims, header, issuer, clock),
  };
}

interface Holder {
  clientId: string;
}

/**
 * A person is asked at each authorization, which is what `prompt=consent` asks for: SMART apps that want to refresh
 * tokens do not send it, and OpenID Connect leaves `offline_access` out without it.
 */
function alwaysAsk(provider: Provider): void {
  Object.defineProperty(provider.OIDCContext.prototype, 'prompts', {
    get(this: { params: { prompt?: string } }) {
      const asked = new Set(wordsOf(this.params.prompt ?? ''));
      return asked.has('none') ? asked : asked.add('consent');
    },
  });
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2 has an error of its own for it, which oidc-provider does not use. */
async function nameTheGrant(ctx: Context, next: () => Promise<void>): Promise<void> {
  await next();
  const body = ctx.body as { error_description?: string } | undefined;
  if (ctx.status === 400 && body?.error_description === 'requested grant type is not allowed for this client')
    ctx.body = { ...body, error: 'unauthorized_client' };
}

interface Claims {
  aud: string | string[];
  exp: number;
}
interface Header {
  kid?: unknown;
}

/** What SMART asks of an assertion beyond what oidc-provider has checked. */
function checkAssertion({ aud, exp }: Claims, { kid }: Header, issuer: string, clock: Clock): void {
  const wanted = endpoints(issuer).token;
  if (![aud].flat().some(audience => audience === wanted || audience === issuer)) {
    throw new InvalidClientAuth(`the audience must be ${wanted}`);
  }
  if (typeof kid !== 'string') throw new InvalidClientAuth('the assertion names no kid');
  if (exp > clock.now().getTime() / 1000 + longestAssertion + clockTolerance) {
    throw new InvalidClientAuth(`the assertion expires more than ${longestAssertion} seconds from now`);
  }
}

/** Whoever presents another's token learns nothing and changes nothing. */
function holdsToken(_ctx: Context, client: { clientId: string }, token: { clientId: string }): boolean {
  return client.clientId === token.clientId;
}

/** No secret was compared, since no such client exists: spend the time that comparing takes. */
async function answerUnknownClientsAsSlowly(ctx: Context, next: () => Promise<void>): Promise<void> {
  await next();
  const offered = ctx.oidc?.params?.client_secret ?? ctx.headers.authorization;
  if (ctx.status === 401 && typeof offered === 'string' && !ctx.state.verified)
    await spendAsVerifying(offered);
}

function logRefusal(log: Pick<Logger, 'warn'>, ctx: Context, error: Error): void {
  const client = ctx.oidc?.client?.clientId ?? ctx.oidc?.params?.client_id;
  const detail = 'error_detail' in error ? error.error_detail : undefined;
  const reason = 'error_description' in error ? error.error_description : undefined;
  log.warn({ client, error: error.message, reason, detail }, 'sign-in refused');
}
