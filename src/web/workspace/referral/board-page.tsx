import { Head } from '../../components/head.tsx';
import { Live } from '../../components/live.tsx';
import { Empty } from '../../components/notice.tsx';
import { urgencyWords } from '../../components/urgency.tsx';
import { ReferralTable } from '../../referral-table.tsx';
import {
  addressOf,
  type BoardFilter,
  type Facet,
  facets,
  type Group,
  grouped,
  type Part,
  withChoice,
} from './board.ts';
import type { BoardRows } from './board-rows.ts';

interface BoardProps {
  board: BoardRows;
  filter: BoardFilter;
  now: Date;
  zone: string | undefined;
  /** What the organization is called. */
  organization: string;
  /** Where the page begins, if it is not the first. */
  from: string | undefined;
  /** The role begins referrals. */
  refers: boolean;
}

/** Everything that an organization has asked for or was asked for, by whose turn it is. */
export function BoardPage({ board, filter, now, zone, organization, from, refers }: BoardProps) {
  const found = grouped(board.rows, filter, now);
  const shown = [...found.values()].reduce((sum, rows) => sum + rows.length, 0);
  return (
    <>
      <Head
        title="Referrals"
        actions={
          refers && (
            <a class="button" href="/refer">
              Start a referral
            </a>
          )
        }
      >
        What {organization} has asked for or was asked for, by whose turn it is.
      </Head>
      <Live id="board" path={addressOf(filter, from)}>
        <Filters facets={facets(board.rows, filter, now)} filter={filter} />
        {shown === 0 && <Nothing filtered={Object.keys(filter).length > 0} refers={refers} />}
        {[...found].map(([group, referrals]) => (
          <ReferralTable
            title={groupWords[group]}
            referrals={referrals}
            now={now}
            zone={zone}
            finished={group === 'finished'}
            linked
          />
        ))}
        <Paging board={board} filter={filter} from={from} />
      </Live>
    </>
  );
}

const groupWords: Record<Group, string> = {
  yours: 'Your turn',
  others: 'Waiting for others',
  hub: 'The hub is at work',
  finished: 'Finished',
};

const Nothing = ({ filtered, refers }: { filtered: boolean; refers: boolean }) =>
  filtered ? (
    <Empty icon="list-checks" title="No referral fits" action={<a href="/referrals">Show all referrals</a>}>
      Take a filter away, or show all.
    </Empty>
  ) : (
    <Empty
      icon="list-checks"
      title="No referrals yet"
      {...(refers ? { action: <a href="/refer">Start the first one</a> } : {})}
    >
      Here stands what your organization sends and what it is asked for, with whose turn it is.
    </Empty>
  );

const partWords: Record<Part, string> = {
  group: 'Whose turn',
  direction: 'Sent or received',
  urgency: 'Urgency',
  stage: 'State',
  late: 'Clock',
};

const valueWords: Record<string, string> = {
  ...groupWords,
  ...urgencyWords,
  sent: 'Sent by us',
  received: 'Asked of us',
  draft: 'Draft',
  asked: 'Waiting for an answer',
  working: 'Under way',
  'on-hold': 'On hold',
  yes: 'Overdue',
};

/** One link for each choice; the chosen one, followed again, takes it away. */
function Filters({ facets, filter }: { facets: readonly Facet[]; filter: BoardFilter }) {
  const byPart = [...Map.groupBy(facets, ({ part }) => part)].filter(
    ([part, all]) => all.length > 1 || all.some(({ chosen }) => chosen) || part === 'late',
  );
  if (byPart.length === 0) return null;
  return (
    <nav class="filters" aria-label="Filter">
      {byPart.map(([part, all]) => (
        <ul aria-label={partWords[part]}>
          {all.map(({ value, count, chosen }) => (
            <li>
              <a href={withChoice(filter, part, value)} {...(chosen ? { 'aria-current': 'true' } : {})}>
                {valueWords[value] ?? value} <span class="count">{count}</span>
              </a>
            </li>
          ))}
        </ul>
      ))}
      {Object.keys(filter).length > 0 && <a href="/referrals">Show all</a>}
    </nav>
  );
}

/** What did not fit on the page. */
function Paging({ board: { next }, filter, from }: Pick<BoardProps, 'board' | 'filter' | 'from'>) {
  const all = { ...filter, group: 'finished' } as const;
  return (
    <p class="paging">
      {from !== undefined && <a href={addressOf(filter)}>Back to the first page</a>}
      {next.open && <a href={addressOf(filter, next.open)}>More open referrals</a>}
      {next.finished &&
        (filter.group === 'finished' ? (
          <a href={addressOf(filter, next.finished)}>Earlier ones</a>
        ) : (
          <a href={addressOf(all)}>All that are finished</a>
        ))}
    </p>
  );
}
