import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Authorization } from '../auth/authorization.ts';
import { readConfig } from '../config.ts';
import { createParty } from '../demo/loop/party.ts';
import { type Cast, playLoop } from '../demo/loop/story.ts';
import { organizationNamed } from '../demo/organizations.ts';
import { type Command, type CommandIo, exitCode, type OpenHub, withHub } from './command.ts';
import { createTimeline } from './timeline.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'play a whole referral, each party over HTTP with a token of its own',
  usage: `hub demo [--url URL]

Plays one referral from the ward to the outcome: a hospital, two centers and a shelter each talk to the hub over its
FHIR API as plain clients, and the hospital sees every step in its own Task. Ends with 0 when all of it came true.

  --url URL   a hub that runs already, on the database that this command is configured for, and holds the demo
              network: http://127.0.0.1:8080. Otherwise a hub of its own is started and leaves nothing behind`,

  async run(args, io, open) {
    const { values } = parseArgs({ args, options: { url: { type: 'string' } } });
    const play = (stage: Stage) => perform(stage, io);
    return values.url === undefined ? withOwnHub(io, play) : withRunningHub(values.url, open, play);
  },
};

/** Where it is played, and who gives out the tokens. */
interface Stage {
  url: string;
  authorization: Pick<Authorization, 'issueToken'>;
}

async function perform(stage: Stage, io: CommandIo): Promise<number> {
  const { timeline, told } = createTimeline(io);
  io.out(`One referral, as its parties play it over ${stage.url}/fhir  (● done, ○ seen by the hospital)\n`);
  const started = performance.now();
  try {
    await playLoop(await cast(stage), timeline);
  } catch (error) {
    io.status?.('');
    io.err(
      `\nhub demo: after ${told.steps} steps: ${error instanceof Error ? error.message : String(error)}`,
    );
    return exitCode.failed;
  }
  io.status?.('');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  io.out(
    `\nThe loop is closed: ${told.steps} steps of ${told.parties.size} parties, ${told.seen} of them seen by polling, in ${seconds} s.`,
  );
  return exitCode.ok;
}

const tokenSeconds = 900;

async function cast({ url, authorization }: Stage): Promise<Cast> {
  const party = async (client: string) => {
    const { token } = await authorization.issueToken({ client, ttl: tokenSeconds });
    return createParty({
      url,
      token,
      organization: client,
      name: organizationNamed(client).display ?? client,
    });
  };
  return {
    hospital: await party('general-hospital'),
    centers: [await party('northside-cmhc'), await party('southside-cmhc')],
    shelter: await party('harbor-shelter'),
    outsider: await party('county-hospital'),
  };
}

/** A hub on a database and a port of its own, filled with the demo network, gone afterwards. */
async function withOwnHub(io: CommandIo, play: (stage: Stage) => Promise<number>): Promise<number> {
  io.status?.('Starting a hub with the demo network …');
  const [{ startHub }, { seedDemo }] = await Promise.all([import('../main.ts'), import('../demo/seed.ts')]);
  const data = await mkdtemp(join(tmpdir(), 'hub-demo-'));
  const config = readConfig({
    HUB_DATA: data,
    HUB_CACHE: readConfig().cache,
    HUB_PORT: '0',
    HUB_ENV: 'development',
    HUB_LOG: 'error',
  });
  try {
    const { hub, url, stop } = await startHub(config, { prepare: hub => seedDemo(hub, config) });
    io.status?.('');
    try {
      return await play({ url, authorization: hub.authorization });
    } finally {
      await stop();
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/** Tokens come from the database, which the hub at the URL must share. */
function withRunningHub(
  url: string,
  open: OpenHub,
  play: (stage: Stage) => Promise<number>,
): Promise<number> {
  return withHub(open, ({ authorization }) => play({ url: url.replace(/\/+$/, ''), authorization }));
}
