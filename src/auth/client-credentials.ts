import { InvalidClientAuth, InvalidScope, InvalidTarget } from 'oidc-provider/lib/helpers/errors.js';
import type { Context } from 'oidc-provider/lib/provider.js';
import { HubError } from '../errors.ts';
import type { IssuedToken } from './authorization.ts';

/** Issues a token to a client by its id: HubError `invalid` for the scope, else it is the client that is refused. */
export type Issue = (request: { client: string; scope: string; address: string }) => Promise<IssuedToken>;

/**
 * The client_credentials grant by SMART's rules, which compare what scopes mean and not how they are written: the
 * scope is required, and each one asked for is granted whole or refused by name.
 * https://hl7.org/fhir/smart-app-launch/backend-services.html#obtain-access-token
 */
export function clientCredentialsGrant(issue: Issue, audience: string) {
  return async (ctx: Context): Promise<void> => {
    const { scope, resource } = ctx.oidc?.params ?? {};
    const client = ctx.oidc?.client?.clientId;
    if (client === undefined) throw new InvalidClientAuth('no client was authenticated');
    if (resource !== undefined && resource !== audience) {
      throw new InvalidTarget(`tokens are for the resource ${audience}`);
    }
    if (typeof scope !== 'string') throw new InvalidScope('a scope is required, for example system/Task.rs');
    const { token, ttl, scope: granted } = await issueOrRefuse(issue, { client, scope, address: ctx.ip });
    ctx.body = {
      access_token: token,
      token_type: 'Bearer',
      expires_in: ttl,
      scope: granted,
    };
  };
}

async function issueOrRefuse(issue: Issue, request: Parameters<Issue>[0]): Promise<IssuedToken> {
  try {
    return await issue(request);
  } catch (error) {
    if (!(error instanceof HubError) || error.kind === 'unavailable') throw error;
    if (error.kind === 'invalid') throw new InvalidScope(error.message);
    throw new InvalidClientAuth(error.message);
  }
}
