import type { Clock } from '../../clock.ts';
import { HubError } from '../../errors.ts';
import type { Records } from '../../store/store.ts';
import { type KnownLink, type Link, type LinkEnd, stateOfLink } from './link.ts';
import { formatLinkToken, hashOf, isSecretOf, newLinkToken, parseLinkToken } from './link-token.ts';

/** A link that is about to leave the hub: its address is told now and never again. */
export interface NewLink {
  link: Link;
  /** What the address ends in. */
  token: string;
}

/** The links that are kept; who may make one, and what one does, is decided elsewhere. */
export interface Links {
  /** The one link of a Task; an earlier one is replaced by it. */
  make(of: Pick<Link, 'task' | 'organization' | 'contact' | 'expires'>): Promise<NewLink>;
  /** It has left the hub. */
  markSent(link: Link): Promise<void>;
  /** The link behind a token, whatever its state; undefined when there is none. */
  open(token: string): Promise<KnownLink | undefined>;
  /** The latest link of a Task. */
  ofTask(task: string): Promise<KnownLink | undefined>;
  /** HubError('not-found') for an unknown id. */
  revoke(id: string): Promise<Link>;
  /** It is needed for longer: after an acceptance until there is an outcome. */
  prolong(link: Link, expires: number): Promise<void>;
  /** Newest first; of one Task when it is given. */
  list(task?: string): Promise<KnownLink[]>;
}

const kind = 'link';
/** That a link was ended is a record of its own: nobody who writes the link at the same time brings it back. */
const ended = 'link-ended';
/** The latest link of a Task, under the Task's id. */
const latest = 'link-of-task';

/** For so long a link that is over is still told from one that never was (milliseconds). */
const remembered = 180 * 86_400_000;

export function createLinks(records: Records, clock: Clock): Links {
  const now = () => clock.now().getTime();
  const find = async (id: string) => (await records.get(kind, id, now()))?.value as Link | undefined;
  const endOf = async (id: string) => (await records.get(ended, id, now()))?.value as LinkEnd | undefined;
  const put = (name: string, id: string, value: unknown, { task, expires }: Link) =>
    records.put({ kind: name, id, value, expires: expires + remembered, family: `link/${task}` });
  const save = (link: Link) => put(kind, link.id, link, link);
  const end = (link: Link, why: LinkEnd) => put(ended, link.id, why, link);
  const known = async (link: Link): Promise<KnownLink> => ({
    link,
    state: stateOfLink(link, await endOf(link.id), now()),
  });
  const ofTask = async (task: string) => {
    const pointer = await records.get(latest, task, now());
    const link = pointer && (await find(pointer.value as string));
    return link && known(link);
  };

  return {
    ofTask,
    async make(of) {
      const before = await ofTask(of.task);
      const token = newLinkToken();
      const link: Link = {
        id: token.id,
        ...of,
        secretHash: hashOf(token.secret),
        created: now(),
        sent: false,
      };
      await save(link);
      await put(latest, of.task, link.id, link);
      if (before?.state === 'valid') await end(before.link, 'replaced');
      return { link, token: formatLinkToken(token) };
    },
    markSent: link => save({ ...link, sent: true }),
    async open(text) {
      const token = parseLinkToken(text);
      const link = token && (await find(token.id));
      return link && isSecretOf(token.secret, link.secretHash) ? known(link) : undefined;
    },
    async revoke(id) {
      const link = await find(id);
      if (!link) throw new HubError('not-found', `There is no link ${id.slice(0, 64)}: see hub link list`);
      await end(link, 'revoked');
      return link;
    },
    async prolong(link, expires) {
      if (expires > link.expires) await save({ ...link, expires });
    },
    async list(task) {
      const [links, ends] = await Promise.all([records.list(kind, now()), records.list(ended, now())]);
      const why = new Map(ends.map(record => [record.id, record.value as LinkEnd]));
      return links
        .map(record => record.value as Link)
        .filter(link => task === undefined || link.task === task)
        .sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1))
        .map(link => ({ link, state: stateOfLink(link, why.get(link.id), now()) }));
    },
  };
}
