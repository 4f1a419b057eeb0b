import type { HubError } from '../../../errors.ts';
import { Choices } from '../../components/choices.tsx';
import { Field, Form, Problem, TextArea } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import type { EntryFields, HoursFields } from './entry-fields.ts';
import { dayNames, days } from './hours.ts';
import { usualLanguages } from './languages.ts';
import { languageName } from './words.ts';

interface Props {
  id: string;
  fields: EntryFields;
  /** What was there when the form was opened: another's change meanwhile is not overwritten. */
  version: string;
  token: string;
  problem?: HubError | undefined;
}

const shown = ['name', 'comment', 'phone', 'email', 'other-language'];

/** An entry of the directory, for its own organization to correct. */
export function EditPage({ id, fields, version, token, problem }: Props) {
  const path = `/directory/${id}`;
  const languages = [...new Set([...usualLanguages, ...fields.languages])];
  return (
    <>
      <Head title="Correct this entry" up={{ path, label: fields.name || 'The service' }}>
        What the whole network reads of this service.
      </Head>
      <Problem of={problem} fields={[...shown, ...fields.hours.map((_, row) => `hours-${row}`)]} />
      <Form action={`${path}/edit`} token={token} look="form wide">
        <input type="hidden" name="version" value={version} />
        <Field
          name="name"
          label="What it is called"
          autocomplete="off"
          value={fields.name}
          problem={problem}
        />
        <TextArea
          name="comment"
          label="What it does, in plain words"
          hint="Nothing about a person. No address of a shelter."
          value={fields.comment}
          problem={problem}
        />
        <Field
          name="phone"
          label="Telephone"
          hint="Left empty, the organization’s own is shown."
          autocomplete="off"
          optional
          value={fields.phone}
          problem={problem}
        />
        <Field
          name="email"
          label="E-mail"
          autocomplete="off"
          optional
          value={fields.email}
          problem={problem}
        />
        <Choices
          legend="Languages"
          name="languages"
          type="checkbox"
          choices={languages.map(tag => ({ value: tag, label: languageName(tag) }))}
          chosen={fields.languages}
        />
        <Field
          name="other-language"
          label="Another language"
          autocomplete="off"
          optional
          value={fields.otherLanguage}
          problem={problem}
        />
        {fields.hours.map((row, index) => (
          <Hours row={row} index={index} problem={problem} />
        ))}
        <label class="choice">
          <input type="checkbox" name="right" value="yes" {...(fields.right ? { checked: true } : {})} />
          <span>
            All of this is right
            <span class="detail">Confirms the entry as of today.</span>
          </span>
        </label>
        <button type="submit">Save</button>
      </Form>
    </>
  );
}

function Hours({ row, index, problem }: { row: HoursFields; index: number; problem: HubError | undefined }) {
  const fault = problem?.problems.find(({ expression }) => expression === `hours-${index}`)?.text;
  const id = `hours-${index}-fault`;
  return (
    <fieldset class="hours" {...(fault ? { 'aria-describedby': id } : {})}>
      <legend>{index === 0 ? 'Hours' : `More hours (${index + 1})`}</legend>
      {fault && (
        <p class="problem" id={id}>
          {fault}
        </p>
      )}
      <div class="days">
        {days.map(day => (
          <label>
            <input
              type="checkbox"
              name={`days-${index}`}
              value={day}
              {...(row.days.includes(day) ? { checked: true } : {})}
            />
            {dayNames[day].slice(0, 3)}
            <span class="hidden">{dayNames[day].slice(3)}</span>
          </label>
        ))}
      </div>
      <div class="beside">
        <label for={`from-${index}`}>From</label>
        <input id={`from-${index}`} name={`from-${index}`} type="time" value={row.from} />
        <label for={`to-${index}`}>to</label>
        <input id={`to-${index}`} name={`to-${index}`} type="time" value={row.to} />
        <label>
          <input
            type="checkbox"
            name={`all-day-${index}`}
            value="yes"
            {...(row.allDay ? { checked: true } : {})}
          />{' '}
          All day
        </label>
      </div>
    </fieldset>
  );
}
