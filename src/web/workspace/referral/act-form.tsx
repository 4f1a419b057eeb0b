import { randomUUID } from 'node:crypto';
import type { HubError } from '../../../errors.ts';
import type { Action } from '../../../referral/working/action.ts';
import type { InputDefinition } from '../../../referral/working/inputs.ts';
import { Form, Problem } from '../../components/form.tsx';
import type { Sent } from './act-body.ts';
import type { Choice, Choices } from './act-choices.ts';
import { hintOf, labelOf } from './act-words.ts';

export interface ActProps {
  /** The referral's Task. */
  id: string;
  action: Action;
  choices: Choices;
  token: string;
  /** Where one is afterwards; absent: the page of the referral. */
  to?: string;
  /** Whoever comes here has come for this form. */
  focus?: boolean;
  /** What was refused, and what was sent. */
  problem?: HubError | undefined;
  sent?: Sent | undefined;
}

/** The form of one action, made of the inputs that it declares. */
export function ActForm({ id, action, choices, token, to, focus, problem, sent = {} }: ActProps) {
  const fields = action.inputs.map((input, index) => {
    const field = `${id}-${action.name}-${input.name}`;
    return (
      <ActField
        field={field}
        action={action.name}
        input={input}
        choices={choices}
        sent={sent}
        focus={focus === true && index === 0}
      />
    );
  });
  return (
    <Form action={`/referrals/${id}/${action.name}`} token={token} to={to} look="form act">
      <Problem of={problem} />
      {fields}
      <button type="submit">{buttonWords[action.name] ?? action.title}</button>
    </Form>
  );
}

/** Where the button says more shortly than the title what happens. */
const buttonWords: Record<string, string> = {
  schedule: 'Book the visit',
  keep: 'The visit took place',
  'no-show': 'The person did not come',
  'contact-attempt': 'Record the attempt',
  message: 'Send the message',
  ask: 'Send the question',
  answer: 'Send the answer',
  redirect: 'Pass back with this advice',
};

interface FieldProps {
  /** Unique on the page: several forms have fields of one name. */
  field: string;
  action: string;
  input: InputDefinition;
  choices: Choices;
  sent: Sent;
  focus: boolean;
}

function ActField({ field: id, action, input, choices, sent, focus }: FieldProps) {
  const { name, type, vocabulary, targets = [], many } = input;
  const label = labelOf(action, input);
  const [given = ''] = sent[name] ?? [];
  // The usual length of a visit, and which message is answered, nobody has to say here.
  if (name === 'end' || name === 'in-response-to') return null;
  if (type === 'Identifier')
    return <input type="hidden" name={name} value={given || `urn:uuid:${randomUUID()}`} />;
  if (type === 'CodeableConcept') {
    const all = [...(vocabulary?.codes ?? [])].map(([value, words]) => ({ value, label: sentence(words) }));
    return (
      <Select id={id} label={label} input={input} all={all} given={given} focus={focus} empty="Choose…" />
    );
  }
  if (type === 'Reference') {
    const all = targets.flatMap(target => choices[target as keyof Choices] ?? []);
    if (!all.length) return name === 'slot' && action === 'schedule' ? <NoFreeTime /> : null;
    if (many) return <Several label={label} name={name} all={all} given={sent[name] ?? []} />;
    const empty = name === 'slot' && action !== 'schedule' ? 'Without a visit yet' : 'Choose…';
    return <Select id={id} label={label} input={input} all={all} given={given} focus={focus} empty={empty} />;
  }
  if (type === 'boolean')
    return (
      <label class="check">
        <input type="checkbox" name={name} value="yes" {...(given ? { checked: true } : {})} /> {label}
      </label>
    );
  if (type === 'dateTime') {
    const instead = name === 'start' && choices.Slot?.length;
    return <When id={id} label={instead ? 'Or another time' : label} name={name} given={given} />;
  }
  return (
    <Words id={id} label={label} input={input} hint={hintOf(action, input)} given={given} focus={focus} />
  );
}

const sentence = (words: string): string => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;

const NoFreeTime = () => <p class="hint">Your calendar in the hub has no free time: say when.</p>;

interface OneProps {
  id: string;
  label: string;
  input: InputDefinition;
  given: string;
  focus: boolean;
}

const Select = ({
  id,
  label,
  input,
  all,
  given,
  focus,
  empty,
}: OneProps & { all: readonly Choice[]; empty: string }) => (
  <div class="field">
    <label for={id}>{label}</label>
    <select
      id={id}
      name={input.name}
      {...(input.required ? { required: true } : {})}
      {...(focus ? { autofocus: true } : {})}
    >
      <option value="">{empty}</option>
      {all.map(({ value, label: words }) => (
        <option value={value} {...(value === given ? { selected: true } : {})}>
          {words}
        </option>
      ))}
    </select>
  </div>
);

const Words = ({ id, label, input, hint, given, focus }: OneProps & { hint: string | undefined }) => (
  <div class="field">
    <label for={id}>{label}</label>
    {hint && (
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    )}
    <textarea
      id={id}
      name={input.name}
      rows={2}
      maxlength={4000}
      {...(input.required ? { required: true } : {})}
      {...(hint ? { 'aria-describedby': `${id}-hint` } : {})}
      {...(focus ? { autofocus: true } : {})}
    >
      {given}
    </textarea>
  </div>
);

const When = ({ id, label, name, given }: { id: string; label: string; name: string; given: string }) => (
  <div class="field">
    <label for={id}>{label}</label>
    <input id={id} name={name} type="datetime-local" {...(given ? { value: given } : {})} />
  </div>
);

interface SeveralProps {
  label: string;
  name: string;
  all: readonly Choice[];
  given: readonly string[];
}

const Several = ({ label, name, all, given }: SeveralProps) => (
  <fieldset class="several">
    <legend>{label}</legend>
    {all.map(({ value, label: words }) => (
      <label class="check">
        <input
          type="checkbox"
          name={name}
          value={value}
          {...(given.includes(value) ? { checked: true } : {})}
        />{' '}
        {words}
      </label>
    ))}
  </fieldset>
);
