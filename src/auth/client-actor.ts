import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock.ts';
import type { Records } from '../store/store.ts';
import { findClient } from './clients.ts';
import type { ScopeReader } from './scope-reader.ts';
import { readScopes } from './scopes.ts';

/**
 * The Actor of a client for what the hub does on its behalf while it is not there: with the scopes that it is
 * registered for now. Undefined when it is suspended or no longer registered.
 */
export function clientActors(
  records: Records,
  clock: Clock,
  scopes: ScopeReader,
): (clientId: string) => Promise<Actor | undefined> {
  return async clientId => {
    const client = await findClient(records, clock, clientId);
    if (!client || client.suspended) return undefined;
    const ofSystems = readScopes(client.scope).resources.filter(scope => scope.level === 'system');
    const { organization } = client;
    return { kind: 'client', id: clientId, organization, scopes: await scopes.resolve(ofSystems) };
  };
}
