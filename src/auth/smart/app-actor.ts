import type { Actor, Scope } from '../../access/actor.ts';
import { actorOf } from '../../access/roles.ts';
import type { Clock } from '../../clock.ts';
import type { Records } from '../../store/store.ts';
import { findClient } from '../clients.ts';
import type { People } from '../people.ts';
import type { ScopeReader } from '../scope-reader.ts';
import { meet, readScopes } from '../scopes.ts';
import { personOf } from './account-id.ts';
import type { Grants } from './grants.ts';

/** What is kept of an access token that an app holds for a person. */
export interface AppToken {
  clientId: string;
  accountId: string;
  grantId: string;
  scope?: string;
  extra?: { patient?: string };
}

export const isAppToken = (value: object): value is AppToken => 'grantId' in value && 'accountId' in value;

/** Who acts by the token of an app; undefined once the grant, the app or the person is no longer there. */
export type AppActor = (token: AppToken) => Promise<Actor | undefined>;

/**
 * A person acts through an app with what both may do: the scopes granted, what the app is registered for, and what
 * the person's role allows at this moment. What a role may do beside its scopes is not done through apps.
 */
export function createAppActor(parts: {
  records: Records;
  clock: Clock;
  grants: Grants;
  people: People;
  scopes: ScopeReader;
}): AppActor {
  const { records, clock, grants, people, scopes } = parts;
  return async ({ clientId, accountId, grantId, scope = '', extra }) => {
    const { account, organization } = personOf(accountId);
    const [client, grant, person] = await Promise.all([
      findClient(records, clock, clientId),
      grants.find(grantId),
      people.find(account, organization),
    ]);
    if (!client || client.suspended || !grant || !person) return undefined;
    const own = actorOf(person);
    const granted = scope === '' ? [] : readScopes(scope).resources;
    const mine = granted.filter(one => one.level !== 'system');
    const reached: Scope[] = await scopes.resolve(meet(mine, own.scopes), extra?.patient);
    return { ...own, scopes: reached, abilities: [] };
  };
}
