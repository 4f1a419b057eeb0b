import type { Patient, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { labelMask } from '../../../access/labels.ts';
import type { HubError } from '../../../errors.ts';
import type { Checked } from '../../../referral/packet/check.ts';
import { gapsOf } from '../../../referral/packet/gaps.ts';
import { Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Mark } from '../../components/mark.tsx';
import { needWords, personName } from '../../seen.ts';
import { tokenField } from '../../sign-in/desk.ts';
import { attachedWords } from './attached-words.ts';
import type { Askable } from './instruments.ts';
import { documentTypeOf, gapReasons, type PacketState, referenceTo } from './packet.ts';
import { Steps, stepPath } from './steps.tsx';

interface PacketProps {
  request: ServiceRequest;
  task: Task;
  patient: Patient;
  packet: PacketState;
  /** Who reads it, as people call them. */
  readers: readonly string[];
  token: string;
  problem?: HubError | undefined;
}

/** What goes along, what those who are asked ask for, and why something is missing. */
export function PacketPage({ request, task, patient, packet, readers, token, problem }: PacketProps) {
  const id = request.id ?? '';
  const { checked, attached, others } = packet;
  return (
    <>
      <Head title="What goes along?" up={{ path: stepPath(id, 'places'), label: 'Places' }}>
        {needWords(request)} for {personName(patient) ?? 'a person without a name'}. Whoever is asked reads
        the request, who the person is, and what is attached here. Nothing else.
      </Head>
      <Steps id={id} at="packet" reached="send" />
      <Problem of={problem} />
      <form method="post" action={stepPath(id, 'packet')} enctype="multipart/form-data" class="refer-form">
        <input type="hidden" name={tokenField} value={token} />
        <section class="card" aria-labelledby="attached">
          <h2 id="attached">Attached</h2>
          <Attached attached={attached} />
        </section>
        {checked.length > 0 && (
          <section class="card" aria-labelledby="asked-for">
            <h2 id="asked-for">Asked for</h2>
            <p class="quiet">By {new Intl.ListFormat('en').format(readers)}.</p>
            <ul class="need-list">
              {checked.map(one => (
                <Item one={one} task={task} id={id} questions={packet.questions.get(one.need.key) ?? []} />
              ))}
            </ul>
          </section>
        )}
        <details class="fold">
          <summary>Attach something else</summary>
          {others.length > 0 && <Tick legend="Documents of the person" resources={others} ticked={[]} />}
          <Upload name="file:" label="A file from this computer" />
        </details>
        <p class="actions">
          <button type="submit">Continue</button>
        </p>
      </form>
      <form method="post" action={`/refer/${id}/leave-out`} id={leaveOut}>
        <input type="hidden" name={tokenField} value={token} />
      </form>
    </>
  );
}

/** The form behind the buttons that take something out: the Enter key is to press none of them. */
const leaveOut = 'leave-out';

function Attached({ attached }: { attached: readonly Resource[] }) {
  if (attached.length === 0) return <p class="quiet">Nothing is attached beside the request itself.</p>;
  return (
    <ul class="attached">
      {attached.map(one => (
        <li>
          <Icon name="paperclip" />
          <span class="grow">
            <What resource={one} />
            {labelMask(one) > 0 && (
              <Mark icon="shield" tone="attention">
                Shown only with the person’s consent
              </Mark>
            )}
          </span>
          <button type="submit" form={leaveOut} class="link" name="reference" value={referenceTo(one)}>
            Leave out<span class="hidden"> {attachedWords(one).title}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A resource in a line: what it is, and of when. */
function What({ resource }: { resource: Resource }) {
  const { title, detail } = attachedWords(resource);
  return (
    <>
      {title}
      {detail && <span class="detail">{detail}</span>}
    </>
  );
}

const strengthWords: Record<Checked['need']['strength'], string> = {
  required: 'They take no referral without it.',
  expected: 'Sent without it only with a reason.',
  welcome: 'Good to have.',
};

interface ItemProps {
  one: Checked;
  task: Task;
  /** The draft. */
  id: string;
  questions: readonly Askable[];
}

function Item({ one, task, id, questions }: ItemProps) {
  const { need, status, evidence } = one;
  if (status === 'attached')
    return (
      <li>
        <Mark tone="good" icon="check">
          Attached
        </Mark>{' '}
        <strong>{need.title}</strong>
      </li>
    );
  return (
    <li>
      <Mark
        tone={need.strength === 'required' ? 'late' : need.strength === 'expected' ? 'attention' : 'plain'}
        icon={status === 'held' ? 'paperclip' : 'circle-alert'}
      >
        {status === 'held' ? 'Not attached yet' : 'Missing'}
      </Mark>{' '}
      <strong>{need.title}</strong>{' '}
      <span class="quiet">
        {strengthWords[need.strength]}
        {need.withinDays !== undefined && ` Not older than ${need.withinDays} days.`}
      </span>
      {status === 'held' && (
        <Tick
          legend={`In the record: ${need.title}`}
          resources={evidence.slice(0, 5)}
          ticked={evidence.slice(0, 1).map(referenceTo)}
        />
      )}
      {questions.length > 0 && (
        <p class="ask-now">
          Ask now:{' '}
          {questions.map(({ id: questionnaire, title }) => (
            <a href={`/refer/${id}/questionnaire/${questionnaire}`}>{title}</a>
          ))}
        </p>
      )}
      {documentTypeOf(need) && <Upload name={`file:${need.key}`} label={`Attach a file: ${need.title}`} />}
      {need.strength === 'expected' && <Reason one={one} task={task} />}
    </li>
  );
}

interface TickProps {
  legend: string;
  resources: readonly Resource[];
  ticked: readonly string[];
}

const Tick = ({ legend, resources, ticked }: TickProps) => (
  <fieldset class="choice-group">
    <legend>{legend}</legend>
    {resources.map(one => (
      <label class="choice">
        <input
          type="checkbox"
          name="attach"
          value={referenceTo(one)}
          {...(ticked.includes(referenceTo(one)) ? { checked: true } : {})}
        />
        <span>
          <What resource={one} />
        </span>
      </label>
    ))}
  </fieldset>
);

const Upload = ({ name, label }: { name: string; label: string }) => (
  <label class="upload">
    <span>{label}</span>
    <input type="file" name={name} />
  </label>
);

/** Why it is sent without; what is attached at the same time makes it needless. */
function Reason({ one: { need, status }, task }: { one: Checked; task: Task }) {
  const given = gapsOf(task).find(({ key }) => key === need.key)?.reason;
  const code = given?.coding?.[0]?.code;
  const display = gapReasons.find(reason => reason.code === code)?.display;
  return (
    <div class="beside-fields">
      <label>
        <span>
          {status === 'held' || documentTypeOf(need) ? 'Or why it is sent without' : 'Why it is sent without'}
        </span>
        <select name={`why:${need.key}`} aria-label={`Why it is sent without: ${need.title}`}>
          <option value="">No reason yet</option>
          {gapReasons.map(reason => (
            <option value={reason.code} {...(reason.code === code ? { selected: true } : {})}>
              {reason.display}
            </option>
          ))}
        </select>
      </label>
      <label class="grow">
        <span>In words</span>
        <input
          name={`words:${need.key}`}
          autocomplete="off"
          maxlength={500}
          aria-label={`In words, why it is sent without: ${need.title}`}
          value={given?.text && given.text !== display ? given.text : ''}
        />
      </label>
    </div>
  );
}
