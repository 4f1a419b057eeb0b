import { hash } from 'node:crypto';
import type { Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { feedbackDocument } from '../../referral/lifecycle/feedback.ts';
import { isReferralTask, requestOf } from '../../referral/lifecycle/referral-task.ts';
import { canonical } from '../canonical.ts';
import type { Repository } from '../repository.ts';
import { local } from '../write/references.ts';
import type { Operation } from './operation.ts';

/** The feedback document of a completed referral: made of the Task as it is, the same for the same version. */
export const bserFeedback: Operation = {
  name: 'bser-feedback',
  definition: `${canonical}/OperationDefinition/bser-feedback`,
  documentation:
    'The feedback document of BSeR for a completed referral: a document Bundle with what came of it, as far as the caller may see it.',
  levels: ['instance'],
  types: ['Task'],
  methods: ['GET', 'POST'],
  async run({ parts, repository, id = '' }) {
    const stored = await repository.read('Task', id);
    const task = stored.resource() as Task;
    requireCompleted(task);
    const request = (
      await repository.read('ServiceRequest', requestOf(task)?.split('/')[1] ?? '')
    ).resource() as ServiceRequest;
    const uuid = (of: string): string =>
      uuidOf(`${parts.baseUrl}/Task/${id}/_history/${stored.versionId} ${of}`);
    const resource = feedbackDocument({
      task,
      request,
      others: await visible(namedBy(task), repository),
      uuids: { document: uuid('document'), composition: uuid('composition'), status: uuid('status') },
      base: parts.baseUrl,
    });
    return { kind: 'resource', resource };
  },
};

function requireCompleted(task: Task): void {
  if (isReferralTask(task) && task.status === 'completed') return;
  throw new HubError('unprocessable', {
    text: isReferralTask(task)
      ? `This referral is ${task.status}: there is feedback when it is completed.`
      : 'This Task is no referral: feedback is of a Task with code fulfill whose focus is a ServiceRequest.',
    expression: 'Task.status',
  });
}

/** The person, who asked, who was asked, and the outputs: each once. */
function namedBy({ for: person, requester, owner, output = [] }: Task): string[] {
  const references = [person, requester, owner, ...output.map(one => one.valueReference)];
  return [...new Set(references.flatMap(one => local(one?.reference ?? '') ?? []))];
}

async function visible(references: readonly string[], repository: Repository): Promise<Resource[]> {
  const found: Resource[] = [];
  for (const reference of references) {
    const [type = '', id = ''] = reference.split('/');
    const stored = await repository.read(type, id).catch((error: unknown) => {
      // What the caller may not see is left out of what it is told.
      if (error instanceof HubError && absent.includes(error.kind)) return undefined;
      throw error;
    });
    if (stored) found.push(stored.resource());
  }
  return found;
}

const absent: readonly string[] = ['not-found', 'gone', 'forbidden'];

/** A UUID made of a name (RFC 9562, version 8). */
function uuidOf(name: string): string {
  const hex = hash('sha256', name, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
