import { createHmac } from 'node:crypto';
import type { Parameters, ParametersParameter, Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import { readSubmission } from '../../referral/intake/read-submission.ts';
import { isResource, referralOf, type Submission } from '../../referral/intake/submission.ts';
import { nextStepOf } from '../../referral/lifecycle/next-step.ts';
import { requestOf } from '../../referral/lifecycle/referral-task.ts';
import { canonical, extension } from '../canonical.ts';
import type { Stored } from '../repository.ts';
import { duplicatePart } from './duplicates.ts';
import { type Candidate, candidatesFor, findDuplicates } from './find-duplicates.ts';
import type { Operation, OperationAnswer, OperationCall } from './operation.ts';

/**
 * A referral from any source as one call: the person, what they need, who really asks. It makes the Patient, the
 * ServiceRequest, the Task and what comes with them in one commit; sent again it makes nothing.
 */
export const submitReferral: Operation = {
  name: 'submit-referral',
  definition: `${canonical}/OperationDefinition/submit-referral`,
  documentation:
    'A referral from any source as one call: identifier (the sender’s: the same again is the same referral), patient, need, and optionally sender, recipient, reason, consent, document, insurance. 201 with what was made, or 200 with what is there already; 409 for another content under the same identifier.',
  levels: ['system'],
  methods: ['POST'],
  async run(call) {
    const { actor } = call.repository;
    requireScope(actor, 'search', 'Task');
    for (const type of ['Patient', 'ServiceRequest']) requireScope(actor, 'read', type);
    await requireWellFormed(call);
    const submission = readSubmission(call.body);
    const digest = digestOf(call);
    const known = await submitted(submission, call);
    if (known) return again(known, digest, call);
    const persons = isResource(submission.patient)
      ? await candidatesFor(submission.patient, call.repository)
      : [];
    const decided = { ...submission, patient: knownPerson(submission.patient, persons, call) };
    return send(decided, digest, persons, call);
  },
};

/** What is within resources is asked when they are written, completed by then. */
async function requireWellFormed({ parts, body }: OperationCall): Promise<void> {
  const { resourceType, parameter } = (body ?? {}) as Partial<Parameters>;
  if (resourceType !== 'Parameters' || !Array.isArray(parameter)) return;
  const outer = parameter.map(one => (one?.resource ? { name: one.name, valueBoolean: true } : one));
  const problems = await parts.validate({ ...(body as Parameters), parameter: outer });
  if (problems.length > 0) throw new HubError('invalid', problems);
}

async function send(
  submission: Submission,
  digest: string,
  persons: readonly Candidate[],
  call: OperationCall,
): Promise<OperationAnswer> {
  const { parts, repository } = call;
  const operations = referralOf(submission, {
    organization: repository.actor.organization,
    hub: parts.hubOrganization,
    digest,
    now: parts.clock.now(),
  });
  try {
    const written = await repository.write(operations, {
      purpose: 'submit-referral',
      unless: { type: 'Task', query: conditionOf(submission, call) },
    });
    const task = written.at(-1)?.stored;
    if (!task) throw new Error('a submission was written without its Task');
    const resource = await answerOf(task, 'created', persons, call);
    return { kind: 'resource', resource, status: 201 };
  } catch (error) {
    // The same was sent at the same time: whoever came second is told of the first.
    const first =
      error instanceof HubError && error.kind === 'conflict' && (await submitted(submission, call));
    if (first) return again(first, digest, call);
    throw error;
  }
}

/** The Task that this organization has submitted under the identifier. */
async function submitted(submission: Submission, call: OperationCall): Promise<Stored | undefined> {
  const query = new URLSearchParams(conditionOf(submission, call));
  const { entries } = await call.repository.search('Task', query);
  return entries.find(one => one.mode === 'match')?.stored;
}

function conditionOf({ identifier: { system, value } }: Submission, { repository }: OperationCall): string {
  const escaped = [system, value].map(one => one.replace(/[\\,$|]/g, '\\$&')).join('|');
  const requester = `Organization/${repository.actor.organization}`;
  return new URLSearchParams({ identifier: escaped, requester }).toString();
}

async function again(task: Stored, digest: string, call: OperationCall): Promise<OperationAnswer> {
  const stored = (task.resource() as Task).extension?.find(one => one.url === extension.submissionDigest);
  if (stored?.valueString === digest)
    return { kind: 'resource', resource: await answerOf(task, 'found', [], call) };
  throw new HubError('conflict', {
    text: `This identifier is that of Task/${task.id}, which was sent with another content: change that referral itself, or send a new one under an identifier of its own.`,
    expression: "Parameters.parameter.where(name = 'identifier')",
  });
}

/** A keyed digest of all that was sent: it tells nobody what that was. */
function digestOf({ parts, body }: OperationCall): string {
  const { parameter = [] } = body as Parameters;
  const texts = parameter.map(one => JSON.stringify(one, inOrder)).sort();
  return createHmac('sha256', parts.pagingKey)
    .update(`submission\n${texts.join('\n')}`)
    .digest('base64url');
}

/** The keys of an object in the order of their names: JSON does not order them. */
const inOrder = (_key: string, value: unknown): unknown =>
  value && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Whom the sender keeps already under the same identifier is that person; more than one is for the sender to say. */
function knownPerson(
  given: Submission['patient'],
  persons: readonly Candidate[],
  { repository }: OperationCall,
): Submission['patient'] {
  const own = persons.filter(
    ({ grade, stored }) => grade === 'certain' && stored.source === repository.actor.organization,
  );
  const [first, second] = own;
  if (second)
    throw new HubError('conflict', {
      text: `Your organization keeps more than one Patient with this identifier (${own.map(({ stored }) => `Patient/${stored.id}`).join(', ')}): say which by reference.`,
      expression: "Parameters.parameter.where(name = 'patient')",
    });
  return first ? { reference: `Patient/${first.stored.id}` } : given;
}

async function answerOf(
  stored: Stored,
  outcome: 'created' | 'found',
  persons: readonly Candidate[],
  { repository }: OperationCall,
): Promise<Parameters> {
  const task = stored.resource() as Task;
  const [requestId, patientId] = [requestOf(task), task.for?.reference].map(one => one?.split('/')[1] ?? '');
  const request = (await repository.read('ServiceRequest', requestId ?? '')).resource() as ServiceRequest;
  const patient = (await repository.read('Patient', patientId ?? '')).resource() as Patient;
  const step = nextStepOf(task);
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'outcome', valueCode: outcome },
      { name: 'patient', valueReference: { reference: `Patient/${patient.id}` } },
      { name: 'request', valueReference: { reference: `ServiceRequest/${request.id}` } },
      { name: 'task', valueReference: { reference: `Task/${task.id}` } },
      { name: 'status', valueCode: task.status },
      ...(step
        ? [
            { name: 'turn', valueReference: { reference: `Organization/${step.turn}` } },
            { name: 'action', valueCode: step.action },
            { name: 'due', valueInstant: step.due },
          ]
        : []),
      ...persons.filter(({ stored: one }) => one.id !== patient.id).map(personPart),
      ...(await findDuplicates(request, patient, repository)).map(duplicatePart),
    ],
  };
}

const personPart = ({ stored, grade, common }: Candidate): ParametersParameter => ({
  name: 'possible-patient',
  part: [
    { name: 'patient', valueReference: { reference: `Patient/${stored.id}` } },
    { name: 'grade', valueCode: grade },
    { name: 'because', valueString: `same ${common.join(', ')}` },
  ],
});
