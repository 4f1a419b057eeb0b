import type { Condition, Patient } from '@medplum/fhirtypes';
import type { HubError } from '../../../errors.ts';
import { Choices } from '../../components/choices.tsx';
import { Field, Form, Problem, TextArea } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Warning } from '../../components/notice.tsx';
import { needWords, personName } from '../../seen.ts';
import type { DraftRow } from './draft.ts';
import { homeWords, languageWords, type PersonFacts, payerWords } from './facts.ts';
import type { NeedForm } from './need-form.ts';
import { priorities } from './need-form.ts';
import type { NeedGroup, Option } from './options.ts';
import { Steps } from './steps.tsx';

/** What can be chosen on the page. */
export interface NeedChoices {
  groups: readonly NeedGroup[];
  /** A need that the draft came with and that is offered nowhere else. */
  own: Option | undefined;
  traits: readonly Option[];
  levels: readonly Option[];
  programs: readonly Option[];
}

interface NeedProps {
  patient: Patient;
  facts: PersonFacts;
  choices: NeedChoices;
  form: NeedForm;
  /** Drafts for this person that were begun before. */
  begun: readonly DraftRow[];
  /** The draft; absent: it is written with this page. */
  id: string | undefined;
  reached: 'need' | 'places';
  token: string;
  problem?: HubError | undefined;
}

/** What is needed, how soon, and what would be good. */
export function NeedPage({ patient, facts, choices, form, begun, id, reached, token, problem }: NeedProps) {
  const action = id === undefined ? '/refer' : `/refer/${id}/need`;
  return (
    <>
      <Head title="What is needed?" up={{ path: '/refer', label: 'Refer' }}>
        For <a href={`/patients/${patient.id}`}>{personName(patient) ?? 'a person without a name'}</a>.{' '}
        <Known patient={patient} facts={facts} />
      </Head>
      <Steps id={id} at="need" reached={reached} />
      {begun.length > 0 && <Begun drafts={begun} />}
      <Form action={action} token={token} look="refer-form">
        <Problem of={problem} fields={['need', 'priority']} />
        <input type="hidden" name="patient" value={patient.id} />
        <Needs choices={choices} form={form} problem={problem} />
        <Choices
          legend="How soon?"
          name="priority"
          type="radio"
          required
          choices={priorities.map(({ code, label, hint }) => ({ value: code, label, hint }))}
          chosen={[form.priority]}
          problem={problem}
        />
        <Why conditions={facts.conditions} form={form} fresh={id === undefined} />
        <Wishes choices={choices} form={form} />
        <p class="actions">
          <button type="submit">Find places</button>
        </p>
      </Form>
    </>
  );
}

/** What was begun is gone on with, rather than begun again. */
const Begun = ({ drafts }: { drafts: readonly DraftRow[] }) => (
  <Warning>
    {drafts.length === 1 ? 'A draft for this person is' : `${drafts.length} drafts for this person are`} not
    sent yet:{' '}
    {drafts.map(({ request }, index) => (
      <>
        {index > 0 && ', '}
        <a href={`/refer/${request.id}`}>{needWords(request) ?? 'without a need'}</a>
      </>
    ))}
    .
  </Warning>
);

/** What places are compared by besides, and what is not known of it. */
function Known({ patient, facts }: Pick<NeedProps, 'patient' | 'facts'>) {
  const home = homeWords(patient);
  const language = languageWords(patient);
  const payers = payerWords(facts.coverages);
  const missing = [
    ...(home ? [] : ['a home address']),
    ...(language ? [] : ['a language']),
    ...(payers.length > 0 ? [] : ['who pays']),
  ];
  const known = [
    home && `lives in ${home}`,
    language && `speaks ${language}`,
    payers.length > 0 && `covered by ${payers.join(' and ')}`,
  ].filter(Boolean);
  return (
    <>
      {known.length > 0 && <span>From the record: {known.join(', ')}. </span>}
      {missing.length > 0 && (
        <span class="quiet">
          Not in the record: {new Intl.ListFormat('en').format(missing)}. Places are not compared by that.
        </span>
      )}
    </>
  );
}

type Part = Pick<NeedProps, 'choices' | 'form'>;

function Needs({ choices: { groups, own }, form, problem }: Part & { problem: HubError | undefined }) {
  const asChoices = (options: readonly Option[]) =>
    options.map(({ token: value, label }) => ({ value, label }));
  const [first, ...others] = groups.filter(({ folded }) => !folded);
  const folded = groups.filter(group => group.folded);
  const isIn = ({ options }: NeedGroup) => options.some(({ token }) => token === form.need);
  return (
    <div class="needs">
      {first && (
        <Choices
          legend={first.title}
          name="need"
          type="radio"
          required
          choices={asChoices([...(own ? [own] : []), ...first.options])}
          chosen={[form.need]}
          problem={problem}
        />
      )}
      {others.map(({ title, options }) => (
        <Choices legend={title} name="need" type="radio" choices={asChoices(options)} chosen={[form.need]} />
      ))}
      {folded.map(group => (
        <details class="fold" {...(isIn(group) ? { open: true } : {})}>
          <summary>{group.title}</summary>
          <Choices
            legend={group.title}
            name="need"
            type="radio"
            choices={asChoices(group.options)}
            chosen={[form.need]}
          />
        </details>
      ))}
      <Field
        name="words"
        label="In your words"
        autocomplete="off"
        hint="Optional. Stands in lists in the place of the choice above: “A therapist who speaks Hmong”."
        value={form.words}
        optional
      />
    </div>
  );
}

interface WhyProps {
  conditions: readonly Condition[];
  form: NeedForm;
  /** Nothing was written yet. */
  fresh: boolean;
}

function Why({ conditions, form, fresh }: WhyProps) {
  return (
    <div class="why">
      {conditions.length > 0 && (
        <Choices
          legend="Reason for the referral"
          name="reason"
          type="checkbox"
          hint={
            fresh
              ? 'Whoever is asked reads what is ticked. For everyday life it is left out at first.'
              : 'Whoever is asked reads what is ticked.'
          }
          choices={conditions.map(one => ({
            value: `Condition/${one.id}`,
            label:
              one.code?.text ?? one.code?.coding?.find(({ display }) => display)?.display ?? 'A condition',
            ...(one.code?.coding?.[0]?.code ? { hint: one.code.coding[0].code } : {}),
          }))}
          chosen={form.reasons}
        />
      )}
      <TextArea
        name="reasonText"
        label={conditions.length > 0 ? 'More on the reason' : 'Reason for the referral'}
        hint="Optional. A sentence or two."
        value={form.reasonText}
      />
      <TextArea
        name="note"
        label="What should they know?"
        hint="Optional: how to reach the person, what helps, what to avoid. Whoever is asked reads it."
        value={form.note}
      />
    </div>
  );
}

function Wishes({ choices: { traits, levels, programs }, form }: Part) {
  const asChoices = (options: readonly Option[]) =>
    options.map(({ token: value, label }) => ({ value, label }));
  const said = [form.wishes, form.musts, form.levels, form.programs].some(({ length }) => length > 0);
  return (
    <details class="fold" {...(said ? { open: true } : {})}>
      <summary>Wishes, access and level of care</summary>
      <Choices
        legend="It would be good"
        name="wish"
        type="checkbox"
        hint="Places that have it come first."
        choices={asChoices(traits)}
        chosen={form.wishes}
      />
      <Choices
        legend="It has to be"
        name="must"
        type="checkbox"
        hint="Places that do not say that they have it are left out."
        choices={asChoices(traits)}
        chosen={form.musts}
      />
      <Choices
        legend="Level of care"
        name="level"
        type="checkbox"
        hint="One of those ticked is enough."
        choices={asChoices(levels)}
        chosen={form.levels}
      />
      <Choices
        legend="Program"
        name="program"
        type="checkbox"
        choices={asChoices(programs)}
        chosen={form.programs}
      />
      {form.avoided.length > 0 && (
        <Warning>
          Not to be asked: {form.avoided.map(({ display, reference }) => display ?? reference).join(', ')}.
          This can be changed with the places.
        </Warning>
      )}
    </details>
  );
}
