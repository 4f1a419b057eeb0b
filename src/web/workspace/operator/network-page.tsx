import { Bars } from '../../components/bars.tsx';
import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty, Warning } from '../../components/notice.tsx';
import { Cell, Row, Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import { DayAgo } from '../directory/day.tsx';
import type { Room } from '../room.ts';
import type { Member, Network } from './network.ts';

interface Props {
  network: Network;
  /** What bots and deliveries have given up. */
  parked: { runs: number; deliveries: number };
  room: Pick<Room, 'now' | 'zone'>;
}

/**
 * The network, and what in it needs somebody. It does not follow each change: it looks at everything that waits, and
 * each look is in the audit of all whom it is about.
 */
export const NetworkPage = ({ network, parked, room }: Props) => (
  <>
    <Head
      title="Network"
      actions={
        <a class="button second small" href="/network">
          <Icon name="refresh-cw" /> Look again
        </a>
      }
    >
      What the network is made of, and what in it needs somebody, as of{' '}
      <Moment at={room.now} zone={room.zone} />.
    </Head>
    {network.partial && (
      <Warning>The network is larger than this page: the first thousand of each kind are shown.</Warning>
    )}
    <Figures counts={network.counts} />
    <Attention network={network} parked={parked} />
    <Referrals members={network.members} />
    <Stale stale={network.stale} room={room} />
    <Members members={network.members} />
  </>
);

function Figures({ counts }: { counts: Network['counts'] }) {
  const { organizations, people, systems, services } = counts;
  const figures = [
    ['Organizations', organizations, '#organizations'],
    ['Staff accounts', people, '/people'],
    ['Systems and apps', systems, '/clients'],
    ['Services', services, '/directory'],
  ] as const;
  return (
    <ul class="figures" aria-label="How many">
      {figures.map(([label, count, path]) => (
        <li>
          <a href={path}>
            <span class="figure">{count}</span> {label}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What somebody has to do, each with where to do it. */
function Attention({ network, parked }: Pick<Props, 'network' | 'parked'>) {
  const { suspended, stale, counts, members } = network;
  const unreachable = members.filter(one => one.attention.some(text => text.startsWith('Nobody')));
  const late = members.reduce((sum, one) => sum + one.late, 0);
  const all = [
    { count: parked.runs, path: '/bots', one: 'run of a bot is parked', more: 'runs of bots are parked' },
    {
      count: parked.deliveries,
      path: '/deliveries',
      one: 'delivery is parked',
      more: 'deliveries are parked',
    },
    { count: late, path: '#referrals', one: 'referral is past due', more: 'referrals are past due' },
    {
      count: unreachable.length,
      path: '#organizations',
      one: 'organization cannot be reached by anybody',
      more: 'organizations cannot be reached by anybody',
    },
    {
      count: stale.length,
      path: '#entries',
      one: 'entry of the directory waits to be confirmed',
      more: 'entries of the directory wait to be confirmed',
    },
    {
      count: suspended.length,
      path: '/clients',
      one: 'system or app is suspended',
      more: 'systems or apps are suspended',
    },
    {
      count: counts.invited,
      path: '/people',
      one: 'person has not accepted their invitation',
      more: 'people have not accepted their invitation',
    },
  ].filter(({ count }) => count > 0);
  return (
    <section aria-labelledby="attention">
      <h2 id="attention">Needs attention</h2>
      {all.length === 0 ? (
        <Empty icon="circle-check" title="Nothing needs you now" />
      ) : (
        <ul class="todo">
          {all.map(({ count, path, one, more }) => (
            <li>
              <a href={path}>
                <Icon name="arrow-right" /> <strong>{count}</strong> {count === 1 ? one : more}
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The busiest first; those without anything to do are left out. */
const barsShown = 15;

function Referrals({ members }: { members: readonly Member[] }) {
  const busy = members
    .filter(one => one.waiting > 0)
    .sort((a, b) => b.late - a.late || b.waiting - a.waiting || a.name.localeCompare(b.name));
  return (
    <section aria-labelledby="referrals">
      <h2 id="referrals">Whose turn it is</h2>
      <p class="quiet">
        Referrals through the hub that wait for an organization, and those of them past due.
      </p>
      {busy.length === 0 ? (
        <Empty icon="circle-check" title="No referral waits for anybody" />
      ) : (
        <Bars
          of="Organization"
          label="Referrals that wait for each organization"
          series={[
            { name: 'Past due', tone: 'late' },
            { name: 'In time', tone: 'good' },
          ]}
          rows={busy.slice(0, barsShown).map(({ name, waiting, late }) => ({
            label: name,
            values: [late, waiting - late],
          }))}
        />
      )}
      {busy.length > barsShown && <p class="quiet">And {busy.length - barsShown} with less to do.</p>}
    </section>
  );
}

function Stale({ stale, room }: { stale: Network['stale']; room: Props['room'] }) {
  if (stale.length === 0) return null;
  return (
    <section aria-labelledby="entries">
      <h2 id="entries">Entries to be confirmed</h2>
      <p class="quiet">
        Nobody has said for long that these are still right. They sink in the ranking; their organizations
        were asked.
      </p>
      <Table headings={['Service', 'Organization', 'Last confirmed']} label="Entries to be confirmed">
        {stale.map(({ id, name, organization, verified }) => (
          <Row head={<a href={`/directory/${id}`}>{name}</a>}>
            <Cell label="Organization">{organization}</Cell>
            <Cell label="Last confirmed">
              <DayAgo date={verified} now={room.now} />
            </Cell>
          </Row>
        ))}
      </Table>
    </section>
  );
}

function Members({ members }: { members: readonly Member[] }) {
  return (
    <section aria-labelledby="organizations">
      <h2 id="organizations">Organizations</h2>
      <Table
        look="first-wide"
        label="Organizations"
        headings={['Organization', 'People', 'Systems', 'Services', 'Waits for it', 'Needs attention']}
      >
        {members.map(({ id, name, kind, people, systems, services, waiting, attention }) => (
          <Row
            head={
              <>
                <span class="person">{name}</span>
                <span class="detail">{kind}</span>
              </>
            }
          >
            <Cell label="People">
              <a href={`/people?of=${encodeURIComponent(id)}`}>
                {people}
                <span class="hidden"> people of {name}</span>
              </a>
            </Cell>
            <Cell label="Systems">{systems}</Cell>
            <Cell label="Services">{services}</Cell>
            <Cell label="Waits for it">{waiting}</Cell>
            <Cell label="Needs attention">
              {attention.length === 0 ? <span class="quiet">Nothing</span> : attention.join(' ')}
            </Cell>
          </Row>
        ))}
      </Table>
    </section>
  );
}
