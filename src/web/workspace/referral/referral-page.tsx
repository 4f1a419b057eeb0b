import type { Organization, Task } from '@medplum/fhirtypes';
import type { HubError } from '../../../errors.ts';
import { isTerminal } from '../../../referral/lifecycle/state.ts';
import { isTreatingProvider } from '../../../referral/treating-provider.ts';
import { Head } from '../../components/head.tsx';
import { Live } from '../../components/live.tsx';
import type { PrintedPacket } from '../../packet/blocks.ts';
import type { Sent } from './act-body.ts';
import type { Choices } from './act-choices.ts';
import { ActForm } from './act-form.tsx';
import { Actions } from './actions.tsx';
import { Documents } from './documents.tsx';
import { Facts } from './facts.tsx';
import type { Happening } from './happenings.ts';
import type { OneReferral } from './one-referral.ts';
import { otherSideWords } from './other-side.ts';
import { PacketSummary } from './packet-summary.tsx';
import { PlacesAsked } from './places-asked.tsx';
import { Timeline } from './timeline.tsx';

export interface ReferralPageProps {
  referral: OneReferral;
  happenings: readonly Happening[];
  choices: Choices;
  /** What was sent, where the reader may see it. */
  packet: PrintedPacket | undefined;
  now: Date;
  zone: string | undefined;
  token: string;
  /** The action whose form is unfolded from the start. */
  act?: string | undefined;
  /** What was refused, of which action, and what its form had sent. */
  refused?: { action: string; problem: HubError; sent: Sent } | undefined;
  /** The role begins referrals and sends them on. */
  refers: boolean;
  /** The role adds documents. */
  attaches: boolean;
  /** The largest document that is taken, in bytes. */
  maxDocument: number;
}

/** One referral, for either side. */
export function ReferralPage(props: ReferralPageProps) {
  const { referral, happenings, packet, now, zone, token, act, refused, maxDocument } = props;
  const { id, row, seen, offers, request, documents } = referral;
  const received = row.direction === 'received';
  const nameOf = (organization: string): string => seen.nameOf(organization);
  const linkTo = (reference: string) => {
    const document = documents.find(one => `DocumentReference/${one.id}` === reference);
    return document ? (
      <a href={`/referrals/${id}/documents/${document.id}`}>a document</a>
    ) : (
      'something that is not for you'
    );
  };
  const message = referral.actions.find(({ name }) => name === 'message');
  return (
    <>
      <Head
        title={row.person ?? 'A person not shared with you'}
        up={received ? { path: '/inbox', label: 'Inbox' } : { path: '/referrals', label: 'Referrals' }}
      >
        {row.need ?? 'The need is not shared with you'}
      </Head>
      <Live id="referral" path={`/referrals/${id}`}>
        <div class="referral">
          <Facts {...props} />
          <div class="referral-main">
            {row.turn?.yours && <Actions {...props} />}
            {received && packet && request && <PacketSummary packet={packet} request={request.id} />}
            <section class="card" aria-labelledby="happened">
              <h2 id="happened">What happened</h2>
              <Timeline happenings={happenings} now={now} zone={zone} nameOf={nameOf} linkTo={linkTo} />
              {message && (
                <details class="fold" id="write" open={(refused?.action ?? act) === 'message'}>
                  <summary>Write a message</summary>
                  <ActForm
                    id={id}
                    action={message}
                    choices={props.choices}
                    token={token}
                    focus={act === 'message'}
                    {...(refused?.action === 'message'
                      ? { problem: refused.problem, sent: refused.sent }
                      : {})}
                  />
                </details>
              )}
            </section>
            {!row.turn?.yours && <Actions {...props} />}
          </div>
          <div class="referral-more">
            {offers.length > 0 && (
              <PlacesAsked offers={offers} now={now} zone={zone} nameOf={task => ownerOf(task, props)} />
            )}
            <Documents
              id={id}
              documents={documents}
              token={token}
              attach={row.direction !== 'other' && props.attaches}
              nameOf={nameOf}
              maxDocument={maxDocument}
              problem={refused?.action === 'documents' ? refused.problem : undefined}
            />
            <OtherSide {...props} />
          </div>
        </div>
      </Live>
    </>
  );
}

const ownerOf = (task: Task, { referral: { seen } }: ReferralPageProps): string => {
  const owner = seen.organizationOf(task.owner);
  return owner ? seen.nameOf(owner) : 'Whoever claims it';
};

function OtherSide({ referral: { row, task, seen, offers } }: ReferralPageProps) {
  if (row.direction === 'other') return null;
  const working = offers.find(one => !isTerminal(one)) ?? task;
  const owner = seen.organizationOf(working.owner);
  const place = owner && seen.get<Organization>({ reference: `Organization/${owner}` });
  const words = otherSideWords({
    direction: row.direction,
    stage: row.stage,
    worked: [task, ...offers].some(({ status }) => status === 'completed' || status === 'failed'),
    name: row.direction === 'sent' ? row.to : row.keeper ? 'The sender' : row.from,
    treating: place ? isTreatingProvider(place) : false,
    throughHub: row.throughHub || row.keeper !== undefined,
  });
  return (
    <section class="card" aria-labelledby="other-side">
      <h2 id="other-side">What the other side sees</h2>
      {words.map(text => (
        <p>{text}</p>
      ))}
    </section>
  );
}
