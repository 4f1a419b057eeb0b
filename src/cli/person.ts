import { parseArgs } from 'node:util';
import { roleNames } from '../access/roles.ts';
import type { Listing } from '../auth/accounts/management.ts';
import { HubError } from '../errors.ts';
import {
  type Command,
  type CommandHub,
  type CommandIo,
  exitCode,
  type OpenHub,
  required,
  UsageError,
  withHub,
} from './command.ts';

export const person: Command = {
  name: 'person',
  summary: 'invite, list, suspend and resume the people who sign in',
  usage: `hub person invite --email ADDRESS --name NAME --organization ID --role ROLE [--print]
hub person list [--organization ID] [--json]
hub person suspend ADDRESS [--organization ID]
hub person resume ADDRESS [--organization ID]
hub person reset-second-factor ADDRESS

invite sends a link by mail with which the person chooses a password; for who has an account already, it adds another
organization. A person who has not accepted yet is sent a new link.
  --role ROLE         ${roleNames.join(', ')}
                      (network-administrator: of the hub's own organization, hub)
  --print             prints the link instead of sending it: also without a mail server (HUB_SMTP_URL). Hand it over
                      in a way that nobody else reads; it works once, for seven days
list shows who may act for which organization. --json prints JSON.
suspend ends all sessions and tokens of a person at once, for one organization or for all, until resume.
reset-second-factor is for who has lost the app and the recovery codes: make sure who asks.`,

  async run(args, io, open) {
    const [verb, ...rest] = args;
    if (verb === 'invite') return invite(rest, io, open);
    if (verb === 'list') return list(rest, io, open);
    if (verb === 'suspend' || verb === 'resume') return change(verb, rest, io, open);
    if (verb === 'reset-second-factor') return resetSecondFactor(rest, io, open);
    throw new UsageError(
      `${verb ?? 'nothing'} is not one of: invite, list, suspend, resume, reset-second-factor`,
    );
  },
};

const withoutType = (id: string): string => id.replace(/^Organization\//, '');

async function invite(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      email: { type: 'string' },
      name: { type: 'string' },
      organization: { type: 'string' },
      role: { type: 'string' },
      print: { type: 'boolean', default: false },
    },
  });
  const invitation = {
    email: required(values.email, '--email', 'ada@general.example'),
    name: required(values.name, '--name', '"Ada Quinn"'),
    organization: withoutType(
      required(values.organization, '--organization', '<the id that hub org add printed>'),
    ),
    role: required(values.role, '--role', 'discharge-planner'),
  };
  const { link } = await withHub(open, hub => inviteOrExplain(hub, invitation, values.print));
  if (values.print && link) io.out(link);
  if (!link) io.err(`${invitation.email} has an account already, and may now act for this organization too.`);
  else if (values.print)
    io.err('Whoever opens this link within seven days chooses the password: hand it over safely.');
  else io.err(`${invitation.email} was sent a link, which is good for seven days.`);
  return exitCode.ok;
}

async function inviteOrExplain(
  { people }: CommandHub,
  invitation: Parameters<typeof people.management.invite>[0],
  print: boolean,
) {
  try {
    return await people.management.invite(invitation, 'operator', { mail: !print });
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== 'unavailable') throw error;
    throw new HubError('unavailable', [
      ...error.problems,
      {
        text: 'The invitation is made, but was not sent: the same command with --print prints a link to hand over.',
      },
    ]);
  }
}

async function list(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { organization: { type: 'string' }, json: { type: 'boolean' } },
  });
  const organization = values.organization && withoutType(values.organization);
  const people = await withHub(open, hub => hub.people.management.list('operator', organization));
  if (values.json) io.out(JSON.stringify(people));
  else for (const line of table(people)) io.out(line);
  return exitCode.ok;
}

async function change(
  verb: 'suspend' | 'resume',
  args: string[],
  io: CommandIo,
  open: OpenHub,
): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { organization: { type: 'string' } },
  });
  const [email] = positionals;
  if (email === undefined || positionals.length > 1)
    throw new UsageError(`Name one person: hub person ${verb} ada@general.example`);
  const organization = values.organization && withoutType(values.organization);
  await withHub(open, async ({ people: { management } }) =>
    management[verb](await management.accountOf(email), 'operator', organization),
  );
  const where = organization ? ` for Organization/${organization}` : '';
  io.err(
    verb === 'suspend'
      ? `${email} is suspended${where}; the sessions and tokens are ended.`
      : `${email} may sign in again${where}.`,
  );
  return exitCode.ok;
}

async function resetSecondFactor(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [email] = positionals;
  if (email === undefined || positionals.length > 1)
    throw new UsageError('Name one person: hub person reset-second-factor ada@general.example');
  await withHub(open, async ({ people: { management } }) =>
    management.resetSecondFactor(await management.accountOf(email)),
  );
  io.err(`${email} has no second factor any more, and sets up a new one at the next sign-in.`);
  return exitCode.ok;
}

function table(people: readonly Listing[]): string[] {
  const rows = people.map(({ email, state, role, organization, secondFactor, name }) => [
    email,
    state,
    role,
    `Organization/${organization}`,
    secondFactor ? 'second factor' : '',
    name,
  ]);
  const all = [['e-mail', 'state', 'role', 'acts for', 'signs in with', 'name'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0))) ?? [];
  return all.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
