import { roles } from '../../../access/roles.ts';
import type { Workspace } from '../room.ts';

/** Who did something, as people know them. */
export interface Named {
  /** A name, or the id of a system or bot. */
  name: string;
  /** What they are: a role, a system, a bot. */
  what: string;
  organization: string;
}

interface Doer {
  /** As the audit has it; absent where it is not said whether it is a person or a system. */
  agentKind?: string;
  agent: string;
  organization?: string | undefined;
}

const kinds: Record<string, string> = {
  client: 'System',
  bot: 'Bot',
  link: 'Link without an account',
  hub: 'The hub itself',
  unknown: 'Somebody unknown',
};

const keyOf = ({ agent, organization = '' }: Doer): string => `${agent} ${organization}`;

/** Names each of them once; who has left the organization is told by the id of their account. */
export async function namesOf(
  { pages }: Pick<Workspace, 'pages'>,
  doers: readonly Doer[],
): Promise<(doer: Doer) => Named> {
  const each = new Map(doers.map(one => [keyOf(one), one]));
  const organizations = new Map(
    await Promise.all(
      [...new Set(doers.flatMap(({ organization }) => organization ?? []))].map(
        async id => [id, await pages.nameOf(id)] as const,
      ),
    ),
  );
  const known = new Map(
    await Promise.all([...each].map(async ([key, doer]) => [key, await named(pages, doer)] as const)),
  );
  return doer => ({
    ...(known.get(keyOf(doer)) ?? { name: doer.agent, what: '' }),
    organization: organizations.get(doer.organization ?? '') ?? '',
  });
}

async function named(
  { people }: Workspace['pages'],
  { agentKind, agent, organization }: Doer,
): Promise<Omit<Named, 'organization'>> {
  if (agentKind !== undefined && agentKind !== 'person')
    return { name: agent, what: kinds[agentKind] ?? agentKind };
  const person = organization ? await people.find(agent, organization) : undefined;
  if (person) return { name: person.name, what: roles[person.role].title };
  return { name: agent, what: agentKind ? 'Somebody who has no account here now' : '' };
}
