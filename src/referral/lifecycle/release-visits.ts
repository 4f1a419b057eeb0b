import type { Appointment, Slot } from '@medplum/fhirtypes';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { RuleContext } from '../../fhir/write/rules.ts';
import { allNodes, type Graph } from './graph.ts';
import type { EventName } from './table.ts';

/** The visit is called off, or nobody works on the referral any more and nothing came of it. */
const ending: readonly string[] = [
  'cancel-visit',
  'cancel-under-way',
  'confirm-cancellation',
  'fail',
  'withdraw',
  'mark-error',
] satisfies EventName[];

const standing: readonly Appointment['status'][] = ['proposed', 'pending', 'booked'];

/**
 * Visits that will not take place because they are called off or the work on their Task has ended: cancelled, and their Slots free again. A
 * visit whose time has come already stays as it is: whether somebody was there is not for the hub to say.
 */
export async function releaseVisits(graph: Graph, context: RuleContext): Promise<WriteOperation[]> {
  const ended = allNodes(graph).filter(({ events }) =>
    events.some(({ event }) => ending.includes(event.event)),
  );
  const operations: WriteOperation[] = [];
  for (const { task } of ended) {
    if (!task.id) continue;
    const visits = await context.referring<Appointment>('Appointment', 'supporting-info', `Task/${task.id}`);
    for (const visit of visits.filter(one => isAhead(one, graph.now)))
      operations.push(...(await released(visit, context)));
  }
  return operations;
}

const isAhead = ({ status, start }: Appointment, now: Date): boolean =>
  standing.includes(status) && (start === undefined || Date.parse(start) > now.getTime());

async function released(visit: Appointment, context: RuleContext): Promise<WriteOperation[]> {
  const { id = '', slot = [] } = visit;
  const slots = await Promise.all(slot.map(({ reference = '' }) => context.get<Slot>(reference)));
  const freed = slots.filter(one => one?.status === 'busy').filter(one => one !== undefined);
  return [
    { kind: 'update', type: 'Appointment', id, resource: { ...visit, status: 'cancelled' } },
    ...freed.map(
      (one): WriteOperation => ({
        kind: 'update',
        type: 'Slot',
        id: one.id ?? '',
        resource: { ...one, status: 'free' },
      }),
    ),
  ];
}
