import type { HubError } from '../../../errors.ts';
import { type BotState, goesOn } from '../../../events/bot-desk.ts';
import { Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Mark } from '../../components/mark.tsx';
import { Cell, Row, Table } from '../../components/table.tsx';
import { Ago } from '../../components/time.tsx';
import { Changing, RunNow, type Seen } from './bot-parts.tsx';
import { countWords, resultWords, whenWords } from './bot-words.ts';
import { ParkedTable } from './parked-table.tsx';

interface ListProps {
  bots: readonly BotState[];
  room: Seen;
  problem?: HubError | undefined;
}

/** Every bot: when it runs, what it did, what it has parked. */
export function BotsPage({ bots, room, problem }: ListProps) {
  const parked = bots.flatMap(one => one.parked);
  const running = bots.filter(one => goesOn(one.byHand, room.now)).map(one => one.name);
  const content = (
    <>
      {parked.length > 0 && (
        <section aria-labelledby="parked">
          <h2 id="parked">
            Parked <span class="count">{parked.length}</span>
          </h2>
          <ParkedTable items={parked} room={room} at="/bots" settles />
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
        What the hub does by itself. A bot that fails again and again parks that one thing here, and goes on
        with everything else.
      </Head>
      <Problem of={problem} />
      <Changing id="bots" path="/bots" running={running}>
        {content}
      </Changing>
    </>
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
              {parked.length} parked
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
