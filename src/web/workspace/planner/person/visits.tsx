import type { Appointment, Resource, Task } from '@medplum/fhirtypes';
import { Mark, type Tone } from '../../../components/mark.tsx';
import { Time } from '../../../components/time.tsx';
import { momentWords } from '../day-words.ts';
import type { Person } from './gather.ts';
import { Part } from './part.tsx';

interface VisitsProps {
  person: Pick<Person, 'appointments' | 'get'>;
  now: Date;
  zone: string;
}

/** The visits that are arranged or were, the latest first. */
export function Visits({ person: { appointments, get }, now, zone }: VisitsProps) {
  if (appointments.length === 0) return null;
  return (
    <Part id="visits" title="Visits">
      <ul class="plain">
        {appointments.map(visit => (
          <li>
            <VisitLine visit={visit} now={now} zone={zone} where={placeOf(visit, get)} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

interface VisitLineProps {
  visit: Appointment;
  now: Date;
  zone: string;
  where: string | undefined;
}

function VisitLine({ visit: { start, status, description }, now, zone, where }: VisitLineProps) {
  const at = start && new Date(start);
  const past = at && at < now;
  return (
    <>
      <div class="line">
        <strong>{at ? <Time at={at} words={momentWords(at, zone)} zone={zone} /> : 'No time yet'}</strong>
        {status === 'booked' && past ? (
          <Mark tone="attention">Not told yet how it went</Mark>
        ) : (
          <Mark tone={visitTones[status] ?? 'plain'}>{visitWords[status] ?? status}</Mark>
        )}
      </div>
      <span class="detail">{[description, where].filter(Boolean).join(', ')}</span>
    </>
  );
}

const visitWords: Partial<Record<Appointment['status'], string>> = {
  proposed: 'Proposed',
  pending: 'Not confirmed',
  booked: 'Booked',
  arrived: 'Arrived',
  fulfilled: 'Kept',
  cancelled: 'Cancelled',
  noshow: 'Missed',
};

const visitTones: Partial<Record<Appointment['status'], Tone>> = {
  booked: 'good',
  fulfilled: 'good',
  noshow: 'late',
};

/** Whom the visit is with, or where; else who works on the referral that it is for. */
function placeOf(
  { participant, supportingInformation = [] }: Appointment,
  get: Person['get'],
): string | undefined {
  const others = participant.filter(({ actor }) => !actor?.reference?.startsWith('Patient/'));
  const owners = supportingInformation.map(one => get<Task>(one)?.owner);
  return [...others.map(({ actor }) => actor), ...owners]
    .map(one => one?.display ?? nameOf(get(one)))
    .find(Boolean);
}

function nameOf(found: Resource | undefined): string | undefined {
  switch (found?.resourceType) {
    case 'Organization':
    case 'HealthcareService':
    case 'Location':
      return found.name;
    case 'PractitionerRole':
      return found.practitioner?.display ?? found.organization?.display;
    default:
      return undefined;
  }
}
