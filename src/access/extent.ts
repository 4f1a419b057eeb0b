import type { Filter } from '../store/search/types.ts';
import type { Scope } from './actor.ts';

/** A part of what there is, as scopes narrow it: all that is said must hold. */
export interface Extent {
  types: '*' | readonly string[];
  /** Not these types. */
  except?: readonly string[];
  /** In the compartment of this Patient (a logical id), or open and of no patient: the directory. */
  patient?: string;
  filters?: readonly Filter[];
}

/** Whether a scope allows less than its type as a whole. */
export const isNarrow = (scope: Scope): boolean => scope.patient !== undefined || scope.filters !== undefined;

/** What scopes leave within their types; undefined where they leave all of it. */
export function extentsOf(scopes: readonly Scope[]): Extent[] | undefined {
  if (!scopes.some(isNarrow) || scopes.some(scope => scope.type === '*' && !isNarrow(scope)))
    return undefined;
  const alike = Map.groupBy(scopes, scope =>
    scope.filters ? scope : `${scope.patient === undefined ? 'all' : `of ${scope.patient}`}`,
  );
  return [...alike.values()].map(some => {
    const { patient, filters } = some[0] as Scope;
    return {
      types: typesOf(some),
      ...(patient === undefined ? {} : { patient }),
      ...(filters ? { filters } : {}),
    };
  });
}

/**
 * What exists for an actor that writes. Whether it may be named does not depend on a scope for its type, but what
 * the scopes narrow is not there beyond them, and a token for one patient meets no other.
 */
export function extentsForWriting(scopes: readonly Scope[]): Extent[] | undefined {
  const extents = extentsOf(scopes);
  if (!extents) return undefined;
  const named = typesOf(scopes);
  if (named === '*') return extents;
  const patient = scopes.find(scope => scope.patient !== undefined)?.patient;
  return [...extents, { types: '*', except: named, ...(patient === undefined ? {} : { patient }) }];
}

/** The types of scopes, each once. */
export function typesOf(scopes: readonly Scope[]): '*' | readonly string[] {
  if (scopes.some(scope => scope.type === '*')) return '*';
  return [...new Set(scopes.map(scope => scope.type))];
}
