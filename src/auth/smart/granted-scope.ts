import type { Scope } from '../../access/actor.ts';
import { beyond, formatScope, meet, type ResourceScope, readScopes, wordsOf } from '../scopes.ts';

/** What is left of the scopes asked for under what a role allows, each as it was asked for where all of it is left. */
export function grantedScope(requested: string, role: readonly Scope[]): string {
  const words = wordsOf(requested).flatMap(word => {
    const [wanted] = readScopes(word).resources;
    if (!wanted) return [word];
    const left = meet([wanted], role);
    return beyond([wanted], left).length === 0 ? [word] : shortest(left).map(formatScope);
  });
  return [...new Set(words)].join(' ');
}

/** Without those that another one includes. */
const shortest = (scopes: readonly ResourceScope[]): ResourceScope[] =>
  scopes.filter((scope, at) => {
    const others = scopes.filter((_, other) => other !== at);
    return beyond([scope], others).length > 0;
  });
