import type { GuidanceResponse, ServiceRequest, Task } from '@medplum/fhirtypes';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import { requestIdentifier } from '../../referral/eligibility/answer.ts';
import { askerOf, asksAgain } from '../../referral/eligibility/read-answer.ts';
import type { Repository, WriteOperation } from '../repository.ts';
import type { OperationCall } from './operation.ts';

/** The request that an answer is kept with; HubError where it is none for this person. */
export async function requestOf({ repository, query, id }: OperationCall): Promise<ServiceRequest> {
  const [type, request = ''] = query.get('request')?.split('/') ?? [];
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
export async function keepAnswer(
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
          ifMatch: `W/"${earlier.meta?.versionId}"`,
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
  const unless = { type: 'GuidanceResponse', query: conditionOf(answer) };
  const [written] = await repository.write(operations, {
    purpose: 'check-eligibility',
    ...(earlier ? {} : { unless }),
  });
  return written?.stored?.resource() as GuidanceResponse;
}

const placeholder = 'urn:uuid:eligibility-answer';

/** Of two who ask for the first time at once, one keeps the answer. */
const conditionOf = ({ identifier = [] }: GuidanceResponse): string =>
  new URLSearchParams({
    identifier: identifier.map(({ system, value }) => `${system}|${value}`).join(),
  }).toString();

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
