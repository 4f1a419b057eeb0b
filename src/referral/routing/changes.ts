import type { CriterionName, Excluded } from './rank.ts';

/** Facts that, were they all otherwise, would make somebody a candidate. */
export interface ChangeSet {
  /** Each as in "… if {change}", with what it is about. */
  changes: { criterion: CriterionName; words: string }[];
  /** The names of the services that would then be candidates. */
  services: string[];
}

/**
 * What would have to change when nobody can be asked: the smallest sets of facts, so that no set holds another one.
 * Services that the same change would open are told together. Facts that nobody can change (an age, a closed
 * service) are in none.
 */
export function whatWouldHaveToChange(excluded: readonly Excluded[]): ChangeSet[] {
  const sets = new Map<string, ChangeSet>();
  for (const { candidate, facts } of excluded) {
    const changes = facts.flatMap(({ criterion, change }) =>
      change === undefined ? [] : [{ criterion, words: change }],
    );
    if (changes.length < facts.length) continue;
    const key = changes.map(({ words }) => words).join('\n');
    const known = sets.get(key);
    if (known) known.services.push(candidate.name);
    else sets.set(key, { changes, services: [candidate.name] });
  }
  const smallestFirst = [...sets.values()].sort((a, b) => a.changes.length - b.changes.length);
  return smallestFirst.filter(one => !smallestFirst.some(other => other !== one && isWithin(other, one)));
}

/** Whether all that `one` asks for is asked for by `other`, too. */
function isWithin(one: ChangeSet, other: ChangeSet): boolean {
  return one.changes.every(({ words }) => other.changes.some(change => change.words === words));
}
