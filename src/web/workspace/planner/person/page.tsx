import type { Condition, Encounter, Organization, Parameters } from '@medplum/fhirtypes';
import { lasts, leaving } from '../../../../care/follow-up/stay.ts';
import { words } from '../../../../referral/routing/codes.ts';
import { Head } from '../../../components/head.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Live } from '../../../components/live.tsx';
import { Mark, type Tone } from '../../../components/mark.tsx';
import { Empty, Warning } from '../../../components/notice.tsx';
import { Due, Time } from '../../../components/time.tsx';
import type { Referral } from '../../../referrals.ts';
import { personName } from '../../../seen.ts';
import { dayWords, momentWords } from '../day-words.ts';
import { dispositionOf, stayWords } from '../stay/words.ts';
import { factsAbout, identityOf, payersOf } from './about.ts';
import type { ConsentWords } from './consents.ts';
import { Consents } from './consents-part.tsx';
import type { Person } from './gather.ts';
import { Part } from './part.tsx';
import { Completeness, Team } from './team.tsx';
import { Visits } from './visits.tsx';

interface PersonProps {
  person: Person;
  consents: readonly ConsentWords[] | undefined;
  /** What is never shown without a consent. */
  withoutConsent: string;
  /** Of the case that the reader's organization carries. */
  completeness?: Parameters | undefined;
  /** The record is open by emergency access. */
  openedUntil?: Date | undefined;
  may: { refer: boolean; stay: boolean; disclosures: boolean };
  /** The reader's organization. */
  reader: string;
  now: Date;
  zone: string;
}

/** One person: who they are, where they are, who does what for them. */
export function PersonPage(props: PersonProps) {
  const { person, may, openedUntil, zone } = props;
  const { id = '' } = person.patient;
  const path = `/patients/${id}`;
  return (
    <>
      <Head title={personName(person.patient) ?? 'No name'} actions={<Actions id={id} may={may} />}>
        {identityOf(person.patient, props)}
      </Head>
      {openedUntil && (
        <Warning>
          This record is open to you in an emergency, until{' '}
          <Time at={openedUntil} words={momentWords(openedUntil, zone)} zone={zone} />. Whoever keeps it was
          told.
        </Warning>
      )}
      <Live id="person" path={path}>
        <div class="columns">
          <div>
            <Referrals {...props} />
            <Visits {...props} />
            <Consents {...props} />
          </div>
          <div>
            <About {...props} />
            <Stays {...props} />
            <Team {...props} />
            <Completeness of={props.completeness} />
          </div>
        </div>
      </Live>
    </>
  );
}

const Actions = ({ id, may }: { id: string; may: PersonProps['may'] }) => (
  <>
    {may.disclosures && (
      <a class="button second" href={`/disclosures?patient=${id}`}>
        <Icon name="eye" /> Who was shown the record
      </a>
    )}
    {may.stay && (
      <a class="button second" href={`/patients/${id}/stays/new`}>
        <Icon name="bed" /> Add a stay
      </a>
    )}
    {may.refer && (
      <a class="button" href={`/refer?patient=${id}`}>
        <Icon name="send" /> Refer
      </a>
    )}
  </>
);

function About({ person: { patient, coverages, get } }: PersonProps) {
  const facts = factsAbout(
    patient,
    payersOf(coverages, one => get<Organization>(one)),
  );
  return (
    <Part id="about" title="About them">
      {facts.length === 0 && <p class="quiet">No address, telephone or insurance is known.</p>}
      {facts.length > 0 && (
        <dl class="facts">
          {facts.map(({ label, words }) => (
            <>
              <dt>{label}</dt>
              <dd>{words}</dd>
            </>
          ))}
        </dl>
      )}
    </Part>
  );
}

function Stays({ person: { patient, stays, get }, reader, zone, may }: PersonProps) {
  if (stays.length === 0) return null;
  return (
    <Part id="stays" title={stays.length > 1 ? 'Stays' : 'Stay'}>
      <ul class="plain">
        {stays.map(stay => (
          <li>
            <Stay stay={stay} zone={zone} />
            <Reasons stay={stay} get={get} />
            {may.stay && lasts(stay) && stay.serviceProvider?.reference === `Organization/${reader}` && (
              <p>
                <a class="button small second" href={`/patients/${patient.id}/stays/${stay.id}`}>
                  Change the day, or record the discharge
                </a>
              </p>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** What the stay is for, as far as the reader may see it. */
function Reasons({ stay, get }: { stay: Encounter; get: Person['get'] }) {
  const referred = [...(stay.reasonReference ?? []), ...(stay.diagnosis ?? []).map(one => one.condition)];
  const diagnoses = referred.map(one => words(get<Condition>(one)?.code));
  const all = new Set([...diagnoses, ...(stay.reasonCode ?? []).map(words)].filter(Boolean));
  return all.size > 0 ? <span class="detail">For: {[...all].join('; ')}</span> : null;
}

function Stay({ stay, zone }: { stay: Encounter; zone: string }) {
  const when = leaving(stay, zone);
  const start = stay.period?.start && new Date(stay.period.start);
  return (
    <>
      <strong>{stayWords(stay)}</strong>
      <span class="detail">
        {start && (
          <>
            Since <Time at={start} words={dayWords(start, zone)} zone={zone} />
          </>
        )}
        {when && (
          <>
            {when.planned ? ', expected to leave ' : ', left '}
            <Time at={when.at} words={dayWords(when.at, zone)} zone={zone} />
          </>
        )}
        {lasts(stay) && !when && ', no expected discharge yet'}
      </span>
      {dispositionOf(stay) && <span class="detail">To: {dispositionOf(stay)}</span>}
    </>
  );
}

function Referrals({ person: { patient, referrals }, may, now, zone }: PersonProps) {
  const refer = may.refer && <a href={`/refer?patient=${patient.id}`}>Refer them</a>;
  return (
    <Part id="referrals" title="Referrals">
      {referrals.length === 0 ? (
        <Empty icon="send" title="No referral yet" action={refer} />
      ) : (
        <ul class="plain referral-list">
          {referrals.map(referral => (
            <ReferralLine referral={referral} refers={may.refer} now={now} zone={zone} />
          ))}
        </ul>
      )}
    </Part>
  );
}

interface LineProps {
  referral: Referral;
  /** The reader refers: a draft is theirs to go on with. */
  refers: boolean;
  now: Date;
  zone: string;
}

function ReferralLine({ referral, refers, now, zone }: LineProps) {
  const { id, need, from, to, status, reason, turn, stage, request } = referral;
  const path =
    refers && stage === 'draft' && request ? `/refer/${request.split('/')[1]}` : `/referrals/${id}`;
  return (
    <li>
      <div class="line">
        <a class="person" href={path}>
          {need ?? 'Referral'}
        </a>
        <Mark tone={toneOf(referral)}>{status}</Mark>
      </div>
      <span class="detail">
        {from} to {to}
        {reason && `: ${reason}`}
      </span>
      {turn && (
        <span class="detail">
          {turn.yours ? 'Your turn' : `${turn.name}’s turn`}: {turn.action}{' '}
          <Due at={turn.due} now={now} zone={zone} />
        </span>
      )}
    </li>
  );
}

function toneOf({ stage, turn }: Referral): Tone {
  if (stage === 'ended') return turn?.yours ? 'attention' : 'plain';
  if (stage === 'draft') return 'attention';
  return stage === 'working' ? 'good' : 'plain';
}
