import type { Task } from '@medplum/fhirtypes';
import { stateOf } from '../../../referral/lifecycle/state.ts';
import { isOutput } from '../../../referral/working/outputs.ts';
import { Mark } from '../../components/mark.tsx';
import { Due, Time } from '../../components/time.tsx';
import { Urgency } from '../../components/urgency.tsx';
import { shortWords } from '../../due-words.ts';
import { reasonWords } from '../../status-words.ts';
import type { OneReferral } from './one-referral.ts';

interface FactsProps {
  referral: OneReferral;
  now: Date;
  zone: string | undefined;
}

/** Where it stands, whose turn it is, and by when. */
export function Facts({ referral, now, zone }: FactsProps) {
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
