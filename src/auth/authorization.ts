import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import type { OutgoingPolicy } from '../exchange/outgoing-url.ts';
import type { Records, Store } from '../store/store.ts';
import { type Clients, createClients, findClient } from './clients.ts';
import { endpoints, serverMetadata, smartConfiguration } from './endpoints.ts';
import type { People } from './people.ts';
import { createScopeReader, type ReadQuery } from './scope-reader.ts';
import { createAppActor } from './smart/app-actor.ts';
import { type Consents, createConsents } from './smart/consents.ts';
import { createGrants } from './smart/grants.ts';
import { createLaunches, type Launches } from './smart/launches.ts';
import { createTokens, type Tokens } from './tokens.ts';

/** Who is calling: the OAuth 2 authorization server of the hub, and the answer for each bearer token. */
export interface Authorization {
  /**
   * A node HTTP handler for everything under the issuer (`/oauth/*`). It wants the request unread, and resolves
   * when it is answered.
   */
  handler(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** The actor of an `Authorization` header, or HubError('unauthorized'). One point read. */
  authenticate(header: string | undefined): Promise<Actor>;
  /** A token for a client, as `hub token` prints it: the client's whole scope and ten minutes unless told otherwise. */
  issueToken(request: TokenRequest): Promise<IssuedToken>;
  readonly clients: Clients;
  /** EHR launches of apps. */
  readonly launches: Launches;
  /** What people are asked when an app wants to act for them. */
  readonly consents: Consents;
  /** The content of `[base]/.well-known/smart-configuration`. */
  smartConfiguration(): Record<string, unknown>;
  /** The content of `/.well-known/oauth-authorization-server/oauth` (RFC 8414). */
  metadata(): Record<string, unknown>;
  /** Loads the signing keys and the server now rather than at the first request, so that a mistake shows at start. */
  prepare(): Promise<void>;
}

export interface TokenRequest {
  client: string;
  scope?: string;
  /** Seconds, at most a day. */
  ttl?: number;
  /** Network address of who asks, to be recorded. */
  address?: string;
}

export interface IssuedToken {
  token: string;
  expires: Date;
  /** Seconds that it is valid. */
  ttl: number;
  scope: string;
}

export interface AuthorizationOptions {
  store: Pick<Store, 'records'>;
  clock: Clock;
  /** The hub's base URL + `/oauth`, without a slash at the end. */
  issuer: string;
  /** The FHIR base URL. */
  audience: string;
  /** Folder of the key file that seals the signing keys, when there is no `secretKey`. */
  keyFolder: string;
  /** 32 bytes in base64, from the configuration. */
  secretKey?: string;
  log: Pick<Logger, 'warn' | 'error'>;
  /** Seconds that a token is valid when no other time is asked for; 600. */
  tokenTtl?: number;
  /** Refused sign-ins a minute after which an address, or a client at an address, has to wait; absent: any number. */
  refusals?: { ofAddress: number; ofClient: number };
  /** Who the people are that sign in to apps. */
  people: People;
  /** Logical id of the hub's own Organization, whose apps are for people of every organization. */
  network: string;
  /** Reads the query part of a scope. */
  readQuery: ReadQuery;
  /** Where the hub goes for the keys that clients publish. */
  outgoing: OutgoingPolicy;
  /** When given, scopes for other types are refused. */
  resourceTypes?: ReadonlySet<string>;
  /** Told of every token that is issued and every sign-in that is refused, before the answer leaves. */
  record?(signIn: SignIn): Promise<void>;
}

/** A token was issued to a client, or refused to whoever said to be it. */
export interface SignIn {
  issued: boolean;
  client: string | undefined;
  /** Of the person for whom an app got it. */
  account?: string;
  organization?: string;
  /** Network address of the caller. */
  address?: string;
}

/** Seconds (https://hl7.org/fhir/smart-app-launch/backend-services.html asks for short ones). */
const defaultTtl = 600;
const longestTtl = 86_400;

export function createAuthorization(options: AuthorizationOptions): Authorization {
  const { store, clock, issuer, audience, network, people, resourceTypes, tokenTtl = defaultTtl } = options;
  const { records } = store;
  const scopes = createScopeReader(options.readQuery, resourceTypes);
  const clients = createClients(records, clock, scopes);
  const grants = createGrants(records, clock);
  const launches = createLaunches(records, clock, { fhir: audience, network });
  const appActor = createAppActor({ records, clock, grants, people, scopes });
  const tokens = createTokens({
    records,
    clock,
    scopes,
    appActor,
    ...(resourceTypes ? { resourceTypes } : {}),
  });
  const issueToken = async ({ client, scope, ttl = tokenTtl, address }: TokenRequest) => {
    if (!Number.isInteger(ttl) || ttl < 1 || ttl > longestTtl) {
      throw new HubError('invalid', `A token lives for 1 to ${longestTtl} seconds, not ${ttl}`);
    }
    const known = await clients.get(client);
    const issued = await tokens.issue(known, scope, ttl);
    const { organization } = known;
    await options.record?.({ issued: true, client, organization, ...(address ? { address } : {}) });
    return issued;
  };
  const flow = {
    issuer,
    audience,
    people,
    scopes,
    grants,
    launches,
    registeredScope: scopeOf(records, clock),
  };
  const server = whileKeysLast(clock, async () =>
    // Loaded at first use: a third of a second that neither a command nor the hub's start should wait for.
    (await import('./server.ts')).startServer(options, { tokens, grants, issue: issueToken, flow }),
  );
  const provider = async () => (await server()).provider;
  const consents = createConsents({ provider, records, clock, people, grants, launches, audience, network });
  return {
    async handler(req, res) {
      const started = await server().catch(error =>
        options.log.error({ err: error }, 'the authorization server cannot start'),
      );
      if (started) await answer(req, res, [new URL(issuer).pathname, '/oauth'], started.listener);
      else answerUnavailable(res);
    },
    launches,
    consents,
    authenticate: authenticator(tokens, endpoints(issuer).token),
    issueToken,
    clients,
    smartConfiguration: () => smartConfiguration(issuer),
    metadata: () => serverMetadata(issuer),
    prepare: async () => void (await server()),
  };
}

/** The scopes that a client is registered for. */
const scopeOf = (records: Records, clock: Clock) => async (id: string) =>
  (await findClient(records, clock, id))?.scope;

/**
 * Hands the request over with the path below the issuer, as oidc-provider wants it. A proxy in front of the hub may
 * have taken away the path of the base URL.
 */
async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  prefixes: string[],
  listener: RequestListener,
) {
  const url = req.url ?? '';
  const prefix = prefixes.find(one => url.startsWith(`${one}/`));
  req.url = prefix === undefined ? '/' : url.slice(prefix.length);
  try {
    await listener(req, res);
  } finally {
    req.url = url;
  }
}

function answerUnavailable(res: ServerResponse): void {
  res.writeHead(503, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify({ error: 'temporarily_unavailable' }));
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/** Unknown, expired, revoked and suspended are one answer. */
function authenticator(tokens: Tokens, tokenEndpoint: string): Authorization['authenticate'] {
  return async header => {
    const token = header === undefined ? undefined : bearer.exec(header)?.[1];
    if (token === undefined) {
      throw new HubError(
        'unauthorized',
        'Sign in: send the header "Authorization: Bearer" with an access token',
      );
    }
    const actor = await tokens.actor(token);
    if (!actor) {
      throw new HubError(
        'unauthorized',
        `The access token is not valid: get a new one from ${tokenEndpoint}`,
      );
    }
    return actor;
  };
}

/** Milliseconds after which the signing keys are looked at again. */
const keysLookedAt = 3_600_000;

/** Starts it at the first call, again at the next one when that failed, and anew when signing keys may have changed. */
function whileKeysLast<T>(clock: Clock, start: () => Promise<T>): () => Promise<T> {
  let made: { server: Promise<T>; until: number } | undefined;
  return () => {
    const now = clock.now().getTime();
    if (made && now < made.until) return made.server;
    const server = start();
    made = { server, until: now + keysLookedAt };
    server.catch(() => {
      made = undefined;
    });
    return server;
  };
}
