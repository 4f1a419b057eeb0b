import type { Organization, Task } from '@medplum/fhirtypes';
import type { HubError } from '../../../errors.ts';
import { isTerminal, stateOf } from '../../../referral/lifecycle/state.ts';
import { isTreatingProvider } from '../../../referral/treating-provider.ts';
import { isOutput } from '../../../referral/working/outputs.ts';
import { Head } from '../../components/head.tsx';
import { Live } from '../../components/live.tsx';
import { Mark } from '../../components/mark.tsx';
import { Due, Time } from '../../components/time.tsx';
import { Urgency } from '../../components/urgency.tsx';
import { shortWords } from '../../due-words.ts';
import type { PrintedPacket } from '../../packet/blocks.ts';
import { reasonWords } from '../../status-words.ts';
import type { Sent } from './act-body.ts';
import type { Choices } from './act-choices.ts';
import { ActForm } from './act-form.tsx';
import { Actions } from './actions.tsx';
import { Documents } from './documents.tsx';
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

/** Where it stands, whose turn it is, and by when. */
function Facts({ referral, now, zone }: ReferralPageProps) {
  const { row, task, request } = referral;
  const { turn } = row;
  const patient = task.for?.reference?.split('/')[1];
  const received = row.direction === 'received';
  const visit = nextVisit(referral);
  const outcome = outcomeOf(referral);
  return (
    <section class="card referral-facts" aria-labelledby="facts">
      <h2 id="facts" class="hidden">
        Where it stands
      </h2>
      <dl class="facts">
        <dt>State</dt>
        <dd>
          <Mark tone={toneOf(task)}>{row.status}</Mark> <Urgency of={row.urgency} />
          {row.reason && !outcome && <span class="detail">{row.reason}</span>}
        </dd>
        {turn && (
          <>
            <dt>Next</dt>
            <dd>
              <span class="action">{turn.action}</span>
              <span class="detail">{turn.yours ? 'Your turn' : `${turn.name}’s turn`}</span>
              <Due at={turn.due} now={now} zone={zone} />
            </dd>
          </>
        )}
        {outcome && (
          <>
            <dt>Outcome</dt>
            <dd>
              {outcome.how}
              {outcome.received && <span class="detail">Service received: {outcome.received}</span>}
            </dd>
          </>
        )}
        {visit && (
          <>
            <dt>Visit</dt>
            <dd>
              <Time at={visit} words={shortWords(visit, zone)} zone={zone} />
            </dd>
          </>
        )}
        <dt>From</dt>
        <dd>
          {row.from}
          {row.keeper && <span class="detail">for a person of {row.keeper}</span>}
        </dd>
        <dt>To</dt>
        <dd>
          {row.to}
          {row.throughHub && <span class="detail">through the hub</span>}
        </dd>
        {row.person && patient && (
          <>
            <dt>Person</dt>
            <dd>
              <a href={`/patients/${patient}`}>{row.person}</a>
            </dd>
          </>
        )}
        {!received && request && (
          <>
            <dt>Packet</dt>
            <dd>
              <a href={`/referrals/${request.id}/packet`}>What is sent with it</a>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** How it ended, and whether the person has really received the service: the two are not the same. */
function outcomeOf({ task, offers }: OneReferral): { how: string; received?: string } | undefined {
  const done = [...offers, task].find(({ status }) => status === 'completed');
  if (!done) return undefined;
  const outputs = [...(done.output ?? []), ...(task.output ?? [])];
  const said = outputs.find(one => isOutput(one, 'service-received'))?.valueCodeableConcept?.coding?.[0];
  const received = said?.display ?? said?.code;
  return { how: reasonWords(done) ?? 'Completed', ...(received ? { received: received.toLowerCase() } : {}) };
}

/** When the visit is that stands. */
function nextVisit({ task, visits, offers }: OneReferral): Date | undefined {
  const standing = [task, ...offers].some(one => stateOf(one).step === '5.1.1');
  const booked = visits.filter(({ status }) => status === 'booked').map(({ start }) => start);
  const [start] = [...booked, task.executionPeriod?.start].filter(one => one !== undefined);
  return standing && start ? new Date(start) : undefined;
}

function toneOf(task: Task): 'plain' | 'good' | 'attention' {
  if (task.status === 'completed') return 'good';
  return ['rejected', 'failed', 'cancelled', 'on-hold'].includes(task.status) ? 'attention' : 'plain';
}

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
