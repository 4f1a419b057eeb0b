import type { Appointment, AppointmentParticipant, Reference, Schedule, Slot } from '@medplum/fhirtypes';
import rules from '../../../terminology/referral-working.json' with { type: 'json' };
import { HubError } from '../../errors.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { type Action, type Change, comment, type Work } from './action.ts';
import type { InputDefinition, Inputs } from './inputs.ts';
import { stepChange } from './step-change.ts';

type Stored<R> = R & { id: string };

export const visitInputs: readonly InputDefinition[] = [
  {
    name: 'slot',
    type: 'Reference',
    targets: ['Slot'],
    means: 'A free Slot of your own: it becomes busy in the same commit. Instead of start.',
  },
  { name: 'start', type: 'dateTime', means: 'When the visit begins, where no Slot is named.' },
  {
    name: 'end',
    type: 'dateTime',
    means: `When the visit ends; absent: ${rules.visitMinutes} minutes after start.`,
  },
  { name: 'location', type: 'Reference', targets: ['Location'], means: 'Where the visit is.' },
];

/** A visit that somebody wants to book. */
export interface Visit {
  slot?: Stored<Slot>;
  start: string;
  end: string;
  location?: Reference;
}

/** The visit that the inputs ask for; undefined where they ask for none. */
export async function requestedVisit(work: Work, inputs: Inputs): Promise<Visit | undefined> {
  const [slotReference] = inputs.references('slot');
  const [location] = inputs.references('location');
  const start = inputs.text('start');
  const end = inputs.text('end');
  if (slotReference && (start || end))
    throw wrong('Name a slot, or start and end: the times of a slot are its own.');
  if (!slotReference && !start) {
    if (end || location) throw wrong('A visit needs a slot or a start.');
    return undefined;
  }
  if (slotReference) {
    const slot = await work.read<Slot>(slotReference.reference ?? '');
    if (!slot?.id) throw wrong(`There is no ${slotReference.reference}.`);
    return {
      slot: { ...slot, id: slot.id },
      start: slot.start,
      end: slot.end,
      ...(location ? { location } : {}),
    };
  }
  const from = start ?? '';
  if (Date.parse(from) < work.now.getTime())
    throw wrong('start must be in the future; a visit that was kept is told with $keep.');
  if (end && Date.parse(end) <= Date.parse(from)) throw wrong('end must be after start.');
  return { start: from, end: end ?? usualEnd(from), ...(location ? { location } : {}) };
}

/** An Appointment has an end: the usual one where nobody tells it. */
const usualEnd = (start: string): string =>
  new Date(Date.parse(start) + rules.visitMinutes * 60_000).toISOString();

/** Appointments of this referral that stand. */
export async function bookedVisits(work: Work): Promise<Stored<Appointment>[]> {
  const all = await work.own<Appointment>('Appointment', 'supporting-info', `Task/${work.task.id}`);
  return all.filter(({ status }) => status === 'booked' || status === 'pending' || status === 'proposed');
}

/** Books the visit: the Appointment, its Slot busy, the Slot of an earlier date free again. */
export async function bookVisit(work: Work, visit: Visit): Promise<Change> {
  const [current] = await bookedVisits(work);
  const slot = visit.slot && `Slot/${visit.slot.id}`;
  const same = current?.start === visit.start && current?.slot?.[0]?.reference === slot;
  if (visit.slot && !same && visit.slot.status !== 'free') {
    throw new HubError('conflict', {
      text: `${slot} is ${visit.slot.status}: choose a Slot that is free.`,
      expression: 'Slot.status',
    });
  }
  const period = { start: visit.start, end: visit.end };
  const set = {
    ...stepChange('schedule'),
    executionPeriod: period,
    ...(visit.location ? { location: visit.location as Reference<never> } : {}),
  };
  if (same) return { set };
  const freed = await slotsOf(work, current);
  const resource = await appointment(work, visit, current);
  return {
    set,
    also: [
      current
        ? { kind: 'update', type: 'Appointment', id: current.id, resource: { ...resource, id: current.id } }
        : { kind: 'create', resource },
      ...(visit.slot ? [slotAs(visit.slot, 'busy')] : []),
      ...freed.map(one => slotAs(one, 'free')),
    ],
  };
}

async function appointment(
  { task, request, read }: Work,
  { slot, start, end, location }: Visit,
  current: Appointment | undefined,
): Promise<Appointment> {
  const schedule = slot && (await read<Schedule>(slot.schedule.reference ?? ''));
  const wanted = [task.for, task.owner, location, ...(schedule?.actor ?? [])].filter(
    one => one !== undefined && participants.includes(one.reference?.split('/')[0] ?? ''),
  );
  const named = [...new Map(wanted.map(one => [one?.reference, one])).values()];
  return {
    ...current,
    resourceType: 'Appointment',
    ...(task.meta?.security ? { meta: { security: task.meta.security } } : {}),
    status: 'booked',
    basedOn: task.focus ? [{ reference: task.focus.reference ?? '' }] : [],
    supportingInformation: [{ reference: `Task/${task.id}` }],
    ...(request?.code ? { serviceType: [request.code] } : {}),
    start,
    end,
    minutesDuration: Math.round((Date.parse(end) - Date.parse(start)) / 60_000),
    ...(slot ? { slot: [{ reference: `Slot/${slot.id}` }] } : {}),
    participant: named.map(one => ({
      actor: { reference: one?.reference ?? '' } as NonNullable<AppointmentParticipant['actor']>,
      status: 'accepted',
    })),
  };
}

const participants = [
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'RelatedPerson',
  'Device',
  'HealthcareService',
  'Location',
];

async function slotsOf(work: Work, appointment: Appointment | undefined): Promise<Stored<Slot>[]> {
  const references = (appointment?.slot ?? []).map(one => one.reference ?? '');
  const slots = await Promise.all(references.map(one => work.read<Slot>(one)));
  return slots.flatMap(slot => (slot?.id ? [{ ...slot, id: slot.id }] : []));
}

/** At the version that was read: of two who want it, one has it. */
const slotAs = (slot: Stored<Slot>, status: Slot['status']): WriteOperation => ({
  kind: 'update',
  type: 'Slot',
  id: slot.id,
  resource: { ...slot, status },
  ifMatch: `W/"${slot.meta?.versionId}"`,
});

async function settleVisits(work: Work, status: Appointment['status']): Promise<WriteOperation[]> {
  return (await bookedVisits(work)).map(visit => ({
    kind: 'update',
    type: 'Appointment',
    id: visit.id,
    resource: { ...visit, status },
  }));
}

export const visits: readonly Action[] = [
  {
    name: 'schedule',
    title: 'Schedule a visit',
    means: 'Books a visit, or moves the one that is booked.',
    events: ['schedule'],
    inputs: [...visitInputs, comment],
    async changes(work, inputs) {
      const visit = await requestedVisit(work, inputs);
      if (!visit) throw wrong('A visit needs a slot or a start.');
      return [{ ...(await bookVisit(work, visit)), note: inputs.text('comment') }];
    },
  },
  {
    name: 'no-show',
    title: 'Missed visit',
    means: 'The person did not come: outreach begins, and the visit needs a new date.',
    events: ['no-show'],
    inputs: [comment],
    async changes(work, inputs) {
      const also = await settleVisits(work, 'noshow');
      return [{ set: stepChange('no-show'), note: inputs.text('comment'), also }];
    },
  },
  {
    name: 'cancel-appointment',
    title: 'Cancel the visit',
    means: 'The visit does not take place; its Slot is free again. The referral stands.',
    events: ['cancel-visit'],
    inputs: [comment],
    changes: (_work, inputs) => [{ set: stepChange('cancel-visit'), note: inputs.text('comment') }],
  },
  {
    name: 'keep',
    title: 'Visit kept',
    means: 'The person has come. The next step is the outcome, or another visit.',
    events: ['record-visit'],
    inputs: [comment],
    async changes(work, inputs) {
      const also = await settleVisits(work, 'fulfilled');
      return [{ set: stepChange('record-visit'), note: inputs.text('comment'), also }];
    },
  },
];

const wrong = (text: string): HubError =>
  new HubError('invalid', { text, expression: 'Parameters.parameter' });
