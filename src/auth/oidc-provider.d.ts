/**
 * What the hub uses of oidc-provider, which ships no types. Its parts are imported one by one: the package's own
 * entry warns on the console of any Node.js that is not an LTS release.
 */
declare module 'oidc-provider/lib/provider.js' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
  import type { Readable } from 'node:stream';
  import type { JWK } from 'jose';

  export interface Context {
    method: string;
    path: string;
    status: number;
    body: unknown;
    type: string;
    headers: Record<string, string | undefined>;
    /** What the body is read from. */
    req: Readable & Pick<IncomingMessage, 'headers' | 'url'>;
    /** Network address of the caller. */
    ip: string;
    state: Record<string, unknown>;
    request: object;
    set(name: string, value: string): void;
    /** A header of the request; empty when absent. */
    get(name: string): string;
    remove(name: string): void;
    /** There on the provider's own routes. */
    oidc?: {
      /** Name of the route: `token`, `authorization`, `revocation`, … */
      route: string;
      provider: Provider;
      params?: Record<string, unknown>;
      client?: ProviderClient;
      /** How an interaction ended. */
      result?: InteractionResult;
      entities: {
        AccessToken?: ProviderToken;
        RotatedRefreshToken?: ProviderToken;
        Grant?: ProviderGrant;
      };
    };
  }

  export interface ProviderToken {
    clientId: string;
    grantId?: string;
    accountId?: string;
    scopes: ReadonlySet<string>;
    /** Seconds. */
    remainingTTL: number;
  }

  export interface ProviderGrant {
    jti?: string;
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    getResourceScope(resource: string): string;
    /** Resolves to its id. */
    save(): Promise<string>;
  }

  /** An authorization request that waits for a person. */
  export interface ProviderInteraction {
    uid: string;
    /** Seconds since 1970. */
    exp: number;
    params: Record<string, unknown>;
    prompt: { name: string };
    save(ttl: number): Promise<unknown>;
  }

  export interface InteractionResult {
    login?: { accountId: string };
    consent?: { grantId: string };
    error?: string;
    error_description?: string;
  }

  export interface ProviderClient {
    clientId: string;
    clientSecret?: string;
  }

  export interface Adapter {
    upsert(id: string, payload: Record<string, unknown>, expiresIn: number): Promise<void>;
    find(id: string): Promise<Record<string, unknown> | undefined>;
    findByUserCode(userCode: string): Promise<undefined>;
    findByUid(uid: string): Promise<undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  export interface Configuration {
    adapter: (model: string) => Adapter;
    jwks: { keys: JWK[] };
    [option: string]: unknown;
  }

  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    /** The context of the request that is being answered. */
    static readonly ctx: Context | undefined;
    readonly Client: {
      prototype: { compareClientSecret(this: ProviderClient, actual: string): Promise<boolean> };
    };
    readonly OIDCContext: { prototype: object };
    readonly Grant: {
      new (of: { accountId: string; clientId: string }): ProviderGrant;
      find(id: string): Promise<ProviderGrant | undefined>;
    };
    /** Of the interaction whose cookie the request carries; rejects when there is none. */
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<ProviderInteraction>;
    /** Resolves to where the browser goes then. */
    interactionResult(req: IncomingMessage, res: ServerResponse, result: InteractionResult): Promise<string>;
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): this;
    registerGrantType(name: string, handler: (ctx: Context) => Promise<void>, parameters: string[]): void;
    on(
      event:
        | 'authorization.error'
        | 'grant.error'
        | 'introspection.error'
        | 'revocation.error'
        | 'server_error',
      listener: (ctx: Context, error: Error) => void,
    ): this;
    on(event: 'error', listener: (error: Error) => void): this;
    callback(): RequestListener;
  }
}

declare module 'oidc-provider/lib/helpers/errors.js' {
  export class OIDCProviderError extends Error {
    error: string;
    /** For the log alone. */
    error_detail?: string;
  }
  /** 401 `invalid_client`; the detail goes to the log alone. */
  export class InvalidClientAuth extends OIDCProviderError {
    constructor(detail: string);
  }
  /** 400 `invalid_grant`; the detail goes to the log alone. */
  export class InvalidGrant extends OIDCProviderError {
    constructor(detail: string);
  }
  /** 400 `invalid_request`. */
  export class InvalidRequest extends OIDCProviderError {
    constructor(description: string);
  }
  /** 400 `invalid_scope`. */
  export class InvalidScope extends OIDCProviderError {
    constructor(description: string);
  }
  /** 400 `invalid_target` (RFC 8707). */
  export class InvalidTarget extends OIDCProviderError {
    constructor(description: string);
  }
}

declare module 'oidc-provider/lib/helpers/interaction_policy/index.js' {
  import type { Context } from 'oidc-provider/lib/provider.js';

  /** A reason for which a person has to be asked: `check` resolves to true when it applies. */
  export class Check {
    constructor(
      reason: string,
      description: string,
      error: string,
      check: (ctx: Context) => Promise<boolean>,
    );
  }
  export class Prompt {
    constructor(about: { name: string; requestable: boolean }, ...checks: Check[]);
  }
}
