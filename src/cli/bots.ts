import { parseArgs } from 'node:util';
import { deliver } from '../../bots/deliver.ts';
import type { ByHand } from '../events/by-hand.ts';
import type { ParkedItem } from '../events/parked.ts';
import { type Command, type CommandHub, exitCode, UsageError, withHub } from './command.ts';

/** `hub bots` */
export const bots: Command = {
  name: 'bots',
  summary: 'what the bots did, and what they are stuck on; run one now',
  usage: `hub bots [--json]
hub bots run NAME
hub bots retry [NAME | ID]

Lists the bots: when each ran last, how often it ran, wrote and failed since it is counted, and what it has given up
(parked) after failing again and again. What deliver has given up are mails and Subscriptions in error.

  run NAME       runs what is due for the bot now, whether or not its schedule has come
  retry          does again all that was parked; what works now is parked no more
  retry NAME     only of this bot
  retry ID       only this, for example delivery/12 or Task/9
  --json         print {"name", "description", "schedule"?, "on"?, "runs"?, "parked": […]} for each

It works while the hub runs. Ends with 1 when a run failed.`,

  async run(args, io, open) {
    const { values, positionals } = parseArgs({
      args,
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [what = 'list', name, ...surplus] = positionals;
    if (!['list', 'run', 'retry'].includes(what)) throw new UsageError(`${what} is not one of: run, retry`);
    if (surplus.length > 0 || (what === 'list' && name)) throw new UsageError('Name one bot at most.');
    if (what === 'run' && !name) throw new UsageError('Name the bot to run, for example: run chase-offers');
    return withHub(open, async hub => {
      if (what === 'list') {
        const found = await listed(hub);
        for (const one of found)
          for (const line of values.json ? [JSON.stringify(one)] : shown(one)) io.out(line);
        return exitCode.ok;
      }
      const now = hub.parts.clock.now();
      const { lines, failed } =
        what === 'run' && name ? told(await hub.events.runByHand(name, now)) : await retried(hub, name);
      for (const line of lines) io.out(line);
      return failed ? exitCode.failed : exitCode.ok;
    });
  },
};

type Listed = Awaited<ReturnType<typeof listed>>[number];

async function listed({ botDesk, parked, hubActor }: CommandHub) {
  const [bots, items] = await Promise.all([botDesk.list(hubActor), parked.list(hubActor)]);
  const { name, description } = deliver;
  const deliveries = items.filter(({ kind }) => kind !== 'bot');
  return [
    ...bots.map(({ byHand: _, parked, runs, ...bot }) => ({ ...bot, runs, parked: parked.map(inWords) })),
    { name, description, runs: undefined, parked: deliveries.map(inWords) },
  ];
}

const inWords = ({ id, kind, about, error, waiting }: ParkedItem): string =>
  kind === 'bot' ? `${id}  ${error}` : `${id}  ${about}: ${error} (${waiting} waiting)`;

/** What is parked, of one bot or of all, or the one thing of this id. */
async function retried({ parked, hubActor, events, parts }: CommandHub, name: string | undefined) {
  if (name?.includes('/')) {
    const result = await parked.retry(hubActor, name);
    const failed = result.outcome === 'failed';
    return { lines: [failed ? `${name}: ${result.error}` : outcomes[result.outcome](name)], failed };
  }
  const lines: string[] = [];
  if (name === undefined || name === deliver.name)
    for (const { id, kind } of await parked.list(hubActor)) {
      if (kind === 'bot') continue;
      await parked.retry(hubActor, id);
      lines.push(outcomes.sending(id));
    }
  if (name === deliver.name)
    return { lines: lines.length > 0 ? lines : ['Nothing is parked.'], failed: false };
  const runs = told(await events.retry(parts.clock.now(), name === undefined ? {} : { bot: name }));
  return { ...runs, lines: [...lines, ...runs.lines] };
}

const outcomes = {
  sending: (id: string) => `${id} is sent as soon as the hub runs.`,
  done: (id: string) => `${id} has worked and is parked no more.`,
};

function shown({ name, description, runs, parked, ...when }: Listed): string[] {
  const schedule = 'schedule' in when && when.schedule ? `  schedule  ${when.schedule}` : undefined;
  const on = 'on' in when && when.on ? `  on        ${when.on.join(', ')}` : undefined;
  const last = runs
    ? `  last run  ${runs.lastRun}${runs.lastEffect ? `, last wrote ${runs.lastEffect}` : ''}; since ${runs.since}: ${runs.runs} runs, ${runs.effects} wrote, ${runs.failures} failed`
    : undefined;
  const stuck = parked.map(one => `  parked    ${one}`);
  return [name, `  ${description}`, schedule, on, last, ...stuck].filter(line => line !== undefined);
}

function told({ written, nothing, failed }: ByHand): { lines: string[]; failed: boolean } {
  const counts = `${written} ${written === 1 ? 'run' : 'runs'} wrote something, ${nothing} had nothing to do, ${failed.length} failed.`;
  const lines = [counts, ...failed.map(({ about, error }) => `${about}: ${error}`)];
  return { lines, failed: failed.length > 0 };
}
