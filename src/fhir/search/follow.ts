import type { IncludeRequest } from '../../store/search/types.ts';
import type { Rid, StoredVersion } from '../../store/types.ts';
import { limits } from './limits.ts';
import type { IncludeStep } from './parsed.ts';

type Fetch = (request: IncludeRequest) => Promise<readonly StoredVersion[]>;
type Place = Pick<StoredVersion, 'rid' | 'type'>;

export interface Included {
  versions: readonly StoredVersion[];
  /** More would have been included than one page may carry. */
  truncated: boolean;
}

/**
 * Gathers what the includes of a search add to a page: each resource once, and none that is a match.
 * `:iterate` steps go on from what they found, a bounded number of times.
 */
export async function followIncludes(
  steps: readonly IncludeStep[],
  matches: readonly Place[],
  fetch: Fetch,
): Promise<Included> {
  const seen = new Set(matches.map(it => it.rid));
  const versions: StoredVersion[] = [];
  let frontier = matches;
  for (let round = 0; round <= limits.iterations && frontier.length > 0; round++) {
    const found: StoredVersion[] = [];
    for (const step of round === 0 ? steps : steps.filter(it => it.iterate)) {
      const room = limits.included - versions.length - found.length;
      // What is there already may come back too: asking for that much more shows whether anything is cut off.
      const answer = await oneStep(step, frontier, seen.size + room + 1, fetch);
      const more = answer.filter(it => !seen.has(it.rid));
      for (const version of more.slice(0, room)) seen.add(version.rid);
      found.push(...more.slice(0, room));
      if (more.length > room) return { versions: [...versions, ...found], truncated: true };
    }
    versions.push(...found);
    frontier = found;
  }
  return { versions, truncated: false };
}

async function oneStep(
  step: IncludeStep,
  frontier: readonly Place[],
  limit: number,
  fetch: Fetch,
): Promise<readonly StoredVersion[]> {
  const { direction, params, targets } = step;
  const from =
    direction === 'reverse' && targets ? frontier.filter(it => targets.includes(it.type)) : frontier;
  const rids: Rid[] = from.map(it => it.rid);
  if (rids.length === 0 || params.length === 0) return [];
  const types = direction === 'forward' && targets ? { types: targets } : {};
  return fetch({ direction, rids, params, ...types, limit });
}
