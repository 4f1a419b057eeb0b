import type { JWK } from 'jose';

/** A system that signs in (https://hl7.org/fhir/smart-app-launch/backend-services.html). */
export interface Client {
  clientId: string;
  name: string;
  /** Logical id of the Organization it acts for. */
  organization: string;
  /** The most it may ask for, for example `system/Task.cruds system/*.rs`. */
  scope: string;
  /** How it signs in; neither: only with tokens from `hub token`. */
  secretHash?: string;
  jwks?: { keys: JWK[] };
  /** Registered for loading: it chooses ids by `PUT`. */
  loads: boolean;
  suspended: boolean;
}

export interface Registration {
  clientId: string;
  name: string;
  organization: string;
  scope: string;
  /** Makes a secret, given back once. */
  secret?: boolean;
  jwks?: { keys: JWK[] };
  loads?: boolean;
}

export interface Clients {
  /** HubError: `invalid` with every fault, or `conflict` when the id is taken. */
  add(registration: Registration): Promise<{ client: Client; secret?: string }>;
  /** HubError('not-found') for an unknown id. */
  get(clientId: string): Promise<Client>;
  list(): Promise<Client[]>;
  /** At once: no new token, and those it holds are gone. */
  suspend(clientId: string): Promise<void>;
  resume(clientId: string): Promise<void>;
}
