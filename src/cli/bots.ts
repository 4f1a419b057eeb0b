import { parseArgs } from 'node:util';
import { deliver } from '../../bots/deliver.ts';
import { type ByHand, parkedOn, parkedTasks } from '../events/by-hand.ts';
import { bots as registered } from '../events/registry.ts';
import { runsOf } from '../events/run-log.ts';
import { type Command, type CommandHub, exitCode, UsageError, withHub } from './command.ts';

/** `hub bots` */
export const bots: Command = {
  name: 'bots',
  summary: 'what the bots did, and what they are stuck on; run one now',
  usage: `hub bots [--json]
hub bots run NAME
hub bots retry [NAME]

Lists the bots: when each ran last, how often it ran, wrote and failed since it is counted, and what it has given up
(parked) after failing again and again.

  run NAME       runs what is due for the bot now, whether or not its schedule has come
  retry [NAME]   runs again what was parked, of one bot or of all; what works now is parked no more
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
      const result =
        what === 'run' && name ? await hub.events.runByHand(name, now) : await hub.events.retry(now, name);
      for (const line of told(result)) io.out(line);
      return result.failed.length > 0 ? exitCode.failed : exitCode.ok;
    });
  },
};

type Listed = Awaited<ReturnType<typeof listed>>[number];

async function listed({ store, parts, repository, hubActor }: CommandHub) {
  const own = repository(hubActor);
  const parked = await parkedTasks(own);
  const now = parts.clock.now();
  const found = registered.map(async ({ name, description, schedule, on }) => ({
    name,
    description,
    ...(schedule ? { schedule } : {}),
    ...(on ? { on } : {}),
    runs: await runsOf(store.records, name, now),
    parked: parked.filter(task => parkedOn(task).bot === name).map(task => task.description ?? ''),
  }));
  const query = new URLSearchParams({ status: 'error', _count: '500' });
  const broken = (await own.search('Subscription', query)).entries;
  const delivering = {
    name: deliver.name,
    description: deliver.description,
    runs: undefined,
    parked: broken.map(
      ({ stored }) => `Subscription/${stored.id} is in error: see Subscription/${stored.id}`,
    ),
  };
  return [...(await Promise.all(found)), delivering];
}

function shown({ name, description, runs, parked, ...when }: Listed): string[] {
  const schedule = 'schedule' in when && when.schedule ? `  schedule  ${when.schedule}` : undefined;
  const on = 'on' in when && when.on ? `  on        ${when.on.join(', ')}` : undefined;
  const last = runs
    ? `  last run  ${runs.lastRun}${runs.lastEffect ? `, last wrote ${runs.lastEffect}` : ''}; since ${runs.since}: ${runs.runs} runs, ${runs.effects} wrote, ${runs.failures} failed`
    : undefined;
  const stuck = parked.map(one => `  parked    ${one}`);
  return [name, `  ${description}`, schedule, on, last, ...stuck].filter(line => line !== undefined);
}

function told({ written, nothing, failed }: ByHand): string[] {
  return [
    `${written} ${written === 1 ? 'run' : 'runs'} wrote something, ${nothing} had nothing to do, ${failed.length} failed.`,
    ...failed.map(({ about, error }) => `${about}: ${error}`),
  ];
}
