import { hash } from 'node:crypto';
import type { Actor, Scope } from '../access/actor.ts';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import type { Records } from '../store/store.ts';
import type { IssuedToken } from './authorization.ts';
import { type Client, familyOf, findClient } from './clients.ts';
import type { ScopeReader } from './scope-reader.ts';
import { beyond, formatScope, readScopes, wordsOf } from './scopes.ts';
import { randomSecret } from './secrets.ts';
import { type AppActor, type AppToken, isAppToken } from './smart/app-actor.ts';

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
  /** The actor of a token that is valid now: a system, or a person through an app. */
  actor(token: string): Promise<Actor | undefined>;
  /** What a token of a system is, and until when. */
  held(token: string): Promise<{ client: string; scope: string; expires: Date } | undefined>;
  revoke(token: string): Promise<void>;
}

const kind = 'access-token';

export function createTokens(parts: {
  records: Records;
  clock: Clock;
  scopes: ScopeReader;
  /** Of the tokens that apps hold. */
  appActor: AppActor;
  resourceTypes?: ReadonlySet<string>;
}): Tokens {
  const { records, clock, scopes, appActor, resourceTypes } = parts;
  const scopesOf = rememberScopes(scopes);
  const find = (token: string) => records.recall(kind, digest(token), clock.now().getTime());
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
      const value = (await find(token))?.value as TokenRecord | AppToken | undefined;
      if (!value) return undefined;
      if (isAppToken(value)) return appActor(value);
      const { client: id, organization, scope, loads } = value;
      const actor = { kind: 'client', id, organization, scopes: await scopesOf(scope) } as const;
      return loads ? { ...actor, loads } : actor;
    },
    async held(token) {
      const record = await find(token);
      const value = record?.value as TokenRecord | AppToken | undefined;
      if (!record?.expires || !value || isAppToken(value)) return undefined;
      return { client: value.client, scope: value.scope, expires: new Date(record.expires) };
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

/** The wanted scopes as written, when the registration covers all of them; else all that it has for systems. */
function grantedScope(
  client: Client,
  wanted: string | undefined,
  resourceTypes?: ReadonlySet<string>,
): string {
  const registered = readScopes(client.scope).resources.filter(one => one.level === 'system');
  if (wanted === undefined)
    return wordsOf(client.scope)
      .filter(one => one.startsWith('system/'))
      .join(' ');
  const { resources, others } = readScopes(wanted, resourceTypes);
  const personal = [...others, ...resources.filter(one => one.level !== 'system').map(formatScope)];
  if (personal.length > 0) {
    throw new HubError(
      'invalid',
      `${personal.join(' ')}: only system scopes are given to clients, for example system/Task.rs`,
    );
  }
  const exceeding = beyond(resources, registered);
  if (exceeding.length > 0) {
    const list = exceeding.map(formatScope).join(' ');
    throw new HubError(
      'invalid',
      `${list}: beyond what ${client.clientId} is registered for (${client.scope})`,
    );
  }
  return wordsOf(wanted).join(' ');
}

/** Parsing a scope costs more than finding a token, and clients ask for the same few again and again. */
function rememberScopes(reader: ScopeReader, limit = 1000): (scope: string) => Promise<readonly Scope[]> {
  const known = new Map<string, readonly Scope[]>();
  return async scope => {
    const remembered = known.get(scope);
    if (remembered) return remembered;
    const scopes = Object.freeze(await reader.resolve(readScopes(scope).resources));
    // The reference of a query leads to whatever has the id at the moment.
    if (scopes.some(one => one.filters)) return scopes;
    if (known.size >= limit) known.clear();
    known.set(scope, scopes);
    return scopes;
  };
}
