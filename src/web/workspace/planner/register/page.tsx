import type { HubError } from '../../../../errors.ts';
import type { Candidate } from '../../../../fhir/operations/find-duplicates.ts';
import { Choices } from '../../../components/choices.tsx';
import { Field, Form, Problem } from '../../../components/form.tsx';
import { Head } from '../../../components/head.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Select } from '../../../components/select.tsx';
import { languageWords } from '../words.ts';
import { Matches } from './matches.tsx';
import { genders, languages, type PersonFields, personFields } from './person-form.ts';

interface RegisterProps {
  /** The way back. */
  up: { path: string; label: string } | undefined;
  fields: PersonFields;
  payers: readonly { value: string; label: string }[];
  /** Who is there already and may be the same. */
  matches: readonly Candidate[];
  token: string;
  problem?: HubError | undefined;
}

export const registerPath = '/patients/new';

/** Registers a person by hand, where no EHR does. */
export function RegisterPage(props: RegisterProps) {
  const { up, fields, matches, token, problem } = props;
  return (
    <>
      <Head title="Register a person" {...(up ? { up } : {})}>
        For people whom no EHR sends. Name, date of birth and gender are enough to begin.
      </Head>
      {matches.length > 0 && <Matches matches={matches} fields={fields} token={token} />}
      <Problem of={problem} fields={personFields} />
      <Form action={registerPath} token={token} look="form wide">
        <Who {...props} />
        <Reach {...props} />
        <Cover {...props} />
        <button type="submit">
          <Icon name="check" /> {matches.length > 0 ? 'Check once more' : 'Save'}
        </button>
      </Form>
    </>
  );
}

function Who({ fields, problem }: RegisterProps) {
  return (
    <fieldset class="group">
      <legend>Who they are</legend>
      <div class="row">
        <Field name="given" label="First names" autocomplete="off" value={fields.given} problem={problem} />
        <Field name="family" label="Family name" autocomplete="off" value={fields.family} problem={problem} />
      </div>
      <div class="row">
        <Field
          name="birthdate"
          label="Date of birth"
          type="date"
          autocomplete="off"
          value={fields.birthdate}
          problem={problem}
        />
        <Field
          name="identifier"
          label="Record number"
          autocomplete="off"
          hint="As in your own records."
          value={fields.identifier}
          optional
          problem={problem}
        />
      </div>
      <Choices
        legend="Gender"
        name="gender"
        type="radio"
        choices={genders}
        chosen={[fields.gender]}
        required
        problem={problem}
      />
    </fieldset>
  );
}

function Reach({ fields, problem }: RegisterProps) {
  return (
    <fieldset class="group">
      <legend>How to reach them</legend>
      <div class="row">
        <Field
          name="phone"
          label="Phone"
          type="tel"
          autocomplete="off"
          value={fields.phone}
          optional
          problem={problem}
        />
        <Select
          name="language"
          label="Language"
          options={languages.map(code => ({ value: code, label: languageWords(code) }))}
          value={fields.language}
          none="Not known"
          problem={problem}
        />
      </div>
      <Field
        name="street"
        label="Street"
        autocomplete="off"
        value={fields.street}
        optional
        problem={problem}
      />
      <div class="row">
        <Field name="city" label="City" autocomplete="off" value={fields.city} optional problem={problem} />
        <Field
          name="state"
          label="State"
          autocomplete="off"
          value={fields.state}
          optional
          problem={problem}
        />
        <Field
          name="zip"
          label="ZIP code"
          autocomplete="off"
          value={fields.zip}
          numeric
          optional
          problem={problem}
        />
      </div>
      <p class="hint">No home at present? Leave the address empty.</p>
    </fieldset>
  );
}

function Cover({ fields, payers, problem }: RegisterProps) {
  return (
    <fieldset class="group">
      <legend>Insurance</legend>
      <div class="row">
        <Select
          name="payer"
          label="Payer"
          options={payers}
          value={fields.payer}
          none="None, or not known"
          problem={problem}
        />
        <Field
          name="member"
          label="Member number"
          autocomplete="off"
          value={fields.member}
          optional
          problem={problem}
        />
      </div>
    </fieldset>
  );
}
