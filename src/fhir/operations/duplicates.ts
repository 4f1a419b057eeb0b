import type { Parameters, ParametersParameter, Patient, ServiceRequest } from '@medplum/fhirtypes';
import { nextStepOf } from '../../referral/lifecycle/next-step.ts';
import { canonical } from '../canonical.ts';
import { type Duplicate, findDuplicates } from './find-duplicates.ts';
import type { Operation } from './operation.ts';

/** Open referrals for the same person and need as this request, as far as the caller may see them. */
export const duplicates: Operation = {
  name: 'duplicates',
  definition: `${canonical}/OperationDefinition/duplicates`,
  documentation:
    'Open referrals for the same person and need as this request, as far as the caller may see them: with how sure it is that the person is the same.',
  levels: ['instance'],
  types: ['ServiceRequest'],
  methods: ['GET', 'POST'],
  async run({ repository, id = '' }) {
    const request = (await repository.read('ServiceRequest', id)).resource() as ServiceRequest;
    const patient = request.subject.reference?.split('/')[1] ?? '';
    const person = (await repository.read('Patient', patient)).resource() as Patient;
    const found = await findDuplicates(request, person, repository);
    const resource: Parameters = {
      resourceType: 'Parameters',
      ...(found.length > 0 ? { parameter: found.map(duplicatePart) } : {}),
    };
    return { kind: 'resource', resource };
  },
};

/** One duplicate as an answer tells it. */
export function duplicatePart({ task, request, grade, common }: Duplicate): ParametersParameter {
  const step = nextStepOf(task);
  return {
    name: 'duplicate',
    part: [
      { name: 'request', valueReference: { reference: `ServiceRequest/${request.id}` } },
      { name: 'task', valueReference: { reference: `Task/${task.id}` } },
      ...(task.requester ? [{ name: 'requester', valueReference: task.requester }] : []),
      ...(task.owner ? [{ name: 'owner', valueReference: task.owner }] : []),
      { name: 'status', valueCode: task.status },
      { name: 'person', valueCode: grade },
      { name: 'because', valueString: `same need; same ${common.join(', ')}` },
      ...(step ? [{ name: 'due', valueInstant: step.due }] : []),
    ],
  };
}
