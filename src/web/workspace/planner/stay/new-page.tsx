import type { Coding } from '@medplum/fhirtypes';
import type { HubError } from '../../../../errors.ts';
import { Choices } from '../../../components/choices.tsx';
import { Field, Form, Problem } from '../../../components/form.tsx';
import { Head } from '../../../components/head.tsx';
import { Icon } from '../../../components/icon.tsx';
import { type StayFields, stayFields, stayKinds } from './stay-form.ts';

interface NewStayProps {
  patient: { id: string; name: string };
  fields: StayFields;
  /** Absent: this hub holds no codes of diagnoses. */
  diagnoses?: DiagnosesShown | undefined;
  /** What the zone of the times is called. */
  zone: string;
  token: string;
  problem?: HubError | undefined;
}

export interface DiagnosesShown {
  words: string;
  chosen: readonly Coding[];
  found: readonly Coding[];
  more: boolean;
}

/** A stay in hospital by hand. */
export function NewStayPage({ patient, fields, diagnoses, zone, token, problem }: NewStayProps) {
  const path = `/patients/${patient.id}/stays/new`;
  return (
    <>
      <Head title="Add a stay" up={{ path: `/patients/${patient.id}`, label: patient.name }} />
      <Problem of={problem} fields={stayFields} />
      <Form action={path} token={token} look="form wide">
        {/* Enter in a field saves, though the button that looks for diagnoses comes before that which saves. */}
        <button type="submit" hidden>
          Save
        </button>
        <Choices
          legend="What the stay is for"
          name="kind"
          type="radio"
          choices={stayKinds}
          chosen={[fields.kind]}
          required
          problem={problem}
        />
        <div class="row">
          <Field
            name="admitted"
            label="Admitted"
            type="datetime-local"
            autocomplete="off"
            hint={zone}
            value={fields.admitted}
            problem={problem}
          />
          <Field
            name="expected"
            label="Expected to leave"
            type="date"
            autocomplete="off"
            hint="If you know it yet."
            value={fields.expected}
            optional
            problem={problem}
          />
        </div>
        <Field name="ward" label="Ward" autocomplete="off" value={fields.ward} optional problem={problem} />
        <Field
          name="reason"
          label="Reason for the stay"
          autocomplete="off"
          hint="In words. It goes along with a referral only where you attach it."
          value={fields.reason}
          optional
          problem={problem}
        />
        {diagnoses && <Diagnoses path={path} shown={diagnoses} />}
        <button type="submit">
          <Icon name="check" /> Save the stay
        </button>
      </Form>
    </>
  );
}

function Diagnoses({ path, shown: { words, chosen, found, more } }: { path: string; shown: DiagnosesShown }) {
  const codes = new Set(chosen.map(({ code }) => code));
  const others = found.filter(({ code }) => !codes.has(code));
  return (
    <fieldset class="group">
      <legend>Diagnoses</legend>
      <div class="field">
        <label for="words">Look for a diagnosis</label>
        <p class="hint" id="words-hint">
          Words or a code of ICD-10-CM, such as “depress sev” or F33.
        </p>
        <div class="beside">
          <input
            id="words"
            name="words"
            type="text"
            autocomplete="off"
            aria-describedby="words-hint"
            value={words}
            hx-post={path}
            hx-include="closest form"
            hx-vals='{"find": "yes"}'
            hx-trigger="input changed delay:250ms"
            hx-target="#diagnoses"
            hx-select="#diagnoses"
            hx-swap="outerHTML"
          />
          <button type="submit" class="second" name="find" value="yes" formnovalidate>
            <Icon name="search" /> Look
          </button>
        </div>
      </div>
      <div id="diagnoses" aria-live="polite">
        {words !== '' && others.length === 0 && <p class="quiet">Nothing else is found for this.</p>}
        {[...chosen, ...others].map(one => (
          <label class="choice">
            <input
              type="checkbox"
              name="diagnosis"
              value={one.code ?? ''}
              {...(codes.has(one.code) ? { checked: true } : {})}
            />
            <span>
              {one.display ?? one.code} <span class="quiet">{one.code}</span>
            </span>
          </label>
        ))}
        {more && <p class="quiet">There are more: add a word.</p>}
      </div>
    </fieldset>
  );
}
