import type { JWK } from 'jose';
import { InvalidClientAuth } from 'oidc-provider/lib/helpers/errors.js';
import type { Adapter } from 'oidc-provider/lib/provider.js';
import type { Clock } from '../clock.ts';
import type { Records } from '../store/store.ts';
import { type Client, findClient } from './clients.ts';
import { readScopes } from './scopes.ts';
import type { Grants } from './smart/grants.ts';
import { appModel, isAppModel } from './smart/models.ts';
import type { Tokens } from './tokens.ts';

/** The models of oidc-provider that the hub uses, on the hub's records; any other is refused. */
export function createAdapter(
  records: Records,
  clock: Clock,
  { tokens, grants, keysOf }: { tokens: Tokens; grants: Grants; keysOf: KeysOf },
): (model: string) => Adapter {
  return model => {
    if (isAppModel(model)) return appModel({ records, clock, grants }, model, nothing(model));
    if (model === 'Client')
      return { ...nothing(model), find: id => findProviderClient(records, clock, keysOf, id) };
    if (model === 'ReplayDetection') return replayDetection(records, clock);
    if (model === 'ClientCredentials') return accessTokens(tokens, clock);
    return nothing(model);
  };
}

/** The keys that a client publishes at an address, as far as the request that is being answered needs them. */
export type KeysOf = (uri: string) => Promise<JWK[]>;

/** A suspended client is as unknown as one that never was. */
async function findProviderClient(records: Records, clock: Clock, keysOf: KeysOf, id: string) {
  const client = await findClient(records, clock, id);
  if (!client || client.suspended) return undefined;
  const { jwksUri } = client;
  return metadataOf(jwksUri === undefined ? client : { ...client, jwks: { keys: await keysOf(jwksUri) } });
}

/** RFC 7591 metadata. What stands as `client_secret` is its hash: `compareClientSecret` is the hub's own. */
function metadataOf(client: Client): Record<string, unknown> | undefined {
  const { clientId, name, redirectUris = [], idTokenAlg = 'RS256' } = client;
  const authentication = authenticationOf(client);
  if (!authentication) return undefined;
  const app = redirectUris.length > 0;
  const system = !client.public && readScopes(client.scope).resources.some(one => one.level === 'system');
  return {
    client_id: clientId,
    client_name: name,
    grant_types: [
      ...(system ? ['client_credentials'] : []),
      ...(app ? ['authorization_code', 'refresh_token'] : []),
    ],
    response_types: app ? ['code'] : [],
    redirect_uris: redirectUris,
    id_token_signed_response_alg: idTokenAlg,
    ...authentication,
  };
}

function authenticationOf({ jwks, secretHash, ...client }: Client): object | undefined {
  if (client.public) return { token_endpoint_auth_method: 'none' };
  if (jwks) return { token_endpoint_auth_method: 'private_key_jwt', jwks };
  return secretHash === undefined
    ? undefined
    : { token_endpoint_auth_method: 'client_secret_basic', client_secret: secretHash };
}

/**
 * oidc-provider asks whether an assertion was seen and notes it then, so two at once would both pass. Here the
 * note itself decides: of any number that carry one `jti`, the first that is inserted wins.
 */
function replayDetection(records: Records, clock: Clock): Adapter {
  return {
    ...nothing('ReplayDetection'),
    find: async () => undefined,
    async upsert(id, payload, expiresIn) {
      const now = clock.now().getTime();
      const expires = now + expiresIn * 1000;
      const seen = { kind: 'assertion', id: `${payload.iss} ${id}`, value: null, expires, family: null };
      if (!(await records.insert(seen, now))) throw new InvalidClientAuth('the assertion was used before');
    },
  };
}

/** For revocation (RFC 7009) and introspection (RFC 7662): tokens of systems are issued by the hub itself. */
function accessTokens(tokens: Tokens, clock: Clock): Adapter {
  return {
    ...nothing('ClientCredentials'),
    async find(token) {
      const held = await tokens.held(token);
      if (!held) return undefined;
      // oidc-provider judges by the clock of the machine.
      const left = held.expires.getTime() - clock.now().getTime();
      const exp = Math.floor((Date.now() + left) / 1000);
      const { client: clientId, scope } = held;
      return { kind: 'ClientCredentials', jti: token, clientId, scope, exp };
    },
    destroy: token => tokens.revoke(token),
  };
}

/** A model that has no records; what would write one is a mistake in the configuration. */
function nothing(model: string): Adapter {
  const refuse = async () => {
    throw new Error(`${model} is not a record of the hub's authorization server`);
  };
  const none = async () => undefined;
  return {
    upsert: refuse,
    find: none,
    findByUserCode: none,
    findByUid: none,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}
