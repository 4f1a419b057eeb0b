// biome-ignore-all lint/a11y/noRedundantRoles: on a phone the table is displayed as cards, and some screen readers then need its roles spelled out
import type { Child, PropsWithChildren } from 'hono/jsx';
import { Columns } from '../../../components/columns.tsx';
import { Head } from '../../../components/head.tsx';
import { Icon, type IconName } from '../../../components/icon.tsx';
import { Live } from '../../../components/live.tsx';
import { Mark } from '../../../components/mark.tsx';
import { Empty } from '../../../components/notice.tsx';
import { Time } from '../../../components/time.tsx';
import { dayWords } from '../day-words.ts';
import { daysOf } from './days.ts';
import type { Leavers } from './gather.ts';
import {
  daysLeft,
  gapsOf,
  gapWords,
  type Leaver,
  leavingWords,
  nextStepFor,
  type Placement,
  pressing,
  type Standing,
  visitDaysWords,
  worstFirst,
} from './leaver.ts';

interface LeavingProps {
  leavers: Leavers;
  now: Date;
  /** Whether the reader may register people and refer them. */
  plans: boolean;
}

/** Everybody in the organization's care, by how soon they leave and what is missing. */
export function LeavingPage({ leavers, now, plans }: LeavingProps) {
  const { people, zone, more } = leavers;
  const all = people.toSorted(worstFirst);
  const lacking = all.filter(one => pressing(one) !== 'none');
  const set = all.filter(one => pressing(one) === 'none');
  const register = plans && (
    <a class="button second" href="/patients/new">
      <Icon name="user-plus" /> Register a person
    </a>
  );
  return (
    <>
      <Head title="Leaving soon" actions={register}>
        Everyone in your care, and who left in the last 7 days and was not seen since. Worst first.
      </Head>
      <Live id="leaving" path="/leaving">
        {all.length === 0 ? (
          <Empty icon="bed" title="Nobody is in your care" action={register}>
            People come here when your EHR sends their stay, or when you register them.
          </Empty>
        ) : (
          <>
            <Ahead people={people} now={now} zone={zone} />
            <Group title="Something is missing" people={lacking} zone={zone}>
              Nothing is missing for anybody.
            </Group>
            {set.length > 0 && <Group title="All in place" people={set} zone={zone} />}
            {more && <p class="quiet">There are more people in your care than this page shows.</p>}
          </>
        )}
      </Live>
    </>
  );
}

function Ahead({ people, now, zone }: { people: readonly Leaver[]; now: Date; zone: string }) {
  const days = daysOf(people, now, zone);
  return (
    <section class="card ahead">
      <Columns
        id="ahead"
        title="Expected discharges, next 14 days"
        heading="Day"
        series={[
          { name: 'First visit booked', tone: 'good' },
          { name: 'No visit yet', tone: 'attention' },
        ]}
        rows={days.map(({ date, withVisit, without }) => ({
          label: date.toLocaleString('en-US', { weekday: 'long', month: 'long', day: 'numeric' }),
          lines: [
            date.toLocaleString('en-US', { weekday: 'short' }),
            date.toLocaleString('en-US', { month: 'short', day: 'numeric' }),
          ],
          values: [withVisit, without],
        }))}
      />
    </section>
  );
}

interface GroupProps {
  title: string;
  people: readonly Leaver[];
  zone: string;
}

function Group({ title, people, zone, children }: PropsWithChildren<GroupProps>) {
  return (
    <section class="list leavers">
      <h2>
        {title} <span class="count">{people.length}</span>
      </h2>
      {people.length === 0 ? (
        <p class="quiet">{children}</p>
      ) : (
        <table role="table">
          <thead role="rowgroup">
            <tr role="row">
              {['Person', 'Leaves', 'In place', 'Missing', 'Next'].map(heading => (
                <th role="columnheader" scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {people.map(leaver => (
              <Row leaver={leaver} zone={zone} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ leaver, zone }: { leaver: Leaver; zone: string }) {
  const { patient, name, ward } = leaver;
  const gaps = gapsOf(leaver);
  const tone = pressing(leaver) === 'late' ? 'late' : 'attention';
  const step = nextStepFor(leaver);
  return (
    <tr role="row" id={`leaver-${leaver.stay}`}>
      <th role="rowheader" scope="row" class="person">
        <a href={`/patients/${patient}`}>{name}</a>
        {ward && <span class="detail">{ward}</span>}
      </th>
      <Cell label="Leaves">
        <When leaver={leaver} zone={zone} />
      </Cell>
      <Cell label="In place">
        <InPlace leaver={leaver} zone={zone} />
      </Cell>
      <Cell label="Missing">
        {gaps.length === 0 ? (
          <span class="quiet">Nothing</span>
        ) : (
          <ul class="gaps">
            {gaps.map((gap, at) => (
              <li>{at === 0 ? <Mark tone={tone}>{gapWords[gap]}</Mark> : gapWords[gap]}</li>
            ))}
          </ul>
        )}
      </Cell>
      <Cell label="Next">
        {step && (
          <a class={gaps.length > 0 ? 'button small' : 'button small second'} href={step.path}>
            {step.words}
            <span class="hidden">: {name}</span>
          </a>
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

function When({ leaver, zone }: { leaver: Leaver; zone: string }) {
  const { leaving, visit } = leaver;
  if (!leaving) return <span class="quiet">{leavingWords(undefined)}</span>;
  return (
    <>
      <span class="action">{leavingWords(leaving)}</span>
      <span class="detail">
        <Time at={leaving.at} words={dayWords(leaving.at, zone)} zone={zone} />
      </span>
      {leaving.left && visit?.state !== 'booked' && (
        <span class="detail">{visitDaysWords(daysLeft(leaver))}</span>
      )}
    </>
  );
}

function InPlace({ leaver: { caseManager, visit, referrals }, zone }: { leaver: Leaver; zone: string }) {
  const there = caseManager !== undefined || visit?.state === 'booked' || referrals.length > 0;
  if (!there) return <span class="quiet">Nothing yet</span>;
  return (
    <ul class="in-place">
      {visit?.state === 'booked' && (
        <Thing icon="calendar-check" look="good">
          First visit <Time at={visit.at} words={dayWords(visit.at, zone)} zone={zone} />
        </Thing>
      )}
      {caseManager && (
        <Thing icon="user" look="good">
          {caseManager}, case manager
        </Thing>
      )}
      {referrals.map(referral => (
        <Thing icon={icons[referral.standing]} look={looks[referral.standing]}>
          <ReferralWords referral={referral} />
        </Thing>
      ))}
    </ul>
  );
}

const Thing = ({ icon, look, children }: PropsWithChildren<{ icon: IconName; look: string }>) => (
  <li class={look}>
    <Icon name={icon} />
    <div>{children}</div>
  </li>
);

function ReferralWords({ referral }: { referral: Placement }): Child {
  const { task, request, need, place, status, standing } = referral;
  const path = standing === 'draft' ? `/refer/${request}` : `/referrals/${task}`;
  return (
    <>
      <a href={path}>{need}</a>
      <span class="detail">{[place, status].filter(Boolean).join(': ')}</span>
    </>
  );
}

const icons: Readonly<Record<Standing, IconName>> = {
  draft: 'pencil',
  asked: 'clock',
  question: 'circle-question-mark',
  taken: 'circle-check',
  done: 'circle-check',
  'on-hold': 'pause',
  choose: 'circle-alert',
};

const looks: Readonly<Record<Standing, 'good' | 'waits' | 'yours'>> = {
  draft: 'yours',
  asked: 'waits',
  question: 'yours',
  taken: 'good',
  done: 'good',
  'on-hold': 'waits',
  choose: 'yours',
};
