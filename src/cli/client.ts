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
  summary: 'register, list, suspend and resume the systems and apps that sign in',
  usage: `hub client add --id ID --name NAME --organization ID --scope SCOPE [--secret | --jwks FILE | --jwks-url URL] [--loads] [--json]
hub client add --id ID --name NAME --organization ID --scope SCOPE --redirect-uri URI… [--public | …] [--launch-url URL]
hub client list [--json]
hub client rotate ID
hub client suspend ID
hub client resume ID

add registers a system that signs in at /oauth/token with client credentials, or an app that people sign in to.
  --id ID             what it calls itself, for example general-hospital
  --name NAME         what people call it
  --organization ID   the Organization it acts for: the id that hub org add printed
  --scope SCOPE       the most it may ask for, for example "system/*.rs system/Task.cruds"
  --jwks FILE         it signs assertions: its public keys (RSA for RS384, EC P-384 for ES384) as a JSON Web Key Set
  --jwks-url URL      the same, published by it at an https address
  --secret            it has a secret (so it is without --jwks): printed now, alone on a line, and never again
  --loads             it loads data from elsewhere: it may choose the ids of what it creates
of an app:
  --redirect-uri URI  where it takes people back to, exactly; several times for several
  --public            it can keep no secret (it runs in a browser or on a phone)
  --launch-url URL    where an EHR opens it
  --frame-ancestor ORIGIN  an EHR that shows it in a frame; several times for several
  --id-token-alg ALG  RS256 (unless told otherwise) or ES384
  SCOPE is then such as "openid fhirUser launch launch/patient offline_access patient/*.rs"; an app of the hub's own
  Organization is for people of every organization.
list shows all clients. --json prints JSON.
rotate gives a client a new secret, printed now, alone on a line; the one before is void at once.
suspend ends all tokens of a client at once and refuses new ones, until resume.`,

  async run(args, io, open) {
    const [verb, ...rest] = args;
    if (verb === 'add') return add(rest, io, open);
    if (verb === 'rotate') return rotate(rest, io, open);
    if (verb === 'list') return list(rest, io, open);
    if (verb === 'suspend' || verb === 'resume') return change(verb, rest, io, open);
    throw new UsageError(`${verb ?? 'nothing'} is not one of: add, list, suspend, resume, rotate`);
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
      'jwks-url': { type: 'string' },
      public: { type: 'boolean' },
      'redirect-uri': { type: 'string', multiple: true },
      'launch-url': { type: 'string' },
      'frame-ancestor': { type: 'string', multiple: true },
      'id-token-alg': { type: 'string' },
      loads: { type: 'boolean', default: false },
      json: { type: 'boolean' },
    },
  });
  const ways = [values.secret, values.jwks, values['jwks-url'], values.public].filter(Boolean);
  if (ways.length > 1)
    throw new UsageError(
      'Give --secret or --jwks, not both, and --jwks-url or --public only instead of them',
    );
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
    ...(values.jwks === undefined ? {} : { jwks: await readKeys(values.jwks) }),
    ...(ways.length === 0 || values.secret ? { secret: true } : {}),
    ...appOf(values),
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

/** What only some clients are registered with. */
function appOf(values: {
  public?: boolean;
  'jwks-url'?: string;
  'redirect-uri'?: string[];
  'launch-url'?: string;
  'frame-ancestor'?: string[];
  'id-token-alg'?: string;
}): Partial<Registration> {
  const algorithm = values['id-token-alg'];
  if (algorithm !== undefined && algorithm !== 'RS256' && algorithm !== 'ES384')
    throw new UsageError('--id-token-alg is RS256 or ES384');
  return {
    ...(values.public ? { public: true } : {}),
    ...(values['jwks-url'] ? { jwksUri: values['jwks-url'] } : {}),
    ...(values['redirect-uri'] ? { redirectUris: values['redirect-uri'] } : {}),
    ...(values['launch-url'] ? { launchUrl: values['launch-url'] } : {}),
    ...(values['frame-ancestor'] ? { frameAncestors: values['frame-ancestor'] } : {}),
    ...(algorithm ? { idTokenAlg: algorithm } : {}),
  };
}

async function rotate(args: string[], io: CommandIo, open: OpenHub): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new UsageError('Name one client: hub client rotate general-hospital');
  io.out(await withHub(open, hub => hub.authorization.clients.rotate(id)));
  io.err(`${id} has a new secret, shown this once; the one before is void.`);
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
  return { ...rest, signsInWith: signsInWith(client) };
}

function signsInWith(client: Client): string {
  if (client.public) return 'nothing (public)';
  if (client.jwks || client.jwksUri) return 'keys';
  return client.secretHash ? 'secret' : 'hub token';
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
