import { emergencyPurposes } from '../../../../access/emergency.ts';
import type { HubError } from '../../../../errors.ts';
import { Choices } from '../../../components/choices.tsx';
import { Field, Form, Problem, TextArea } from '../../../components/form.tsx';
import { Head } from '../../../components/head.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Warning } from '../../../components/notice.tsx';

export const emergencyPath = '/patients/emergency';

export const emergencyFields = ['patient', 'name', 'birthdate', 'purpose', 'reason'] as const;

export type EmergencyFields = Readonly<Record<(typeof emergencyFields)[number], string>>;

interface EmergencyProps {
  fields: EmergencyFields;
  /** For how long the record will be open. */
  hours: number;
  token: string;
  problem?: HubError | undefined;
}

const purposes: Readonly<Record<(typeof emergencyPurposes)[number], { label: string; hint: string }>> = {
  ETREAT: {
    label: 'Emergency treatment',
    hint: 'The person needs care now, and you have to know more to give it.',
  },
  BTG: { label: 'Another emergency', hint: 'There is no time to ask whoever keeps the record.' },
};

/** Opens the record of somebody whom the organization does not see, where that cannot wait. */
export function EmergencyPage({ fields, hours, token, problem }: EmergencyProps) {
  return (
    <>
      <Head title="Open a record in an emergency">
        For somebody who is not in your care and of whom no referral came to you, when it cannot wait.
      </Head>
      <Warning>
        <p>What happens when you open it:</p>
        <ul>
          <li>The whole record is open to your organization for {hours} hours, restricted parts too.</li>
          <li>The organization that keeps it is told at once: who, when, and the reason you give.</li>
          <li>It is written into the audit, and the privacy officer looks at it.</li>
        </ul>
      </Warning>
      <Problem of={problem} fields={emergencyFields} />
      <Form action={emergencyPath} token={token} look="form wide">
        {fields.patient ? (
          <input type="hidden" name="patient" value={fields.patient} />
        ) : (
          <Whom {...{ fields, problem }} />
        )}
        <Choices
          legend="What for"
          name="purpose"
          type="radio"
          choices={emergencyPurposes.map(value => ({ value, ...purposes[value] }))}
          chosen={[fields.purpose]}
          required
          problem={problem}
        />
        <TextArea
          name="reason"
          label="Why you need it now"
          hint="In a sentence. Whoever keeps the record reads it."
          value={fields.reason}
          problem={problem}
        />
        <button type="submit" class="danger">
          <Icon name="flame" /> Open the record
        </button>
      </Form>
    </>
  );
}

const Whom = ({ fields, problem }: Pick<EmergencyProps, 'fields' | 'problem'>) => (
  <div class="row">
    <Field
      name="name"
      label="Name"
      autocomplete="off"
      hint="First and family name."
      value={fields.name}
      problem={problem}
    />
    <Field
      name="birthdate"
      label="Date of birth"
      type="date"
      autocomplete="off"
      value={fields.birthdate}
      problem={problem}
    />
  </div>
);
