import type { Encounter } from '@medplum/fhirtypes';
import { leaving, plannedEndOf } from '../../../../care/follow-up/stay.ts';
import type { HubError } from '../../../../errors.ts';
import { Field, Form, Problem } from '../../../components/form.tsx';
import { Head } from '../../../components/head.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Select } from '../../../components/select.tsx';
import { Time } from '../../../components/time.tsx';
import { dayWords } from '../day-words.ts';
import { dispositionOf, stayWords } from './words.ts';

export interface LeaveFields {
  expected: string;
  left: string;
  disposition: string;
}

interface StayProps {
  patient: { id: string; name: string };
  stay: Encounter;
  version: string;
  /** The person has not left. */
  lasts: boolean;
  fields: LeaveFields;
  dispositions: readonly { value: string; label: string }[];
  /** IANA name, and what it is called. */
  zone: { name: string; words: string };
  token: string;
  problem?: HubError | undefined;
}

/** One stay: the expected discharge, and the discharge. */
export function StayPage(props: StayProps) {
  const { patient, stay, lasts, problem, zone } = props;
  const start = stay.period?.start && new Date(stay.period.start);
  const when = leaving(stay, zone.name);
  return (
    <>
      <Head title={stayWords(stay)} up={{ path: `/patients/${patient.id}`, label: patient.name }}>
        {start && (
          <>
            Since <Time at={start} words={dayWords(start, zone.name)} zone={zone.name} />
          </>
        )}
        {when && !when.planned && (
          <>
            , left <Time at={when.at} words={dayWords(when.at, zone.name)} zone={zone.name} />
            {dispositionOf(stay) && ` to: ${dispositionOf(stay)}`}
          </>
        )}
      </Head>
      <Problem of={problem} fields={['expected', 'left', 'disposition']} />
      {lasts ? (
        <div class="columns even">
          <Expected {...props} />
          <Discharge {...props} />
        </div>
      ) : (
        <p>This stay is over. To correct it, change it in the system that it came from.</p>
      )}
    </>
  );
}

const pathOf = ({ patient, stay }: StayProps): string => `/patients/${patient.id}/stays/${stay.id}`;

function Expected(props: StayProps) {
  const { stay, version, fields, token, problem } = props;
  return (
    <section class="card" aria-labelledby="expected-title">
      <h2 id="expected-title">Expected discharge</h2>
      <Form action={`${pathOf(props)}/expected`} token={token}>
        <input type="hidden" name="version" value={version} />
        <Field
          name="expected"
          label="Day"
          type="date"
          autocomplete="off"
          value={fields.expected}
          problem={problem}
        />
        <button type="submit" class="second">
          {plannedEndOf(stay) ? 'Change the day' : 'Set the day'}
        </button>
      </Form>
    </section>
  );
}

function Discharge(props: StayProps) {
  const { version, fields, dispositions, zone, token, problem } = props;
  return (
    <section class="card" aria-labelledby="discharge-title">
      <h2 id="discharge-title">Record the discharge</h2>
      <Form action={`${pathOf(props)}/discharge`} token={token}>
        <input type="hidden" name="version" value={version} />
        <Field
          name="left"
          label="When they left"
          type="datetime-local"
          autocomplete="off"
          hint={zone.words}
          value={fields.left}
          problem={problem}
        />
        <Select
          name="disposition"
          label="Where to"
          options={dispositions}
          value={fields.disposition}
          problem={problem}
        />
        <button type="submit">
          <Icon name="door-open" /> Record the discharge
        </button>
      </Form>
    </section>
  );
}
