import { parseArgs } from 'node:util';
import { HubError } from '../errors.ts';
import { initialize } from '../onboarding/initialize.ts';
import { isTimeZone } from '../onboarding/network-file.ts';
import { type Command, type CommandHub, type CommandIo, exitCode, UsageError, withHub } from './command.ts';

const options = {
  name: { type: 'string' },
  'base-url': { type: 'string' },
  'time-zone': { type: 'string' },
  phone: { type: 'string' },
  'admin-name': { type: 'string' },
  'admin-email': { type: 'string' },
  print: { type: 'boolean', default: false },
} as const;

export const init: Command = {
  name: 'init',
  summary: 'begin a network: its name, its time zone, its first administrator',
  usage: `hub init [--name NAME] [--base-url URL] [--time-zone ZONE] [--phone NUMBER] [--admin-name NAME] [--admin-email ADDRESS] [--print]

Begins a network on an empty database. On a terminal it asks for what is not given; again, it changes what is given
and invites nobody twice.
  --name NAME            what the network is called, on pages and in mails
  --base-url URL         how people and systems reach the hub; must be what HUB_BASE_URL says
  --time-zone ZONE       where the network's clocks are, for example America/Chicago
  --phone NUMBER         whom people phone when something does not work
  --admin-name, --admin-email
                         the first network administrator: is sent a link to choose a password
  --print                prints that link instead of sending it: also without a mail server (HUB_SMTP_URL)`,

  async run(args, io, open) {
    const { values } = parseArgs({ args, options });
    return withHub(open, async hub => {
      const configured = hub.parts.baseUrl.replace(/\/fhir$/, '');
      const baseUrl = (await answer(io, values['base-url'], 'Address of the hub', configured)).replace(
        /\/+$/,
        '',
      );
      requireBaseUrl(baseUrl, configured);
      const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const network = {
        name: await needed(io, values.name, '--name', 'Name of the network'),
        timeZone: await answer(io, values['time-zone'], 'Time zone', here),
        phone: await answer(io, values.phone, 'Phone number for questions (may be empty)', ''),
      };
      if (!isTimeZone(network.timeZone))
        throw new UsageError(`--time-zone ${network.timeZone} is not one, such as America/Chicago`);
      const administrator = {
        name: await needed(io, values['admin-name'], '--admin-name', 'Name of the first administrator'),
        email: await needed(
          io,
          values['admin-email'],
          '--admin-email',
          'E-mail address of the administrator',
        ),
      };
      const { link, invited } = await initialize(onto(hub), { network, administrator, mail: !values.print });
      if (link && values.print) io.out(link);
      io.err(`${network.name} is ready. ${saidOf(administrator.email, invited, values.print)}`);
      return exitCode.ok;
    });
  },
};

const onto = (hub: CommandHub) => ({
  repository: hub.repository(hub.hubActor),
  people: hub.people.management,
  records: hub.store.records,
  now: () => hub.parts.clock.now(),
  hubOrganization: hub.parts.hubOrganization,
});

function saidOf(email: string, invited: boolean, printed: boolean): string {
  if (!invited) return `${email} is its administrator already.`;
  return printed
    ? 'Whoever opens the link within seven days chooses the administrator’s password: hand it over safely.'
    : `${email} was sent a link, which is good for seven days.`;
}

/** What was given, else what a person answers, else what is usual. */
async function answer(
  io: CommandIo,
  given: string | undefined,
  question: string,
  usual: string,
): Promise<string> {
  if (given !== undefined) return given.trim();
  const said = (await io.ask?.(`${question}${usual ? ` [${usual}]` : ''}: `))?.trim();
  return said || usual;
}

async function needed(
  io: CommandIo,
  given: string | undefined,
  option: string,
  question: string,
): Promise<string> {
  for (let asked = 0; asked < 3; asked++) {
    const said = await answer(io, given, question, '');
    if (said !== '') return said;
    if (given !== undefined || !io.ask) break;
  }
  throw new UsageError(`${option} is missing`);
}

/** Links and tokens name the address that the hub is configured for. */
function requireBaseUrl(wanted: string, configured: string): void {
  if (wanted === configured) return;
  throw new HubError(
    'conflict',
    `The hub is configured for ${configured}: set HUB_BASE_URL=${wanted} for this command and for the hub, and begin again.`,
  );
}
