import type { Patient, Questionnaire } from '@medplum/fhirtypes';
import type { HubError } from '../../../errors.ts';
import { Choices } from '../../components/choices.tsx';
import { Field, Form, Problem, TextArea } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Warning } from '../../components/notice.tsx';
import { personName } from '../../seen.ts';
import { isByInterview } from './instruments.ts';
import { fieldOf, type Line, linesOf, type Question } from './questions.ts';
import { Steps, stepPath } from './steps.tsx';

interface QuestionnaireProps {
  /** The draft for which it is answered. */
  id: string;
  patient: Patient;
  questionnaire: Questionnaire;
  given: (name: string) => readonly string[];
  token: string;
  problem?: HubError | undefined;
}

/** The questions of an instrument, to be answered once, on one page. */
export function QuestionnairePage(props: QuestionnaireProps) {
  const { id, patient, questionnaire, given, token, problem } = props;
  const lines = linesOf(questionnaire);
  const fields = lines.flatMap(one => (one.kind === 'question' ? fieldOf(one.question.linkId) : []));
  return (
    <>
      <Head title={questionnaire.title ?? 'Questions'} up={{ path: stepPath(id, 'packet'), label: 'Packet' }}>
        Answers of {personName(patient) ?? 'a person without a name'}. They become part of the record, and go
        along with the referral.
      </Head>
      <Steps id={id} at="packet" reached="send" />
      {isByInterview(questionnaire) && (
        <Warning>These questions are asked in person, by somebody who knows how to ask them.</Warning>
      )}
      <Form action={`/refer/${id}/questionnaire/${questionnaire.id}`} token={token} look="refer-form">
        <Problem of={problem} fields={fields} />
        {lines.map(line => (
          <Asked line={line} given={given} problem={problem} />
        ))}
        {isByInterview(questionnaire) && (
          <label class="choice">
            <input type="checkbox" name="asked" value="yes" required />
            <span>I asked these questions in person.</span>
          </label>
        )}
        <p class="actions">
          <button type="submit">Save and attach</button>
          {problem && (
            <button type="submit" class="second" name="anyway" value="yes">
              Save as it is, without a total
            </button>
          )}
        </p>
        {questionnaire.copyright && <p class="quiet small-print">{questionnaire.copyright}</p>}
      </Form>
    </>
  );
}

interface AskedProps {
  line: Line;
  given: QuestionnaireProps['given'];
  problem: HubError | undefined;
}

function Asked({ line, given, problem }: AskedProps) {
  if (line.kind === 'text') return line.heading ? <h2>{line.text}</h2> : <p>{line.text}</p>;
  const { question } = line;
  const name = fieldOf(question.linkId);
  const chosen = given(name);
  const { text, options, repeats, when } = question;
  const hint = when ? { hint: `${when}.` } : {};
  switch (question.type) {
    case 'choice':
      return (
        <Choices
          legend={text}
          name={name}
          type={repeats ? 'checkbox' : 'radio'}
          choices={options}
          chosen={chosen}
          problem={problem}
          {...hint}
        />
      );
    case 'yes-no':
      return (
        <Choices
          legend={text}
          name={name}
          type="radio"
          choices={yesNo}
          chosen={chosen}
          problem={problem}
          {...hint}
        />
      );
    case 'text':
      return <TextArea name={name} label={text} value={chosen[0] ?? ''} problem={problem} {...hint} />;
    default:
      return <Typed question={question} value={chosen[0] ?? ''} problem={problem} />;
  }
}

const yesNo = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

function Typed({
  question: { linkId, text, type, when },
  value,
  problem,
}: {
  question: Question;
  value: string;
  problem: HubError | undefined;
}) {
  return (
    <Field
      name={fieldOf(linkId)}
      label={text}
      type={type === 'date' ? 'date' : 'text'}
      autocomplete="off"
      optional
      value={value}
      problem={problem}
      {...(when ? { hint: `${when}.` } : {})}
      {...(type === 'number' ? { numeric: true } : {})}
    />
  );
}
