import { type FileHandle, open as openFile, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { applyPlan, type Told } from '../onboarding/apply.ts';
import {
  changesNothing,
  clientName,
  type Onboarding,
  type Plan,
  personName,
  planNetwork,
} from '../onboarding/plan.ts';
import { readNetworkFile } from '../onboarding/read-network-file.ts';
import { type Command, type CommandHub, type CommandIo, exitCode, UsageError, withHub } from './command.ts';

export const apply: Command = {
  name: 'apply',
  summary: 'make a network what a file says: organizations, services, people, clients',
  usage: `hub apply FILE [--dry-run] [--secrets FILE] [--print-invitations]

Makes and changes organizations, locations, services, areas, clients and people as the file (YAML) says, and prints
what it did: + made, ~ changed. Applying the same file again changes nothing. What is no longer in the file stays:
it is named, and suspended or closed by hand.
  --dry-run             only prints what would be done
  --secrets FILE        secrets of new clients go into this new file, which only you can read, instead of standard
                        output; they are told this once
  --print-invitations   the links for new people are told in the same way, instead of being mailed to them

docs/operating.md has an example of the file, with all of its fields.`,

  async run(args, io, open) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        secrets: { type: 'string' },
        'print-invitations': { type: 'boolean', default: false },
      },
    });
    const [path] = positionals;
    if (path === undefined || positionals.length > 1)
      throw new UsageError('Name one file: hub apply network.yaml');
    const file = readNetworkFile(await readText(path), basename(path));
    return withHub(open, async hub => {
      const onboarding = onboardingOf(hub);
      const plan = await planNetwork(file, onboarding);
      for (const line of linesOf(plan)) io.out(line);
      if (values['dry-run']) {
        io.err(changesNothing(plan) ? 'Nothing would change.' : 'Nothing was changed: this was a dry run.');
        return exitCode.ok;
      }
      const mail = !values['print-invitations'];
      const told = await createTeller(io, values.secrets, tells(plan, mail));
      try {
        await applyPlan(plan, onboarding, { tell: told.tell, mail });
      } finally {
        await told.close();
      }
      io.err(changesNothing(plan) ? 'Nothing had to be changed.' : 'Done.');
      return exitCode.ok;
    });
  },
};

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`${path} cannot be read (${code})`);
  }
}

const onboardingOf = (hub: CommandHub): Onboarding => ({
  repository: hub.repository(hub.hubActor),
  clients: hub.authorization.clients,
  people: hub.people.management,
  records: hub.store.records,
  now: () => hub.parts.clock.now(),
  hubOrganization: hub.parts.hubOrganization,
});

/** One line for each thing that is made or changed, a count of what is not, and what stays though the file lacks it. */
function linesOf({ resources, clients, people, kept }: Plan): string[] {
  const all = [
    ...resources.map(({ reference, difference }) => ({
      kind: difference.kind,
      text: `${reference}${difference.kind === 'change' ? `  ${difference.elements.join(', ')}` : ''}`,
    })),
    ...clients.map(({ registration, kind }) => ({ kind, text: clientName(registration.clientId) })),
    ...people.map(person => ({ kind: person.kind, text: `${personName(person)}  ${person.role}` })),
  ];
  const unchanged = all.filter(({ kind }) => kind === 'unchanged').length;
  return [
    ...all.flatMap(({ kind, text }) =>
      kind === 'unchanged' ? [] : [`${kind === 'create' ? '+' : '~'} ${text}`],
    ),
    ...(unchanged > 0 ? [`= ${unchanged} unchanged`] : []),
    ...kept.map(name => `! ${name}: no longer in the file, stays as it is`),
  ];
}

/** Whether applying it tells anything. */
const tells = ({ clients, people }: Plan, mail: boolean): boolean =>
  clients.some(({ kind, registration }) => kind === 'create' && registration.secret) ||
  (!mail && people.some(({ kind }) => kind === 'create'));

interface Teller {
  tell(told: Told): Promise<void>;
  close(): Promise<void>;
}

/** The file is made before anything is: what is told once must have a place. */
async function createTeller(io: CommandIo, path: string | undefined, needed: boolean): Promise<Teller> {
  const line = ({ kind, whose, secret }: Told) => `${kind}\t${whose}\t${secret}`;
  if (path === undefined || !needed) return { tell: async told => io.out(line(told)), close: async () => {} };
  const file = await newFile(path);
  return {
    async tell(told) {
      await file.appendFile(`${line(told)}\n`);
      await file.sync();
    },
    close: () => file.close(),
  };
}

async function newFile(path: string): Promise<FileHandle> {
  try {
    return await openFile(path, 'wx', 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(
      code === 'EEXIST'
        ? `--secrets ${path} is there already: name a new file`
        : `--secrets ${path} cannot be made (${code})`,
    );
  }
}
