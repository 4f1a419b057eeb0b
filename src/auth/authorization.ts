import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../access/actor.ts';
import type { Clients } from './clients.ts';

/** Who is calling: the OAuth 2 authorization server of the hub, and the answer for each bearer token. */
export interface Authorization {
  /** A node HTTP handler for everything under the issuer (`/oauth/*`). It reads the body itself. */
  handler(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** The actor of an `Authorization` header, or HubError('unauthorized'). One point read. */
  authenticate(header: string | undefined): Promise<Actor>;
  /** A token for a client, as `hub token` prints it: the client's whole scope and ten minutes unless told otherwise. */
  issueToken(request: TokenRequest): Promise<IssuedToken>;
  readonly clients: Clients;
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
  /** Seconds. */
  ttl?: number;
}

export interface IssuedToken {
  token: string;
  expires: Date;
  scope: string;
}
