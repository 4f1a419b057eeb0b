import type { JWK } from 'jose';
import type { Clock } from '../clock.ts';
import { HubError, type Problem } from '../errors.ts';
import type { Records } from '../store/store.ts';
import { faultsOfKeys } from './client-keys.ts';
import { faultsOfApp } from './client-urls.ts';
import type { ScopeReader } from './scope-reader.ts';
import { hashSecret, randomSecret } from './secrets.ts';

/**
 * A system that signs in (https://hl7.org/fhir/smart-app-launch/backend-services.html), or an app that people sign in
 * to (https://hl7.org/fhir/smart-app-launch/app-launch.html).
 */
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
  jwksUri?: string;
  /** An app that can keep no secret: it names itself, and PKCE holds. */
  public?: boolean;
  /** Where an app takes people back to: each exactly as the app sends it. Absent: people do not sign in to it. */
  redirectUris?: readonly string[];
  /** Where an EHR opens the app. */
  launchUrl?: string;
  /** Origins of EHRs that show the app, and with it the page on which people allow it, in a frame. */
  frameAncestors?: readonly string[];
  /** How its id_tokens are signed; RS256. */
  idTokenAlg?: IdTokenAlg;
  /** Registered for loading: it chooses ids by `PUT`. */
  loads: boolean;
  suspended: boolean;
}

export type IdTokenAlg = 'RS256' | 'ES384';

export interface Registration extends Omit<Client, 'secretHash' | 'loads' | 'suspended'> {
  /** Makes a secret, given back once. */
  secret?: boolean;
  loads?: boolean;
}

export interface Clients {
  /** HubError: `invalid` with every fault, or `conflict` when the id is taken. */
  add(registration: Registration): Promise<{ client: Client; secret?: string }>;
  /** HubError('not-found') for an unknown id. */
  get(clientId: string): Promise<Client>;
  /**
   * What a registered client is from now on; its secret stays, its tokens are void. HubError: `invalid` with every
   * fault, `not-found`, `conflict` for another way to sign in.
   */
  change(registration: Registration): Promise<void>;
  /** By id. */
  list(): Promise<Client[]>;
  /** A new secret, given back once; the one before is void at once. HubError('invalid') for a client without one. */
  rotate(clientId: string): Promise<string>;
  /** Origins of the apps, for whose pages the API answers in a browser (CORS). */
  origins(): Promise<ReadonlySet<string>>;
  /** At once: no new token, and those it holds are gone. */
  suspend(clientId: string): Promise<void>;
  resume(clientId: string): Promise<void>;
}

const kind = 'client';
const wellFormedId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The family of the records that end with a client's suspension. */
export function familyOf(clientId: string): string {
  return `client/${clientId}`;
}

export function createClients(records: Records, clock: Clock, scopes: ScopeReader): Clients {
  const get = async (clientId: string) => {
    const client = await findClient(records, clock, clientId);
    if (!client)
      throw new HubError('not-found', `No client is registered as ${clientId}: see hub client list`);
    return client;
  };
  return {
    get,
    async add(registration) {
      const faults = [...faultsOf(registration), ...(await faultsOfScope(registration, scopes))];
      if (faults.length > 0) throw new HubError('invalid', faults);
      const { client, secret } = await register(registration);
      if (!(await records.insert(recordOf(client), clock.now().getTime()))) {
        throw new HubError('conflict', {
          text: `A client is already registered as ${client.clientId}`,
          expression: 'clientId',
        });
      }
      return secret === undefined ? { client } : { client, secret };
    },
    async change({ secret = false, loads = false, ...registration }) {
      const before = await get(registration.clientId);
      const whole = { ...registration, secret, loads };
      const faults = [...faultsOf(whole), ...(await faultsOfScope(whole, scopes))];
      if (faults.length > 0) throw new HubError('invalid', faults);
      const { secretHash, suspended } = before;
      if (secret !== (secretHash !== undefined))
        throw new HubError('conflict', {
          text: `${before.clientId} signs in ${secretHash ? 'with' : 'without'} a secret: register another client for another way`,
          expression: 'secret',
        });
      await records.put(
        recordOf({ ...registration, loads, suspended, ...(secretHash ? { secretHash } : {}) }),
      );
      await records.removeFamily(familyOf(before.clientId));
    },
    async list() {
      const found = await records.list(kind, clock.now().getTime());
      return found.map(record => record.value as Client).sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
    },
    async rotate(clientId) {
      const client = await get(clientId);
      if (!client.secretHash)
        throw new HubError('invalid', `${clientId} has no secret: it signs in with keys, or not at all`);
      const secret = randomSecret();
      await records.put(recordOf({ ...client, secretHash: await hashSecret(secret) }));
      return secret;
    },
    async origins() {
      const found = await records.list(kind, clock.now().getTime());
      const active = found.map(record => record.value as Client).filter(client => !client.suspended);
      return new Set(active.flatMap(({ redirectUris = [] }) => redirectUris.map(uri => new URL(uri).origin)));
    },
    async suspend(clientId) {
      // In this order: a token that is being issued meanwhile is written before the client is looked at again.
      await records.put(recordOf({ ...(await get(clientId)), suspended: true }));
      await records.removeFamily(familyOf(clientId));
    },
    async resume(clientId) {
      await records.put(recordOf({ ...(await get(clientId)), suspended: false }));
    },
  };
}

/** The client as it is now, suspended or not. The id may be anything a caller sent. */
export async function findClient(
  records: Records,
  clock: Clock,
  clientId: string,
): Promise<Client | undefined> {
  if (!wellFormedId.test(clientId)) return undefined;
  const record = await records.get(kind, clientId, clock.now().getTime());
  return record?.value as Client | undefined;
}

function recordOf(client: Client) {
  return { kind, id: client.clientId, value: client, expires: null, family: null };
}

async function register({
  secret: wanted,
  loads = false,
  ...registration
}: Registration): Promise<{ client: Client; secret?: string }> {
  const client: Client = { ...registration, loads, suspended: false };
  if (!wanted) return { client };
  const secret = randomSecret();
  return { client: { ...client, secretHash: await hashSecret(secret) }, secret };
}

function faultsOf(registration: Registration): Problem[] {
  const { clientId, name, organization, jwks, jwksUri, secret } = registration;
  const faults: Problem[] = [];
  if (!wellFormedId.test(clientId)) {
    faults.push({
      text: 'A client id is 1 to 64 letters, digits, dots, dashes or underscores',
      expression: 'clientId',
    });
  }
  if (name.trim() === '') faults.push({ text: 'A client needs a name', expression: 'name' });
  if (!/^[A-Za-z0-9\-.]{1,64}$/.test(organization)) {
    faults.push({
      text: 'The organization is the logical id of an Organization',
      expression: 'organization',
    });
  }
  if ([jwks, jwksUri, secret, registration.public].filter(Boolean).length > 1) {
    const text = 'A client signs in with a secret or with keys, not with both; a public one with neither';
    faults.push({ text, expression: jwks ? 'jwks' : 'public' });
  }
  if (jwks) faults.push(...faultsOfKeys(jwks));
  return [...faults, ...faultsOfApp(registration)];
}

async function faultsOfScope({ scope }: Registration, scopes: ScopeReader): Promise<Problem[]> {
  try {
    await scopes.check(scope);
    return [];
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return error.problems.map(problem => ({ ...problem, expression: 'scope' }));
  }
}
