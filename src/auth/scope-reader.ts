import type { Scope } from '../access/actor.ts';
import type { Filter } from '../store/search/types.ts';
import { type ResourceScope, readScopes } from './scopes.ts';

/** Compiles the query part of a scope for a type; HubError('invalid') where it is not right. */
export type ReadQuery = (type: string, query: string) => Promise<readonly Filter[]>;

/** What scopes mean for an Actor. */
export interface ScopeReader {
  /** Throws HubError('invalid') for a text that is not right, its queries included. */
  check(text: string): Promise<void>;
  /** What each scope allows, `patient` being the one whose record the patient scopes are about; without, they allow nothing. */
  resolve(scopes: readonly ResourceScope[], patient?: string): Promise<Scope[]>;
}

export function createScopeReader(readQuery: ReadQuery, resourceTypes?: ReadonlySet<string>): ScopeReader {
  return {
    async check(text) {
      for (const { type, query } of readScopes(text, resourceTypes).resources)
        if (query !== undefined) await readQuery(type, query);
    },
    async resolve(scopes, patient) {
      const meant = scopes.filter(scope => scope.level !== 'patient' || patient !== undefined);
      return Promise.all(
        meant.map(async ({ level, query, ...scope }) => ({
          ...scope,
          ...(level === 'patient' && patient !== undefined ? { patient } : {}),
          ...(query === undefined ? {} : { filters: await readQuery(scope.type, query) }),
        })),
      );
    },
  };
}
