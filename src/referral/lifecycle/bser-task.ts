import type { Resource, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { system } from '../../fhir/canonical.ts';
import { bserView } from './projections.ts';
import { isReferralTask } from './referral-task.ts';
import { isTerminal, stateOf } from './state.ts';
import { businessStatus, stepIn } from './steps.ts';

/** A referral Task as a party that speaks BSeR sees it (`?view=bser`): status and business status alone differ. */
export function asBser(resource: Resource): Resource {
  if (resource.resourceType !== 'Task' || !isReferralTask(resource)) return resource;
  const { status, code } = bserView(resource);
  const { businessStatus: _stored, ...others } = resource;
  // The hub's finer codes stay beside BSeR's where they say more of the same.
  return {
    ...others,
    status,
    ...(code ? { businessStatus: businessStatus(code, resource.businessStatus) } : {}),
  };
}

/**
 * Whether the Task comes back as its BSeR view showed it: then it has not moved. What rests is an exception: for BSeR
 * it is in progress, and to say so is to resume it; and what is over, for to decline it once more is a mistake.
 */
export function isBserEcho(before: Task, after: Task): boolean {
  const stored = stateOf(before);
  const { status, code } = bserView(before);
  if (stored.status === 'on-hold' || isTerminal(before) || (stored.status === status && stored.step === code))
    return false;
  return after.status === status && code !== undefined && stepIn(after.businessStatus) === code;
}

/** What a status of the view is stored as. */
const storedAs: Record<string, { status?: string; step?: string }> = {
  received: { status: 'requested' },
  'in-progress': { status: 'in-progress,on-hold' },
  rejected: { step: '4.0' },
  cancelled: { status: 'cancelled', step: '6.0' },
};

/**
 * A search for Tasks by the status that the view shows, as a search of what is stored. It is the same for its own
 * result, so that the link to the next page leads on.
 */
export function storedQuery(query: URLSearchParams): URLSearchParams {
  const [asked = '', ...others] = query.getAll('status');
  if (query.get('view') !== 'bser' || asked === '' || others.length > 0) return query;
  const values = asked.split(',').map(one => storedAs[one] ?? { status: one });
  const step = values.find(one => one.step)?.step;
  if (step && values.length > 1) throw notAlone();
  const statuses = [...new Set(values.flatMap(one => one.status ?? []))].join(',');
  const result = new URLSearchParams(query);
  if (statuses) result.set('status', statuses);
  else result.delete('status');
  const token = `${system.bserStatus}|${step}`;
  if (step && !result.getAll('business-status').includes(token)) result.append('business-status', token);
  return result;
}

const notAlone = (): HubError =>
  new HubError('invalid', {
    text: 'With view=bser a search asks for the status rejected or cancelled alone: each stands for several that are stored.',
    expression: 'http.status',
  });
