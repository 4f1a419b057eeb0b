import type { Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { attachedTo, readAttached } from '../packet/attached.ts';
import type { Candidate, Need } from './candidate.ts';
import type { RoutingReader } from './reader.ts';

/** The need with what is attached to the referral, where a candidate asks for something: else nobody looks at it. */
export async function withPacket(
  reader: RoutingReader,
  need: Need,
  candidates: readonly Pick<Candidate, 'asksFor'>[],
  { request, task }: { request: ServiceRequest; task: Pick<Task, 'input'> },
): Promise<Need> {
  if (!candidates.some(({ asksFor }) => asksFor?.length)) return need;
  const own = `ServiceRequest/${request.id}`;
  const names = attachedTo(request, [task]).filter(name => name !== own);
  const { found, leftOut } = await readAttached(names, name => seen(reader, name));
  return {
    ...need,
    packet: {
      patient: request.subject.reference ?? '',
      attached: [request, ...found],
      now: reader.now,
      ...(leftOut > 0 ? { unseen: true } : {}),
    },
  };
}

/** What this reader may not ask for, or what is elsewhere, is not there for it. */
async function seen(reader: RoutingReader, reference: string): Promise<Resource | undefined> {
  try {
    return await reader.read(reference);
  } catch (error) {
    if (error instanceof HubError && (error.kind === 'forbidden' || error.kind === 'invalid'))
      return undefined;
    throw error;
  }
}
