import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Client, Registration } from '../auth/clients.ts';
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

export const client: Command = {
  name: 'client',
  summary: 'register, list, suspend and resume the systems that sign in',
  usage: `hub client add --id ID --name NAME --organization ID --scope SCOPE [--secret | --jwks FILE] [--loads] [--json]
hub client list [--json]
hub client suspend ID
hub client resume ID

add registers a system that signs in at /oauth/token with client credentials.
  --id ID             what it calls itself, for example general-hospital
  --name NAME         what people call it
  --organization ID   the Organization it acts for: the id that hub org add printed
  --scope SCOPE       the most it may ask for, for example "system/*.rs system/Task.cruds"
  --jwks FILE         it signs assertions: its public keys (RSA for RS384, EC P-384 for ES384) as a JSON Web Key Set
  --secret            it has a secret (so it is without --jwks): printed now, alone on a line, and never again
  --loads             it loads data from elsewhere: it may choose the ids of what it creates
list shows all clients. --json prints JSON.
suspend ends all tokens of a client at once and refuses new ones, until resume.`,

  async run(args, io, open) {
    const [verb, ...rest] = args;
    if (verb === 'add') return add(rest, io, open);
    if (verb === 'list') return list(rest, io, open);
    if (verb === 'suspend' || verb === 'resume') return change(verb, rest, io, open);
    throw new UsageError(`${verb ?? 'nothing'} is not one of: add, list, suspend, resume`);
  },
};

async function add(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      id: { type: 'string' },
      name: { type: 'string' },
      organization: { type: 'string' },
      scope: { type: 'string' },
      secret: { type: 'boolean' },
      jwks: { type: 'string' },
      loads: { type: 'boolean', default: false },
      json: { type: 'boolean' },
    },
  });
  if (values.secret && values.jwks !== undefined) throw new UsageError('Give --secret or --jwks, not both');
  const registration: Registration = {
    clientId: required(values.id, '--id', 'general-hospital'),
    name: required(values.name, '--name', '"General Hospital EHR"'),
    organization: required(
      values.organization,
      '--organization',
      '<the id that hub org add printed>',
    ).replace(/^Organization\//, ''),
    scope: required(values.scope, '--scope', '"system/*.cruds"'),
    loads: values.loads,
    ...(values.jwks === undefined ? { secret: true } : { jwks: await readKeys(values.jwks) }),
  };
  const { secret } = await withHub(open, async hub => {
    await requireOrganization(hub, registration.organization);
    return hub.authorization.clients.add(registration);
  });
  if (values.json)
    io.out(
      JSON.stringify({ client_id: registration.clientId, ...(secret ? { client_secret: secret } : {}) }),
    );
  else if (secret) io.out(secret);
  io.err(
    `${registration.clientId} is registered.${secret ? ' Its secret is shown this once: keep it safe.' : ''}`,
  );
  return exitCode.ok;
}

async function list(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
  const clients = await withHub(open, hub => hub.authorization.clients.list());
  if (values.json) io.out(JSON.stringify(clients.map(described)));
  else for (const line of table(clients)) io.out(line);
  return exitCode.ok;
}

async function change(
  verb: 'suspend' | 'resume',
  args: string[],
  io: CommandIo,
  open: OpenHub,
): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new UsageError(`Name one client: hub client ${verb} general-hospital`);
  await withHub(open, hub => hub.authorization.clients[verb](id));
  io.err(verb === 'suspend' ? `${id} is suspended, and its tokens are void.` : `${id} may sign in again.`);
  return exitCode.ok;
}

/** The content is judged where keys are registered. */
async function readKeys(path: string): Promise<NonNullable<Registration['jwks']>> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--jwks ${path} is not a JSON Web Key Set, {"keys": [ … ]}: ${reason}`);
  }
}

async function requireOrganization(hub: CommandHub, id: string): Promise<void> {
  try {
    await hub.repository(hub.hubActor).read('Organization', id);
  } catch (error) {
    if (!(error instanceof HubError) || !['not-found', 'gone'].includes(error.kind)) throw error;
    throw new HubError(
      'not-found',
      `There is no Organization/${id}: make it with hub org add, which prints its id`,
    );
  }
}

/** A client as one may show it. */
function described(client: Client) {
  const { secretHash, jwks, ...rest } = client;
  return { ...rest, signsInWith: jwks ? 'keys' : secretHash ? 'secret' : 'hub token' };
}

function table(clients: readonly Client[]): string[] {
  const rows = clients
    .map(described)
    .map(one => [
      one.clientId,
      one.suspended ? 'suspended' : 'active',
      one.signsInWith,
      `Organization/${one.organization}`,
      one.loads ? 'loads' : '',
      one.name,
      one.scope,
    ]);
  const all = [['client', 'state', 'signs in with', 'acts for', 'loads', 'name', 'scope'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0))) ?? [];
  return all.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
