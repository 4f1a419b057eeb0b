import { hash } from 'node:crypto';
import type { Actor, Scope } from '../access/actor.ts';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import type { Records } from '../store/store.ts';
import type { IssuedToken } from './authorization.ts';
import { type Client, familyOf, findClient } from './clients.ts';
import { beyond, formatScope, parseScopes } from './scopes.ts';
import { randomSecret } from './secrets.ts';

/** What is kept of an access token, under the SHA-256 of its value: a stolen database gives no usable token. */
interface TokenRecord {
  client: string;
  organization: string;
  scope: string;
  loads: boolean;
}

export interface Tokens {
  /**
   * A token for at most `scope` (the client's own when absent) and `ttl` seconds.
   * HubError: `invalid` for a scope that is wrong or beyond the registration, `forbidden` for a suspended client.
   */
  issue(client: Client, scope: string | undefined, ttl: number): Promise<IssuedToken>;
  /** The actor of a token that is valid now. */
  actor(token: string): Promise<Actor | undefined>;
  /** The id of the client that holds the token. */
  holder(token: string): Promise<string | undefined>;
  revoke(token: string): Promise<void>;
}

const kind = 'access-token';

export function createTokens(records: Records, clock: Clock, resourceTypes?: ReadonlySet<string>): Tokens {
  const scopesOf = rememberScopes();
  const find = async (token: string) => {
    const record = await records.recall(kind, digest(token), clock.now().getTime());
    return record?.value as TokenRecord | undefined;
  };
  return {
    async issue(client, wanted, ttl) {
      refuseSuspended(client);
      const scope = grantedScope(client, wanted, resourceTypes);
      const token = randomSecret();
      const { clientId, organization, loads } = client;
      const value: TokenRecord = { client: clientId, organization, scope, loads };
      const expires = new Date(clock.now().getTime() + ttl * 1000);
      await records.put({
        kind,
        id: digest(token),
        value,
        expires: expires.getTime(),
        family: familyOf(clientId),
      });
      await refuseIfSuspendedMeanwhile(records, clock, clientId, token);
      return { token, expires, ttl, scope };
    },
    async actor(token) {
      const record = await find(token);
      if (!record) return undefined;
      const { client: id, organization, scope, loads } = record;
      return { kind: 'client', id, organization, scopes: scopesOf(scope), ...(loads ? { loads } : {}) };
    },
    async holder(token) {
      return (await find(token))?.client;
    },
    revoke: token => records.remove(kind, digest(token)),
  };
}

function digest(token: string): string {
  return hash('sha256', token, 'base64url');
}

function refuseSuspended(client: Client): void {
  if (client.suspended) {
    throw new HubError('forbidden', `The client ${client.clientId} is suspended: see hub client resume`);
  }
}

/** A suspension marks the client first and removes its tokens then: one of the two sees the other. */
async function refuseIfSuspendedMeanwhile(records: Records, clock: Clock, clientId: string, token: string) {
  const client = await findClient(records, clock, clientId);
  if (client && !client.suspended) return;
  await records.remove(kind, digest(token));
  throw new HubError('forbidden', `The client ${clientId} is suspended: see hub client resume`);
}

/** The wanted scopes as written, when the registration covers all of them. */
function grantedScope(
  client: Client,
  wanted: string | undefined,
  resourceTypes?: ReadonlySet<string>,
): string {
  if (wanted === undefined) return client.scope;
  const exceeding = beyond(parseScopes(wanted, resourceTypes), parseScopes(client.scope));
  if (exceeding.length > 0) {
    const list = exceeding.map(formatScope).join(' ');
    throw new HubError(
      'invalid',
      `${list}: beyond what ${client.clientId} is registered for (${client.scope})`,
    );
  }
  return [...new Set(wanted.split(' ').filter(token => token !== ''))].join(' ');
}

/** Parsing a scope costs more than finding a token, and clients ask for the same few again and again. */
function rememberScopes(limit = 1000): (scope: string) => readonly Scope[] {
  const known = new Map<string, readonly Scope[]>();
  return scope => {
    const remembered = known.get(scope);
    if (remembered) return remembered;
    if (known.size >= limit) known.clear();
    const scopes = Object.freeze(parseScopes(scope));
    known.set(scope, scopes);
    return scopes;
  };
}
