import type { GuidanceResponse, ServiceRequest, Task } from '@medplum/fhirtypes';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import { answerOf, requestIdentifier } from '../../referral/eligibility/answer.ts';
import { decide } from '../../referral/eligibility/decide.ts';
import { askerOf, asksAgain } from '../../referral/eligibility/read-answer.ts';
import { readRecord } from '../../referral/eligibility/record.ts';
import { canonical } from '../canonical.ts';
import type { Repository, WriteOperation } from '../repository.ts';
import { findPack } from './find-pack.ts';
import type { Operation, OperationCall } from './operation.ts';

/** Whether a person meets the criteria of a program, decided on what the caller may see. */
export const checkEligibility: Operation = {
  name: 'check-eligibility',
  definition: `${canonical}/OperationDefinition/check-eligibility`,
  documentation:
    'Whether the person is eligible for a program (a PlanDefinition, by id or canonical URL): eligible, ineligible or needs-data, with the facts of each criterion and what is missing, as far as the caller may see. With a request (ServiceRequest/id) the answer is kept with the referral.',
  levels: ['instance'],
  types: ['Patient'],
  methods: ['POST'],
  async run(call) {
    const { parts, repository, id: patient = '' } = call;
    const pack = await findPack(required(call, 'program'), repository);
    const request = await requestOf(call);
    const record = await readRecord([pack], patient, repository);
    const now = parts.clock.now();
    const decision = decide(pack, record, { now, timeZone: parts.rulePacks.due.timeZone });
    const { organization } = repository.actor;
    const asked = { patient, organization, now, ...(request?.id ? { request: request.id } : {}) };
    const answer = answerOf(pack, decision, asked);
    if (!request) return { kind: 'resource', resource: answer };
    return { kind: 'resource', resource: await keep(answer, pack.url, request, call) };
  },
};

function required({ query }: OperationCall, name: string): string {
  const value = query.get(name);
  if (value) return value;
  throw new HubError('invalid', {
    text: `${name} is missing: the id or the canonical URL of a PlanDefinition.`,
    expression: 'Parameters.parameter',
  });
}

async function requestOf({ repository, query, id }: OperationCall): Promise<ServiceRequest | undefined> {
  const reference = query.get('request');
  if (reference === null) return undefined;
  const [type, request = ''] = reference.split('/');
  const found =
    type === 'ServiceRequest'
      ? ((await repository.read('ServiceRequest', request)).resource() as ServiceRequest)
      : undefined;
  if (found?.subject.reference === `Patient/${id}`) return found;
  throw new HubError('unprocessable', {
    text: 'request must be a ServiceRequest (ServiceRequest/id) for this person.',
    expression: 'Parameters.parameter',
  });
}

/** One answer for each program and request: a new one takes the place of the one before, as its next version. */
async function keep(
  answer: GuidanceResponse,
  pack: string,
  request: ServiceRequest,
  { parts, repository }: OperationCall,
): Promise<GuidanceResponse> {
  requireScope(repository.actor, 'create', 'GuidanceResponse');
  const earlier = await earlierAnswer(pack, request.id ?? '', repository);
  const reference = earlier ? `GuidanceResponse/${earlier.id}` : placeholder;
  const operations: WriteOperation[] = [
    earlier?.id
      ? {
          kind: 'update',
          type: 'GuidanceResponse',
          id: earlier.id,
          resource: { ...answer, id: earlier.id },
        }
      : { kind: 'create', fullUrl: placeholder, resource: answer },
    ...attached(
      request,
      reference,
      (await repository.read('ServiceRequest', request.id ?? '')).source,
      repository,
    ),
    ...(earlier?.id ? await answered(earlier.id, repository, parts.clock.now()) : []),
  ];
  const [written] = await repository.write(operations, { purpose: 'check-eligibility' });
  return written?.stored?.resource() as GuidanceResponse;
}

const placeholder = 'urn:uuid:eligibility-answer';

async function earlierAnswer(
  pack: string,
  request: string,
  repository: Repository,
): Promise<GuidanceResponse | undefined> {
  const { system, value } = requestIdentifier(request);
  const query = new URLSearchParams({ request: `${system}|${value}`, _count: '100' });
  const { entries } = await repository.search('GuidanceResponse', query);
  const own = entries.map(({ stored }) => stored.resource() as GuidanceResponse);
  return own.find(
    one => one.moduleCanonical?.split('|')[0] === pack && askerOf(one) === repository.actor.organization,
  );
}

/** The sender's own answer goes with its request, so that who is asked sees it; others keep theirs to themselves. */
function attached(
  request: ServiceRequest,
  answer: string,
  source: string,
  { actor }: Repository,
): WriteOperation[] {
  const there = request.supportingInfo ?? [];
  if (source !== actor.organization || !request.id || there.some(one => one.reference === answer)) return [];
  return [
    {
      kind: 'update',
      type: 'ServiceRequest',
      id: request.id,
      resource: { ...request, supportingInfo: [...there, { reference: answer }] },
      ifMatch: `W/"${request.meta?.versionId}"`,
    },
  ];
}

/** Tasks that asked for this check are done with it. */
async function answered(answer: string, repository: Repository, now: Date): Promise<WriteOperation[]> {
  const query = new URLSearchParams({ focus: `GuidanceResponse/${answer}`, status: 'requested' });
  const { entries } = await repository.search('Task', query);
  return entries
    .map(({ stored }) => stored.resource() as Task)
    .filter(task => asksAgain(task, answer))
    .map(task => ({
      kind: 'update',
      type: 'Task',
      id: task.id ?? '',
      resource: { ...task, status: 'completed', lastModified: now.toISOString() },
    }));
}
