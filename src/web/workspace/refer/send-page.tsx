import type { Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { HubError } from '../../../errors.ts';
import type { Duplicate } from '../../../fhir/operations/find-duplicates.ts';
import { gapsOf } from '../../../referral/packet/gaps.ts';
import { Form, Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Warning } from '../../components/notice.tsx';
import { needWords, personName } from '../../seen.ts';
import { statusWords } from '../../status-words.ts';
import { attachedWords } from './attached-words.ts';
import { priorities } from './need-form.ts';
import type { PacketState } from './packet.ts';
import { Steps, stepPath } from './steps.tsx';
import type { Way } from './way.ts';

export interface SendProps {
  request: ServiceRequest;
  task: Task;
  patient: Patient;
  way: Way;
  /** The first whom the hub would ask, where it asks. */
  next: readonly string[];
  packet: PacketState;
  duplicates: readonly Duplicate[];
  token: string;
  problem?: HubError | undefined;
}

/** All of it once more, before it goes out. */
export function SendPage(props: SendProps) {
  const { request, task, patient, way, next, packet, duplicates, token, problem } = props;
  const id = request.id ?? '';
  const priority = priorities.find(({ code }) => code === request.priority);
  return (
    <>
      <Head title="Send it?" up={{ path: stepPath(id, 'packet'), label: 'Packet' }} />
      <Steps id={id} at="send" reached="send" />
      <Problem of={problem} />
      {duplicates.length > 0 && <Duplicates duplicates={duplicates} />}
      <section class="card" aria-label="The referral">
        <dl class="facts">
          <dt>Person</dt>
          <dd>{personName(patient) ?? 'Without a name'}</dd>
          <dt>Need</dt>
          <dd>
            {needWords(request)} <a href={stepPath(id, 'need')}>Change</a>
          </dd>
          <dt>How soon</dt>
          <dd>{priority?.label ?? request.priority}</dd>
          <dt>Who is asked</dt>
          <dd>
            <Asked way={way} next={next} /> <a href={stepPath(id, 'places')}>Change</a>
          </dd>
          <dt>Goes along</dt>
          <dd>
            {packet.attached.length === 0 && 'Nothing but the request'}
            <ul class="lines">
              {packet.attached.map(one => (
                <li>{attachedWords(one).title}</li>
              ))}
            </ul>
            <a href={stepPath(id, 'packet')}>Change</a>
          </dd>
          <Missing packet={packet} task={task} id={id} />
        </dl>
      </section>
      <Form action={stepPath(id, 'send')} token={token} look="actions">
        <button type="submit">
          <Icon name="send" /> Send the referral
        </button>
        <span class="quiet">You are told of each step, and can take it back until somebody accepts.</span>
      </Form>
    </>
  );
}

const all = new Intl.ListFormat('en', { type: 'conjunction' });

function Asked({ way, next }: Pick<SendProps, 'way' | 'next'>) {
  const named = (one: { display?: string; reference?: string } | undefined) =>
    one?.display ?? one?.reference ?? 'a place';
  if (way.kind === 'hand')
    return (
      <>
        {named(way.service)} first, chosen by hand (“{way.reason}”); then the others in order.
      </>
    );
  if (way.kind === 'these')
    return way.services.length === 1 ? (
      <>Only {named(way.services[0])}.</>
    ) : (
      <>{all.format(way.services.map(named))}, at the same time. The first to accept has it.</>
    );
  const [first, ...others] = next;
  return first === undefined ? (
    <>Nobody fits now: you would be told so at once.</>
  ) : (
    <>
      {first} first{others.length > 0 ? `, then ${all.format(others)}, and on in order` : ''}.
    </>
  );
}

function Missing({ packet, task, id }: Pick<SendProps, 'packet' | 'task'> & { id: string }) {
  const open = packet.checked.filter(
    ({ status, need }) => status !== 'attached' && need.strength !== 'welcome',
  );
  if (open.length === 0) return null;
  const gaps = gapsOf(task);
  return (
    <>
      <dt>Missing</dt>
      <dd>
        <ul class="lines">
          {open.map(({ need }) => {
            const why = gaps.find(({ key }) => key === need.key)?.reason?.text;
            const refused = need.strength === 'required' ? 'they take no referral without it' : undefined;
            return (
              <li>
                {need.title}: {refused ?? why ?? 'no reason given yet'}
              </li>
            );
          })}
        </ul>
        <a href={stepPath(id, 'packet')}>Attach it, or say why it is missing</a>
      </dd>
    </>
  );
}

function Duplicates({ duplicates }: Pick<SendProps, 'duplicates'>) {
  return (
    <Warning>
      <p>
        {duplicates.length === 1 ? 'A referral' : `${duplicates.length} referrals`} for the same need of this
        person {duplicates.length === 1 ? 'is' : 'are'} open already. Send this one only if both are wanted.
      </p>
      <ul>
        {duplicates.map(({ task, request, grade }) => (
          <li>
            <a href={`/referrals/${task.id}`}>{needWords(request)}</a>: {statusWords(task)}
            {grade !== 'certain' && ' (it may be another person)'}
          </li>
        ))}
      </ul>
    </Warning>
  );
}
