import { InvalidClientAuth } from 'oidc-provider/lib/helpers/errors.js';
import type { Adapter } from 'oidc-provider/lib/provider.js';
import type { Clock } from '../clock.ts';
import type { Records } from '../store/store.ts';
import { type Client, findClient } from './clients.ts';
import type { Tokens } from './tokens.ts';

/** The models of oidc-provider that signing in as a system needs, on the hub's records; any other is refused. */
export function createAdapter(records: Records, clock: Clock, tokens: Tokens): (model: string) => Adapter {
  return model => {
    if (model === 'Client') return { ...nothing(model), find: id => findProviderClient(records, clock, id) };
    if (model === 'ReplayDetection') return replayDetection(records, clock);
    if (model === 'ClientCredentials') return accessTokens(tokens);
    return nothing(model);
  };
}

/** A suspended client is as unknown as one that never was. */
async function findProviderClient(records: Records, clock: Clock, id: string) {
  const client = await findClient(records, clock, id);
  return client && !client.suspended ? metadataOf(client) : undefined;
}

/** RFC 7591 metadata. What stands as `client_secret` is its hash: `compareClientSecret` is the hub's own. */
function metadataOf(client: Client): Record<string, unknown> | undefined {
  const common = {
    client_id: client.clientId,
    client_name: client.name,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  };
  if (client.jwks) return { ...common, token_endpoint_auth_method: 'private_key_jwt', jwks: client.jwks };
  if (!client.secretHash) return undefined;
  return { ...common, token_endpoint_auth_method: 'client_secret_basic', client_secret: client.secretHash };
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

/** For revocation (RFC 7009): tokens are issued and looked up by the hub itself. */
function accessTokens(tokens: Tokens): Adapter {
  return {
    ...nothing('ClientCredentials'),
    async find(token) {
      const clientId = await tokens.holder(token);
      return clientId === undefined ? undefined : { kind: 'ClientCredentials', jti: token, clientId };
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
