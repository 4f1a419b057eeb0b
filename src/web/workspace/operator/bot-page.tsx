import type { HubError } from '../../../errors.ts';
import { type AskedRun, type BotState, goesOn } from '../../../events/bot-desk.ts';
import { Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Ago } from '../../components/time.tsx';
import { Changing, RunNow, type Seen } from './bot-parts.tsx';
import { countWords, resultWords, whenWords } from './bot-words.ts';
import { ParkedTable } from './parked-table.tsx';

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
        <section aria-labelledby="parked">
          <h2 id="parked">What it has parked</h2>
          <ParkedTable items={parked} room={room} at={path} settles />
        </section>
      </Changing>
    </>
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
