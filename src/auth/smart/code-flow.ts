import { InvalidGrant, InvalidRequest, InvalidTarget } from 'oidc-provider/lib/helpers/errors.js';
import { Check, Prompt } from 'oidc-provider/lib/helpers/interaction_policy/index.js';
import type { Context, ProviderToken } from 'oidc-provider/lib/provider.js';
import type { People } from '../people.ts';
import type { ScopeReader } from '../scope-reader.ts';
import { wordsOf } from '../scopes.ts';
import { personOf } from './account-id.ts';
import { type Grants, grantTtl } from './grants.ts';
import type { Launches } from './launches.ts';
import { requireRegisteredScope } from './requested-scope.ts';

export interface CodeFlow {
  issuer: string;
  /** The FHIR base URL. */
  audience: string;
  people: People;
  scopes: ScopeReader;
  grants: Grants;
  launches: Launches;
  registeredScope(client: string): Promise<string | undefined>;
}

/** Seconds. A refresh token for `online_access` lasts as long as a day's work at the most. */
const ttl = { code: 60, accessToken: 600, idToken: 3600, interaction: 1800, online: 12 * 3600 };

/** The part of oidc-provider's configuration by which people sign in to apps. */
export function codeFlow(flow: CodeFlow): Record<string, unknown> {
  const { issuer, people } = flow;
  return {
    scopes: ['openid', 'fhirUser', 'profile', 'offline_access', 'online_access'],
    claims: { openid: ['sub'], fhirUser: ['fhirUser'], profile: ['name', 'profile'] },
    pkce: { required: () => true },
    extraParams: { aud: checkAudience(flow), launch: checkLaunch(flow) },
    findAccount: (_ctx: Context, subject: string) => account(flow, subject),
    loadExistingGrant: loadGrant,
    interactions: {
      policy: policy(people),
      url: (_ctx: Context, { uid }: { uid: string }) => `${issuer}/interaction/${uid}`,
    },
    issueRefreshToken: async (_ctx: Context, _client: unknown, source: ProviderToken) =>
      source.scopes.has('offline_access') || source.scopes.has('online_access'),
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    revokeGrantPolicy: (ctx: Context) => !(ctx.oidc?.route === 'revocation' && ctx.oidc.entities.AccessToken),
    allowOmittingSingleRegisteredRedirectUri: false,
    // `prompt` never lasts longer than the one authorization: oidc-provider's own session is not kept.
    cookies: { names: { session: 'hub_oauth', interaction: 'hub_interaction', resume: 'hub_resume' } },
    ttl: {
      AccessToken: ttl.accessToken,
      AuthorizationCode: ttl.code,
      Grant: grantTtl,
      IdToken: ttl.idToken,
      Interaction: ttl.interaction,
      RefreshToken: refreshTtl,
      Session: ttl.interaction,
    },
    extraTokenClaims: async (_ctx: Context, token: ProviderToken) => {
      if (!token.grantId) return undefined;
      const [context, person] = [
        await flow.grants.context(token.grantId),
        await account(flow, token.accountId),
      ];
      const { fhirUser } = (await person?.claims()) ?? {};
      return { ...context, ...(token.scopes.has('fhirUser') ? { fhirUser } : {}) };
    },
  };
}

/** As long as the first one: rotating a token does not make it last. */
function refreshTtl(ctx: Context, token: ProviderToken): number {
  const { RotatedRefreshToken: rotated } = ctx.oidc?.entities ?? {};
  if (rotated) return rotated.remainingTTL;
  return token.scopes.has('offline_access') ? grantTtl : ttl.online;
}

/** Asked for each time: whoever left, was suspended, or acts for the organization no more, has no account here. */
async function account({ people, audience }: CodeFlow, subject: string | undefined) {
  if (subject === undefined) return undefined;
  const { account, organization } = personOf(subject);
  const person = await people.find(account, organization);
  if (!person) return undefined;
  const fhirUser = `${audience}/Practitioner/${person.practitioner}`;
  return {
    accountId: subject,
    claims: async () => ({ sub: subject, name: person.name, profile: fhirUser, fhirUser }),
  };
}

async function loadGrant(ctx: Context) {
  const grant = ctx.oidc?.result?.consent?.grantId;
  return grant === undefined ? undefined : ctx.oidc?.provider.Grant.find(grant);
}

/** Nobody is signed in, or nobody has allowed it yet: each authorization is asked for anew. */
function policy(people: People) {
  const signedIn = async (ctx: Context) =>
    (await people.fromCookie(ctx.get('cookie') || undefined)) !== undefined;
  const nobody = new Check(
    'nobody',
    'the person is not signed in',
    'login_required',
    async ctx => !(ctx.oidc?.result?.login || (await signedIn(ctx))),
  );
  const notAllowed = new Check(
    'not_allowed',
    'the person has to allow it',
    'consent_required',
    async ctx => ctx.oidc?.result?.consent === undefined,
  );
  return [
    new Prompt({ name: 'login', requestable: true }, nobody),
    new Prompt({ name: 'consent', requestable: true }, notAllowed),
  ];
}

/** https://hl7.org/fhir/smart-app-launch/app-launch.html#obtain-authorization-code : the token is for this server. */
const checkAudience =
  ({ audience }: CodeFlow) =>
  async (_ctx: Context, aud: unknown): Promise<void> => {
    if (typeof aud !== 'string') throw new InvalidRequest(`the parameter aud is required: ${audience}`);
    if (aud.replace(/\/$/, '') !== audience) throw new InvalidRequest(`aud must be ${audience}`);
  };

const checkLaunch =
  (flow: CodeFlow) =>
  async (ctx: Context, launch: unknown): Promise<void> => {
    const client = ctx.oidc?.client?.clientId ?? '';
    const requested = String(ctx.oidc?.params?.scope ?? '');
    await requireRegisteredScope(requested, (await flow.registeredScope(client)) ?? '', flow.scopes);
    if (!wordsOf(requested).includes('launch')) return;
    if (typeof launch !== 'string') throw new InvalidRequest('the scope launch needs the parameter launch');
    if (!(await flow.launches.find(launch, client)))
      throw new InvalidRequest(
        'this launch is not known (any more): start the app again from where it was opened',
      );
  };

/** The tokens of a grant are for the FHIR API, with the scopes that were asked for or, later, allowed. */
export async function resourceServer(ctx: Context, resource: string, audience: string) {
  if (resource.replace(/\/$/, '') !== audience)
    throw new InvalidTarget(`tokens are for the resource ${audience}`);
  const { Grant: grant } = ctx.oidc?.entities ?? {};
  const scope = grant?.getResourceScope(audience) || String(ctx.oidc?.params?.scope ?? '');
  if (ctx.oidc?.route === 'token' && !grant) throw new InvalidGrant('grant not found');
  return { scope, audience, accessTokenFormat: 'opaque' };
}
