import type { ServiceRequest } from '@medplum/fhirtypes';
import { HubError } from '../../../errors.ts';
import type { Repository } from '../../../fhir/repository.ts';
import { nextStepOf } from '../../../referral/lifecycle/next-step.ts';
import { isTerminal } from '../../../referral/lifecycle/state.ts';
import type { OneReferral } from './one-referral.ts';

/** How a sender closes a request when all work for it is over: `completed` where some was done. */
export function closingOf({ task, row, request, offers }: OneReferral): ServiceRequest['status'] | undefined {
  const step = nextStepOf(task);
  const mine = row.direction === 'sent' && row.turn?.yours === true;
  if (
    !mine ||
    request?.status !== 'active' ||
    !['close-request', 'choose-again'].includes(step?.action ?? '')
  )
    return undefined;
  const all = [task, ...offers];
  if (!all.every(isTerminal)) return undefined;
  return all.some(({ status }) => status === 'completed') ? 'completed' : 'revoked';
}

/** Closes it, at the version that was read. */
export async function closeRequest(repository: Repository, referral: OneReferral): Promise<void> {
  const status = closingOf(referral);
  const { request } = referral;
  if (!status || !request)
    throw new HubError('unprocessable', 'The request cannot be closed now: look at where it stands.');
  await repository.write([
    {
      kind: 'update',
      type: 'ServiceRequest',
      id: request.id,
      resource: { ...request, status },
      ifMatch: `W/"${request.meta?.versionId}"`,
    },
  ]);
}
