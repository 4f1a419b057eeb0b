import type { JWK } from 'jose';
import type { Clock } from '../clock.ts';
import { HubError, type Problem } from '../errors.ts';
import type { Records } from '../store/store.ts';
import { faultsOfKeys } from './client-keys.ts';
import { parseScopes } from './scopes.ts';
import { hashSecret, randomSecret } from './secrets.ts';

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
  /** By id. */
  list(): Promise<Client[]>;
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

export function createClients(records: Records, clock: Clock, resourceTypes?: ReadonlySet<string>): Clients {
  const get = async (clientId: string) => {
    const client = await findClient(records, clock, clientId);
    if (!client)
      throw new HubError('not-found', `No client is registered as ${clientId}: see hub client list`);
    return client;
  };
  return {
    get,
    async add(registration) {
      const faults = faultsOf(registration, resourceTypes);
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
    async list() {
      const found = await records.list(kind, clock.now().getTime());
      return found.map(record => record.value as Client).sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
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

async function register(registration: Registration): Promise<{ client: Client; secret?: string }> {
  const { clientId, name, organization, scope, jwks, loads = false } = registration;
  const client: Client = { clientId, name, organization, scope, loads, suspended: false };
  if (jwks) return { client: { ...client, jwks } };
  if (!registration.secret) return { client };
  const secret = randomSecret();
  return { client: { ...client, secretHash: await hashSecret(secret) }, secret };
}

function faultsOf(registration: Registration, resourceTypes?: ReadonlySet<string>): Problem[] {
  const faults: Problem[] = [];
  if (!wellFormedId.test(registration.clientId)) {
    faults.push({
      text: 'A client id is 1 to 64 letters, digits, dots, dashes or underscores',
      expression: 'clientId',
    });
  }
  if (registration.name.trim() === '') faults.push({ text: 'A client needs a name', expression: 'name' });
  if (!/^[A-Za-z0-9\-.]{1,64}$/.test(registration.organization)) {
    faults.push({
      text: 'The organization is the logical id of an Organization',
      expression: 'organization',
    });
  }
  if (registration.jwks && registration.secret) {
    faults.push({ text: 'A client signs in with a secret or with keys, not with both', expression: 'jwks' });
  }
  if (registration.jwks) faults.push(...faultsOfKeys(registration.jwks));
  return [...faults, ...faultsOfScope(registration.scope, resourceTypes)];
}

function faultsOfScope(scope: string, resourceTypes?: ReadonlySet<string>): Problem[] {
  try {
    parseScopes(scope, resourceTypes);
    return [];
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return error.problems.map(problem => ({ ...problem, expression: 'scope' }));
  }
}
