import { Head } from '../../components/head.tsx';
import { Live } from '../../components/live.tsx';
import { Empty, Warning } from '../../components/notice.tsx';
import { Due } from '../../components/time.tsx';
import { Urgency } from '../../components/urgency.tsx';
import { ReferralTable } from '../../referral-table.tsx';
import type { Choices } from './act-choices.ts';
import { ActForm } from './act-form.tsx';
import { actAddress } from './act-words.ts';
import type { Inbox, Waiting } from './inbox.ts';

interface InboxProps {
  inbox: Inbox;
  choices: Choices;
  now: Date;
  zone: string | undefined;
  token: string;
  /** What the organization is called. */
  organization: string;
}

/** What waits for an answer or for the next step of this organization. */
export const InboxPage = ({ inbox, organization, ...around }: InboxProps) => (
  <>
    <Head title="Inbox">
      What {organization} was asked for and has to answer or carry on, the most urgent first.
    </Head>
    <Live id="inbox" path="/inbox">
      {inbox.more && (
        <Warning>
          There is more than this page shows. The rest is on the{' '}
          <a href="/referrals?direction=received">board</a>.
        </Warning>
      )}
      {inbox.waiting.length === 0 ? (
        <Empty icon="inbox" title="Nothing waits for you">
          A new referral appears here by itself.
        </Empty>
      ) : (
        <ul class="inbox">
          {inbox.waiting.map(one => (
            <li>
              <Item waiting={one} {...around} />
            </li>
          ))}
        </ul>
      )}
      <ReferralTable
        title="Waiting for others"
        referrals={inbox.elsewhere}
        now={around.now}
        zone={around.zone}
        linked
      />
    </Live>
  </>
);

type ItemProps = Omit<InboxProps, 'inbox' | 'organization'> & { waiting: Waiting };

function Item({ waiting: { row, why, actions, more }, choices, now, zone, token }: ItemProps) {
  const { id, person, need, from, keeper, urgency, status, turn } = row;
  return (
    <article class="card" id={`referral-${id}`}>
      <div class="inbox-head">
        <h2>
          <a href={`/referrals/${id}`}>{person ?? 'A person not shared with you'}</a> <Urgency of={urgency} />
        </h2>
        {turn && <Due at={turn.due} now={now} zone={zone} />}
      </div>
      <p>
        <strong>{need ?? 'The need is not shared with you'}</strong>{' '}
        <span class="quiet">{keeper ? `from the hub, for a person of ${keeper}` : `from ${from}`}</span>
      </p>
      {why.length > 0 && <p class="quiet">{why.join(' · ')}</p>}
      {row.stage !== 'asked' && (
        <p class="quiet">
          {status}. {turn?.action}.
        </p>
      )}
      <div class="inbox-acts">
        {actions.map(action => (
          <details class="act-fold" id={`act-${id}-${action.name}`}>
            <summary>{action.title}</summary>
            <ActForm id={id} action={action} choices={choices} token={token} to="/inbox" />
          </details>
        ))}
      </div>
      {more.length > 0 && (
        <ul class="more-links" aria-label="More">
          {more.map(({ name, title }) => (
            <li>
              <a href={actAddress(id, name)}>{title}</a>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}
