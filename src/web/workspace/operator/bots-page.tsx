import type { PropsWithChildren } from 'hono/jsx';
import type { HubError } from '../../../errors.ts';
import { type AskedRun, type BotState, goesOn } from '../../../events/bot-desk.ts';
import type { ByHand } from '../../../events/by-hand.ts';
import { Form, Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Live } from '../../components/live.tsx';
import { Mark } from '../../components/mark.tsx';
import { Progress } from '../../components/progress.tsx';
import { Cell, Row, Table } from '../../components/table.tsx';
import { Ago } from '../../components/time.tsx';
import type { Room } from '../room.ts';
import { ParkedTable } from './parked-table.tsx';
import { scheduleWords } from './schedule-words.ts';

type Seen = Pick<Room, 'now' | 'zone' | 'token'>;

interface ListProps {
  bots: readonly BotState[];
  room: Seen;
  problem?: HubError | undefined;
}

/** Every bot: when it runs, what it did, what it is stuck on. */
export function BotsPage({ bots, room, problem }: ListProps) {
  const stuck = bots.flatMap(one => one.parked);
  const running = bots.filter(one => goesOn(one.byHand, room.now)).map(one => one.name);
  const content = (
    <>
      {stuck.length > 0 && (
        <section aria-labelledby="stuck">
          <h2 id="stuck">
            Stuck <span class="count">{stuck.length}</span>
          </h2>
          <ParkedTable items={stuck} room={room} at="/bots" settles />
        </section>
      )}
      <section aria-labelledby="all">
        <h2 id="all">All bots</h2>
        <Table headings={['Bot', 'When', 'Last run', 'What it did', 'Now']} label="Bots">
          {bots.map(bot => (
            <BotRow bot={bot} room={room} />
          ))}
        </Table>
      </section>
    </>
  );
  return (
    <>
      <Head title="Bots">
        What the hub does by itself. A bot that fails again and again gives up on that one thing and says so
        here; everything else goes on.
      </Head>
      <Problem of={problem} />
      <Changing id="bots" path="/bots" running={running}>
        {content}
      </Changing>
    </>
  );
}

/** One bot, with what came of the last run that somebody asked for. */
export function BotPage({
  bot,
  room,
  problem,
}: {
  bot: BotState;
  room: Seen;
  problem?: HubError | undefined;
}) {
  const { name, description, schedule, on, runs, parked, byHand } = bot;
  const path = `/bots/${name}`;
  return (
    <>
      <Head
        title={name}
        up={{ path: '/bots', label: 'Bots' }}
        actions={<RunNow bot={bot} room={room} at={path} />}
      >
        {description}
      </Head>
      <Problem of={problem} />
      <Changing id="bot" path={path} running={goesOn(byHand, room.now) ? [name] : []}>
        <section class="card" aria-labelledby="runs">
          <h2 id="runs">What it did</h2>
          <dl class="facts">
            <dt>Runs</dt>
            <dd>{whenWords({ schedule, on })}</dd>
            <dt>Last run</dt>
            <dd>{runs ? <Ago at={new Date(runs.lastRun)} {...room} /> : 'Not yet'}</dd>
            {runs && (
              <>
                <dt>Last wrote</dt>
                <dd>{runs.lastEffect ? <Ago at={new Date(runs.lastEffect)} {...room} /> : 'Nothing yet'}</dd>
                <dt>Counted</dt>
                <dd>
                  {countWords(runs)} since <Ago at={new Date(runs.since)} {...room} />
                </dd>
              </>
            )}
          </dl>
        </section>
        {byHand && <ByHandRun run={byHand} room={room} />}
        <section aria-labelledby="stuck">
          <h2 id="stuck">What it is stuck on</h2>
          <ParkedTable items={parked} room={room} at={path} settles />
        </section>
      </Changing>
    </>
  );
}

interface ChangingProps {
  id: string;
  path: string;
  /** Bots that somebody has run now. */
  running: readonly string[];
}

function Changing({ id, path, running, children }: PropsWithChildren<ChangingProps>) {
  return running.length > 0 ? (
    <Progress id={id} path={path} label={`${running.join(', ')} is running.`}>
      {children}
    </Progress>
  ) : (
    <Live id={id} path={path}>
      {children}
    </Live>
  );
}

function BotRow({ bot, room }: { bot: BotState; room: Seen }) {
  const { name, description, runs, parked, byHand } = bot;
  return (
    <Row
      head={
        <>
          <a class="person" href={`/bots/${name}`}>
            {name}
          </a>
          <span class="detail">{description}</span>
        </>
      }
    >
      <Cell label="When">{whenWords(bot)}</Cell>
      <Cell label="Last run">{runs ? <Ago at={new Date(runs.lastRun)} {...room} /> : 'Not yet'}</Cell>
      <Cell label="What it did">
        {runs ? countWords(runs) : 'Nothing yet'}
        {parked.length > 0 && (
          <>
            {' '}
            <Mark tone="late" icon="circle-alert">
              {parked.length} stuck
            </Mark>
          </>
        )}
        {byHand?.ended && <span class="detail">By hand: {resultWords(byHand)}</span>}
      </Cell>
      <Cell label="Now">
        <RunNow bot={bot} room={room} at="/bots" />
      </Cell>
    </Row>
  );
}

function RunNow({ bot, room, at }: { bot: BotState; room: Seen; at: string }) {
  const { name, schedule, byHand } = bot;
  if (!schedule) return <span class="quiet">Runs by itself</span>;
  if (goesOn(byHand, room.now)) return <span class="quiet">Running</span>;
  return (
    <Form action={`/bots/${name}/run`} token={room.token} to={at} look="beside">
      <button type="submit" class="second small">
        <Icon name="play" /> Run now<span class="hidden"> {name}</span>
      </button>
    </Form>
  );
}

function ByHandRun({ run, room }: { run: AskedRun; room: Seen }) {
  const failed = run.result?.failed ?? [];
  return (
    <section class="card" aria-labelledby="by-hand">
      <h2 id="by-hand">The last run by hand</h2>
      <p>
        <Ago at={new Date(run.started)} {...room} />: {resultWords(run)}
      </p>
      {failed.length > 0 && (
        <ul>
          {failed.map(({ about, error }) => (
            <li>
              <code>{about}</code>: {error}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const whenWords = ({ schedule, on }: { schedule?: string | undefined; on?: readonly string[] | undefined }) =>
  [
    ...(schedule ? [scheduleWords(schedule)] : []),
    ...(on ? [`at each change of ${on.join(', ')}`] : []),
  ].join('; ');

const countWords = ({
  runs,
  effects,
  failures,
}: {
  runs: number;
  effects: number;
  failures: number;
}): string => `${count(runs, 'run')}, ${effects} wrote something, ${failures} failed`;

function resultWords({ ended, result, error }: AskedRun): string {
  if (error) return `It could not run: ${error}`;
  if (!result) return ended ? 'It ended.' : 'It has not ended.';
  return byHandWords(result);
}

const byHandWords = ({ written, nothing, failed }: ByHand): string =>
  written + nothing + failed.length === 0
    ? 'Nothing was due.'
    : `${written} wrote something, ${nothing} had nothing to do, ${failed.length} failed.`;

const count = (number: number, what: string): string => `${number} ${number === 1 ? what : `${what}s`}`;
