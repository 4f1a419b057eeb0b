import type { Audit } from '../../audit/audit.ts';
import type { AuditEntry, AuditRequest } from '../../audit/entry.ts';
import type { GuessWatch } from './guessing.ts';
import type { Link, LinkState } from './link.ts';
import type { Asker, Directory, Standing } from './link-access.ts';
import type { Links } from './links.ts';

/** What a browser comes with. */
export interface Visit {
  token: string;
  /** The secret of a browser that has confirmed a contact. */
  browser: string | undefined;
  request: AuditRequest;
}

/** Why a link opens nothing. */
export type Closed =
  /** `wait`: seconds, 0 unless too many wrong ones came from there. */
  { state: 'unknown'; wait: number } | { state: Exclude<LinkState, 'valid'> | 'over'; asker: Asker };

export type Valid = Extract<Standing, { state: 'valid' }>;

export interface Entrance {
  /** What is behind a link, or why there is nothing, recorded as a use of this kind. */
  enter(visit: Visit, interaction: string): Promise<{ link: Link; standing: Valid } | Closed>;
  record(entry: Omit<AuditEntry, 'kind'>): Promise<void>;
}

export interface EntranceOptions {
  links: Links;
  directory: Directory;
  watch: GuessWatch;
  audit: Pick<Audit, 'record'>;
}

const unknownAgent = { kind: 'unknown', id: 'unknown' } as const;
export const agentOf = ({ id, organization }: Link) => ({ kind: 'link', id, organization }) as const;

/** Where every use of a link comes in, whatever the link is for. */
export function createEntrance({ links, directory, watch, audit }: EntranceOptions): Entrance {
  const record: Entrance['record'] = entry => audit.record({ kind: 'link', ...entry });
  return {
    record,
    async enter({ token, request }, interaction) {
      const known = await links.open(token);
      if (!known) {
        const wait = await watch.wrong(request.address ?? 'unknown');
        // What is held up is told of once, by the watch: a flood of guesses is no flood of records.
        if (wait === 0)
          await record({ outcome: 'refused', interaction, why: 'not-found', agent: unknownAgent, request });
        return { state: 'unknown', wait };
      }
      const { link } = known;
      const standing = await directory.standing(link, known.state);
      const about = standing.entity ? { entities: [standing.entity] } : {};
      const valid = standing.state === 'valid';
      await record({
        outcome: valid ? 'success' : 'refused',
        interaction,
        ...(valid ? {} : { why: 'gone' as const }),
        agent: agentOf(link),
        request,
        ...about,
      });
      if (standing.state === 'valid') return { link, standing };
      return { state: standing.state, asker: standing.asker };
    },
  };
}
