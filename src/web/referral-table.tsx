// biome-ignore-all lint/a11y/noRedundantRoles: on a phone the table is displayed as cards, and some screen readers then need its roles spelled out
import type { PropsWithChildren } from 'hono/jsx';
import { Ago, Due } from './components/time.tsx';
import { Urgency } from './components/urgency.tsx';
import type { Referral } from './referrals.ts';

interface Props {
  title: string;
  /** Said where the list is empty; absent: an empty list is left out. */
  empty?: string;
  referrals: readonly Referral[];
  now: Date;
  /** Over: when it ended counts, not what comes next. */
  finished?: boolean;
  /** Each row leads to the page of its referral, for who is signed in. */
  linked?: boolean;
  /** IANA name of where the reader is. */
  zone?: string | undefined;
}

/** One list of referrals: a table, on a phone a card each. */
export function ReferralTable({ title, empty, referrals, now, zone, finished = false, linked }: Props) {
  if (referrals.length === 0 && !empty) return null;
  const last = finished ? 'Ended' : 'Next';
  return (
    <section class="list">
      <h2>
        {title} <span class="count">{referrals.length}</span>
      </h2>
      {referrals.length === 0 ? (
        <p class="quiet">{empty}</p>
      ) : (
        <table role="table">
          <thead role="rowgroup">
            <tr role="row">
              {['Person', 'Need', 'From and to', 'Status', last].map(heading => (
                <th role="columnheader" scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {referrals.map(referral => (
              <Row
                referral={referral}
                now={now}
                zone={zone}
                last={last}
                finished={finished}
                linked={linked}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

type RowProps = Pick<Props, 'now' | 'zone' | 'linked' | 'finished'> & { referral: Referral; last: string };

function Row({ referral, now, zone, last, finished, linked }: RowProps) {
  const { id, person, need, urgency, status, reason, turn, changed } = referral;
  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="person">
        {linked ? (
          <a href={`/referrals/${id}`}>{person ?? 'Not shared with you'}</a>
        ) : (
          (person ?? <NotShared />)
        )}
      </th>
      <Cell label="Need">
        {need ?? <NotShared />} <Urgency of={urgency} />
      </Cell>
      <Cell label="From and to">
        <Way referral={referral} />
      </Cell>
      <Cell label="Status">
        {status}
        {reason && <span class="detail">{reason}</span>}
      </Cell>
      <Cell label={last}>
        {turn && !finished ? (
          <Next turn={turn} now={now} zone={zone} />
        ) : (
          <Ago at={changed} now={now} zone={zone} />
        )}
      </Cell>
    </tr>
  );
}

/** On a phone the label stands before what it heads. */
const Cell = ({ label, children }: PropsWithChildren<{ label: string }>) => (
  <td role="cell" data-label={label}>
    <div>{children}</div>
  </td>
);

const NotShared = () => <span class="quiet">Not shared with you</span>;

function Way({ referral: { from, keeper, to, throughHub } }: { referral: Referral }) {
  return (
    <>
      <span>{from}</span>{' '}
      <span class="arrow" aria-hidden="true">
        →
      </span>
      <span class="hidden">to</span> <span>{to}</span>
      {throughHub && <span class="detail">through the hub</span>}
      {keeper && <span class="detail">for a person of {keeper}</span>}
    </>
  );
}

type NextProps = Pick<Props, 'now' | 'zone'> & { turn: NonNullable<Referral['turn']> };

const Next = ({ turn, now, zone }: NextProps) => (
  <>
    <span class="action">{turn.action}</span>
    <span class="detail">{turn.yours ? 'Your turn' : `${turn.name}’s turn`}</span>
    <Due at={turn.due} now={now} zone={zone} />
  </>
);
