// biome-ignore-all lint/a11y/noRedundantRoles: on a phone the table is displayed as cards, and some screen readers then need its roles spelled out
import type { PropsWithChildren } from 'hono/jsx';
import { agoWords, dueWords, exactWords, isOverdue } from './due-words.ts';
import type { Referral } from './referrals.ts';

interface Props {
  title: string;
  /** Said where the list is empty; absent: an empty list is left out. */
  empty?: string;
  referrals: readonly Referral[];
  now: Date;
  /** Over: when it ended counts, not what comes next. */
  finished?: boolean;
}

/** One list of referrals: a table, on a phone a card each. */
export function ReferralTable({ title, empty, referrals, now, finished = false }: Props) {
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
              <Row referral={referral} now={now} last={last} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ referral, now, last }: { referral: Referral; now: Date; last: string }) {
  const { person, need, urgent, status, reason, turn, changed } = referral;
  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="person">
        {person ?? <NotShared />}
      </th>
      <Cell label="Need">
        {need ?? <NotShared />} {urgent && <span class="mark">Urgent</span>}
      </Cell>
      <Cell label="From and to">
        <Way referral={referral} />
      </Cell>
      <Cell label="Status">
        {status}
        {reason && <span class="detail">{reason}</span>}
      </Cell>
      <Cell label={last}>
        {turn ? <Next turn={turn} now={now} /> : <Time at={changed} words={agoWords(changed, now)} />}
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

function Way({ referral: { from, to, throughHub } }: { referral: Referral }) {
  return (
    <>
      <span>{from}</span>{' '}
      <span class="arrow" aria-hidden="true">
        →
      </span>
      <span class="hidden">to</span> <span>{to}</span>
      {throughHub && <span class="detail">through the hub</span>}
    </>
  );
}

function Next({ turn, now }: { turn: NonNullable<Referral['turn']>; now: Date }) {
  const late = isOverdue(turn.due, now);
  return (
    <>
      <span class="action">{turn.action}</span>
      <span class="detail">{turn.yours ? 'Your turn' : `${turn.name}’s turn`}</span>
      <span class={late ? 'clock late' : 'clock'}>
        <Time at={turn.due} words={dueWords(turn.due, now)} />
      </span>
    </>
  );
}

const Time = ({ at, words }: { at: Date; words: string }) => (
  <time datetime={at.toISOString()} title={exactWords(at)}>
    {words}
  </time>
);
