import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import type { Later } from '../later.ts';
import type { Records } from '../store/store.ts';
import type { Bot } from './bot.ts';
import type { ByHand } from './by-hand.ts';
import type { Events } from './events.ts';
import type { ForOperator } from './operator.ts';
import { told } from './park.ts';
import type { Parked, ParkedItem } from './parked.ts';
import { type BotRuns, runsOf } from './run-log.ts';

/** A bot as operators see it. */
export interface BotState {
  name: string;
  description: string;
  schedule?: string;
  /** Resource types whose changes wake it. */
  on?: readonly string[];
  /** Absent: it has never run. */
  runs?: BotRuns;
  /** What it has given up after failing again and again. */
  parked: ParkedItem[];
  /** The last run that a person asked for on a page. */
  byHand?: AskedRun;
}

/** A run that a person asked for; times are ISO instants. */
export interface AskedRun {
  started: string;
  /** Absent while it runs. */
  ended?: string;
  result?: ByHand;
  /** Why it could not run at all, in words without health information. */
  error?: string;
}

/** What operators see of the bots and have them do (`run-bots`), each call in the audit. */
export interface BotDesk {
  list(actor: Actor): Promise<BotState[]>;
  /**
   * Has what is due for the bot done now; answers as soon as that has begun, and the list tells the rest. HubError
   * `forbidden`, `not-found`, `invalid` for a bot without a schedule, `conflict` while an earlier run goes on.
   */
  start(actor: Actor, name: string): Promise<void>;
}

interface BotDeskDeps {
  bots: readonly Bot[];
  events: Pick<Events, 'runByHand'>;
  parked: Parked;
  records: Records;
  clock: Clock;
  later: Later;
  forOperator: ForOperator;
}

const kind = 'bot-by-hand';
/** A run that says nothing for so long died with its process. */
const longestMs = 15 * 60_000;
const keptMs = 7 * 86_400_000;

export function createBotDesk(deps: BotDeskDeps): BotDesk {
  const { bots, events, parked, records, clock, later, forOperator } = deps;
  const asked = async (name: string): Promise<AskedRun | undefined> =>
    (await records.get(kind, name, clock.now().getTime()))?.value as AskedRun | undefined;
  const keep = (name: string, value: AskedRun) =>
    records.put({ kind, id: name, value, expires: clock.now().getTime() + keptMs, family: null });

  async function stateOf({ name, description, schedule, on }: Bot, items: readonly ParkedItem[]) {
    const [runs, byHand] = await Promise.all([runsOf(records, name, clock.now()), asked(name)]);
    return {
      name,
      description,
      ...(schedule ? { schedule } : {}),
      ...(on ? { on } : {}),
      ...(runs ? { runs } : {}),
      parked: items.filter(item => item.kind === 'bot' && item.about.startsWith(`${name}: `)),
      ...(byHand ? { byHand } : {}),
    };
  }

  async function run(name: string, started: string): Promise<void> {
    try {
      const result = await events.runByHand(name, clock.now());
      await keep(name, { started, ended: clock.now().toISOString(), result });
    } catch (error) {
      await keep(name, { started, ended: clock.now().toISOString(), error: told(error) });
      throw error;
    }
  }

  return {
    async list(actor) {
      const items = await parked.list(actor);
      return Promise.all(bots.map(bot => stateOf(bot, items)));
    },
    start: (actor, name) =>
      forOperator(actor, 'run-bot', async () => {
        const bot = bots.find(one => one.name === name);
        if (!bot) throw new HubError('not-found', 'There is no bot of this name.');
        if (!bot.schedule)
          throw new HubError('invalid', `${name} has no schedule: it runs by itself at each change.`);
        if (goesOn(await asked(name), clock.now()))
          throw new HubError(
            'conflict',
            `${name} is running already: what comes of it is shown in a moment.`,
          );
        const started = clock.now().toISOString();
        await keep(name, { started });
        later.run(() => run(name, started), `the bot ${name} could not be run by hand`);
        return { result: undefined };
      }),
  };
}

/** Whether a run that was asked for has not ended. */
export const goesOn = (run: AskedRun | undefined, now: Date): boolean =>
  run !== undefined && run.ended === undefined && now.getTime() - Date.parse(run.started) < longestMs;
