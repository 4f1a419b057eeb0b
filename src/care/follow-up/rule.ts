import { isDeepStrictEqual } from 'node:util';
import type {
  Appointment,
  Condition,
  Encounter,
  Organization,
  Patient,
  Reference,
  Task,
  TaskOutput,
} from '@medplum/fhirtypes';
import rules from '../../../terminology/follow-up.json' with { type: 'json' };
import { labelMask } from '../../access/labels.ts';
import { system } from '../../fhir/canonical.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { Change, RuleContext, RuleResult, WriteRule } from '../../fhir/write/rules.ts';
import { daysBetween } from '../../referral/clocks/follow-up.ts';
import { timeZoneOf } from '../../referral/clocks/time-zone.ts';
import { isReferralTask, parentOf } from '../../referral/lifecycle/referral-task.ts';
import { isWorking } from '../../referral/lifecycle/state.ts';
import { standingOf } from './assess.ts';
import { dischargeOf, followUpCode, isFollowUp, isOpen, typeOf, withFact } from './facts.ts';
import { diedThere, isPsychiatric, isStay, leaving } from './stay.ts';
import { type Visit, visitOf } from './visit.ts';

/**
 * Keeps a Task for each stay for mental illness that ends or is planned to: a visit is to be booked and kept. It
 * belongs to the hospital, and says only what the hospital may know: its own records, and of visits elsewhere when
 * they are, where it has referred the person and the referral itself would tell.
 */
export const followUpRule = (network: { timeZone: string }): WriteRule => ({
  types: ['Encounter', 'Appointment', 'Patient'],
  async apply(change: Change, context: RuleContext): Promise<RuleResult> {
    const after = change.after as Encounter | Appointment | Patient | undefined;
    if (!after || change.actor.importing) return {};
    const also = await follow({ ...after, id: change.id }, change, { ...context, ...network });
    return also.length > 0 ? { also } : {};
  },
});

type Setting = RuleContext & { timeZone: string };

async function follow(
  after: (Encounter | Appointment | Patient) & { id: string },
  change: Change,
  context: Setting,
): Promise<WriteOperation[]> {
  if (after.resourceType === 'Patient') return died(after, context);
  if (after.resourceType === 'Encounter' && isStay(after)) return stayed(after, change, context);
  const visit = visitOf(after);
  const patient = patientOf(after);
  return visit && patient ? visited(after, visit, patient, change, context) : [];
}

function patientOf(of: Appointment | Encounter): string | undefined {
  const references: (Reference | undefined)[] =
    of.resourceType === 'Encounter' ? [of.subject] : of.participant.map(({ actor }) => actor);
  return references.find(one => one?.reference?.startsWith('Patient/'))?.reference;
}

const tasksOf = (patient: string, context: Setting): Promise<Task[]> =>
  context.referring<Task>('Task', 'patient', patient);

async function died(patient: Patient & { id: string }, context: Setting): Promise<WriteOperation[]> {
  if (!patient.deceasedBoolean && !patient.deceasedDateTime) return [];
  const tasks = await tasksOf(`Patient/${patient.id}`, context);
  return tasks
    .filter(task => isFollowUp(task) && isOpen(task))
    .map(task => ended(task, 'deceased', 'Deceased'));
}

async function stayed(
  stay: Encounter & { id: string },
  { source }: Change,
  context: Setting,
): Promise<WriteOperation[]> {
  const patient = patientOf(stay);
  if (!patient) return [];
  const own = (await tasksOf(patient, context)).filter(task => isFollowUp(task) && ownerOf(task) === source);
  const mine = own.find(task => task.focus?.reference === `Encounter/${stay.id}`);
  const earlier = own.filter(task => task !== mine && isOpen(task));
  const again = earlier.filter(task => isReadmission(stay, task, context.timeZone));
  const readmitted = again.map(task => ended(task, 'hospitalized', 'Hospitalized'));
  return [...readmitted, ...(await ofStay(stay, mine, { patient, source }, context))];
}

async function ofStay(
  stay: Encounter & { id: string },
  mine: Task | undefined,
  { patient, source }: { patient: string; source: string },
  context: Setting,
): Promise<WriteOperation[]> {
  if (mine && !isOpen(mine)) return [];
  if (mine && diedThere(stay)) return [ended(mine, 'deceased', 'Deceased')];
  if (mine && ['cancelled', 'entered-in-error'].includes(stay.status))
    return [ended(mine, 'cancelled', 'Cancelled')];
  const when = leaving(stay, await timeZoneAt(`Organization/${source}`, context));
  if (!when || diedThere(stay) || !(await forMentalIllness(stay, context))) return [];
  const type = typeOf(when.planned ? 'planned-discharge' : 'discharge');
  const input = [{ type, valueDateTime: when.at.toISOString() }];
  if (!mine) {
    const output = await bookedBefore(patient, source, context);
    return [created(stay, { patient, source }, output.length > 0 ? { input, output } : { input }, context)];
  }
  return isDeepStrictEqual(mine.input, input) ? [] : [await settled({ ...mine, input }, context)];
}

/** Appointments from before the follow-up began: the hospital's own, and those of whom it has referred the person to. */
async function bookedBefore(patient: string, source: string, context: Setting): Promise<TaskOutput[]> {
  const [appointments, tasks] = await Promise.all([
    context.referring<Appointment>('Appointment', 'patient', patient),
    tasksOf(patient, context),
  ]);
  let known: TaskOutput[] = [];
  for (const appointment of appointments.filter(one => labelMask(one) === 0)) {
    const visit = visitOf(appointment);
    if (!visit || !(await concerns(appointment, source, tasks, context))) continue;
    known = withFact(known, visit.fact, visit.at, `Appointment-${appointment.id}`);
  }
  return known;
}

/** Whether the appointment is with the organization, or with one that has accepted its referral. */
async function concerns(
  { participant }: Appointment,
  source: string,
  tasks: readonly Task[],
  context: Setting,
): Promise<boolean> {
  for (const { actor } of participant) {
    const organization = await context.organizationOf(actor?.reference);
    if (organization === undefined) continue;
    if (organization === source || (await refers(source, organization, tasks, context))) return true;
  }
  return false;
}

async function forMentalIllness(stay: Encounter, context: Setting): Promise<boolean> {
  const provider = await context.organizationOf(stay.serviceProvider?.reference);
  const named = [...(stay.reasonReference ?? []), ...(stay.diagnosis ?? []).map(one => one.condition)]
    .map(({ reference }) => reference ?? '')
    .filter(reference => reference.startsWith('Condition/'));
  const conditions = await Promise.all(named.map(one => context.get<Condition>(one)));
  return isPsychiatric(stay, {
    provider:
      provider === undefined ? undefined : await context.get<Organization>(`Organization/${provider}`),
    conditions: conditions.filter(one => one !== undefined),
  });
}

function isReadmission(stay: Encounter, task: Task, timeZone: string): boolean {
  const discharge = dischargeOf(task);
  const begins = stay.period?.start;
  if (!discharge || discharge.planned || !begins || !['in-progress', 'finished'].includes(stay.status))
    return false;
  const days = daysBetween(discharge.at, new Date(begins), timeZone);
  return new Date(begins) >= discharge.at && days <= rules.afterDischarge.readmissionDays;
}

const ownerOf = (task: Task): string | undefined => task.owner?.reference?.split('/')[1];

function created(
  stay: Encounter & { id: string },
  { patient, source }: { patient: string; source: string },
  known: Pick<Task, 'input' | 'output'>,
  { hubOrganization, now }: Setting,
): WriteOperation {
  const security = stay.meta?.security;
  const resource: Task = {
    resourceType: 'Task',
    identifier: [{ system: system.hubIdentifier, value: `follow-up/${stay.id}` }],
    ...(security ? { meta: { security } } : {}),
    status: 'requested',
    intent: 'order',
    code: followUpCode,
    description:
      'See that a visit is booked and kept within 7 days after the stay, and try to reach the person until then.',
    focus: { reference: `Encounter/${stay.id}` },
    for: { reference: patient },
    authoredOn: now.toISOString(),
    requester: { reference: `Organization/${hubOrganization}` },
    owner: { reference: `Organization/${source}` },
    ...known,
  };
  return { kind: 'create', resource, inNameOf: source };
}

async function visited(
  { resourceType, id, ...rest }: (Appointment | Encounter) & { id: string },
  visit: Visit,
  patient: string,
  { source }: Change,
  context: Setting,
): Promise<WriteOperation[]> {
  const all = await tasksOf(patient, context);
  const open = all.filter(task => isFollowUp(task) && isOpen(task));
  const labelled = labelMask({ resourceType, id, ...rest } as Encounter) !== 0;
  const operations: WriteOperation[] = [];
  for (const task of open) {
    const owner = ownerOf(task);
    const told = owner === source || (!labelled && (await refers(owner, source, all, context)));
    if (!told) continue;
    const output = withFact(task.output ?? [], visit.fact, visit.at, `${resourceType}-${id}`);
    if (!isDeepStrictEqual(output, task.output)) operations.push(await settled({ ...task, output }, context));
  }
  return operations;
}

/** Whether the one has referred the person to the other, which has accepted: of its visits the referral tells. */
async function refers(
  from: string | undefined,
  to: string,
  tasks: readonly Task[],
  context: Setting,
): Promise<boolean> {
  for (const task of tasks.filter(
    one => isReferralTask(one) && (isWorking(one) || one.status === 'completed'),
  )) {
    const above = tasks.find(({ id }) => parentOf(task) === `Task/${id}`) ?? task;
    const asked = await context.organizationOf(task.owner?.reference);
    if (asked === to && (await context.organizationOf(above.requester?.reference)) === from) return true;
  }
  return false;
}

/** Done when a qualifying visit was kept in time. */
async function settled(task: Task, context: Setting): Promise<WriteOperation> {
  const timeZone = await timeZoneAt(task.owner?.reference ?? '', context);
  const met = standingOf(task, timeZone, context.now)?.met ?? [];
  return met.length > 0
    ? updated({ ...task, status: 'completed', businessStatus: { text: `Followed up: ${met.join(', ')}` } })
    : updated(task);
}

/** Where the hospital is. */
async function timeZoneAt(reference: string, context: Setting): Promise<string> {
  const organization = await context.get<Organization>(reference);
  return (organization && timeZoneOf(organization)) ?? context.timeZone;
}

function ended(task: Task, code: string, display: string): WriteOperation {
  return updated({
    ...task,
    status: 'cancelled',
    statusReason: { coding: [{ system: system.closureReason, code, display }] },
  });
}

const updated = (task: Task): WriteOperation => ({
  kind: 'update',
  type: 'Task',
  id: task.id ?? '',
  resource: task,
});
