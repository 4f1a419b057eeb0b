import { parseArgs } from 'node:util';
import type { KnownLink } from '../auth/links/link.ts';
import {
  type Command,
  type CommandIo,
  exitCode,
  type OpenHub,
  required,
  UsageError,
  withHub,
} from './command.ts';

export const link: Command = {
  name: 'link',
  summary: 'send, list and revoke links for organizations without an account',
  usage: `hub link create --task ID [--phone] [--json]
hub link list [--task ID] [--json]
hub link revoke ID

create sends who is asked by a referral Task a link to the e-mail address that the directory has for them; an earlier
link to the same Task ends. The hub does so by itself for organizations that have neither a client nor a person.
  --task ID   the Task
  --phone     for an organization that is reached by telephone only: prints the link, and six digits. Send the link
              in any way, and tell the digits by calling the number in the directory: nobody answers without both
list shows links, newest first, never their addresses. --json prints JSON.
revoke ends a link at once.`,

  async run(args, io, open) {
    const [verb, ...rest] = args;
    if (verb === 'create') return create(rest, io, open);
    if (verb === 'list') return list(rest, io, open);
    if (verb === 'revoke') return revoke(rest, io, open);
    throw new UsageError(`${verb ?? 'nothing'} is not one of: create, list, revoke`);
  },
};

const withoutType = (id: string): string => id.replace(/^Task\//, '');

async function create(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      task: { type: 'string' },
      phone: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const task = withoutType(required(values.task, '--task', '<the id of the Task>'));
  return withHub(open, async ({ linkService: { sender } }) => {
    if (!values.phone) {
      const sent = await sender.send(task);
      io.out(values.json ? JSON.stringify(sent) : sent.id);
      io.err(`A link was sent to ${sent.contact.value}; it ends on ${dayOf(sent.expires)}.`);
      return exitCode.ok;
    }
    const handed = await sender.hand(task);
    io.out(values.json ? JSON.stringify(handed) : handed.url);
    if (!values.json) io.out(handed.code);
    io.err(
      `The link ends on ${dayOf(handed.expires)}. Call ${handed.contact.value} to tell the digits; both are told this once.`,
    );
    return exitCode.ok;
  });
}

async function list(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { values } = parseArgs({ args, options: { task: { type: 'string' }, json: { type: 'boolean' } } });
  const task = values.task === undefined ? undefined : withoutType(values.task);
  const links = (await withHub(open, hub => hub.linkService.links.list(task))).map(described);
  if (values.json) io.out(JSON.stringify(links));
  else
    for (const { id, state, task: of, organization, contact, expires } of links)
      io.out(
        [id, state.padEnd(8), `Task/${of}`, `Organization/${organization}`, contact.value, expires].join(
          '  ',
        ),
      );
  return exitCode.ok;
}

async function revoke(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new UsageError('Name one link: hub link revoke <the id that hub link list shows>');
  const { task } = await withHub(open, hub => hub.linkService.links.revoke(id));
  io.err(`The link to Task/${task} opens nothing any more.`);
  return exitCode.ok;
}

/** A link as one may show it. */
function described({ link: { id, task, organization, contact, created, expires, sent }, state }: KnownLink) {
  const at = (time: number) => new Date(time).toISOString();
  return { id, state, task, organization, contact, sent, created: at(created), expires: at(expires) };
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
