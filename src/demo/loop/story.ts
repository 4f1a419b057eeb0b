import type {
  CarePlan,
  CareTeam,
  Condition,
  EpisodeOfCare,
  Patient,
  Procedure,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { system } from '../../fhir/canonical.ts';
import { concept } from '../../referral/routing/codes.ts';
import { bserStep } from '../referral.ts';
import { attachments, bed, caseManagement, person, referral } from './packet.ts';
import { type Party, poll, stepOf } from './party.ts';

/** Who plays: a hospital, the centers that may be asked, a shelter, and a hospital that must see nothing. */
export interface Cast {
  hospital: Party;
  centers: readonly Party[];
  shelter: Party;
  outsider: Party;
}

/** Told as it happens. */
export interface Timeline {
  /** A party starts something; it is going on until the next line. */
  begins(who: Party, what: string): void;
  /** It has happened. */
  did(who: Party, what: string): void;
  /** The hospital finds it in its own Task. */
  saw(who: Party, what: string): void;
}

interface Play extends Cast {
  tell: Timeline;
}

/** The whole loop of one referral, each party on its own side of the API; throws where a step does not come true. */
export async function playLoop(cast: Cast, tell: Timeline): Promise<void> {
  const play = { ...cast, tell };
  const sent = await sendReferral(play);
  const first = await offered(play, sent, play.centers);
  await decline(play, sent, first);
  const others = play.centers.filter(center => center !== first.center);
  const second = await offered(play, sent, others);
  await accept(play, sent, second);
  await caseComesTogether(play, sent, second.center);
  await visits(play, sent, second);
  await shelterHelps(play, sent, second.center);
  await complete(play, sent, second);
  await nothingElsewhere(play, sent);
}

/** `Type/id` of what the hospital made. */
interface Sent {
  patient: string;
  request: string;
  task: string;
}

interface Offer {
  center: Party;
  /** `Task/id` */
  task: string;
}

const referenceTo = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`;

async function sendReferral({ hospital, tell }: Play): Promise<Sent> {
  tell.begins(hospital, 'registers Rowan Ellery, who is about to be discharged');
  const patient = referenceTo(await hospital.create(person(hospital.organization)));
  const { condition, coverage } = attachments(patient);
  const [reason, payer] = await Promise.all([hospital.create(condition), hospital.create(coverage)]);
  tell.did(hospital, `registered Rowan Ellery as ${patient}`);
  tell.begins(hospital, 'posts a ServiceRequest and a Task to the hub');
  const made = await hospital.transact(
    referral({
      patient,
      from: hospital.organization,
      to: 'Organization/hub',
      code: caseManagement,
      priority: 'routine',
      reasons: [referenceTo(reason)],
      insurance: [referenceTo(payer)],
    }),
  );
  const [request, task] = made.map(referenceTo) as [string, string];
  tell.did(hospital, `asked the hub to find case management: ${task}`);
  return { patient, request, task };
}

/** The hospital polls its Tasks, with what they are about, until its own says so. */
async function sees(
  { hospital, tell }: Play,
  sent: Sent,
  what: string,
  holds: (task: Task) => boolean,
): Promise<Task> {
  const found = await poll(`${hospital.name} sees ${what}`, async () => {
    const query = { requester: hospital.organization, focus: sent.request, _include: 'Task:focus' };
    return (await hospital.search<Task>('Task', query)).find(
      task => referenceTo(task) === sent.task && holds(task),
    );
  });
  tell.saw(hospital, `${found.status}${stepOf(found) ? ` (${stepOf(found)})` : ''}: ${what}`);
  return found;
}

const noted = (text: string) => (task: Task) => (task.note ?? []).some(note => note.text?.startsWith(text));

/** One of the centers finds an offer in its own list. */
async function offered(play: Play, sent: Sent, centers: readonly Party[]): Promise<Offer> {
  const { tell } = play;
  tell.begins(play.hospital, 'waits for the hub to find a center');
  const offer = await poll('a center is asked', async () => {
    for (const center of centers) {
      const query = { owner: center.organization, patient: sent.patient, status: 'requested' };
      const [task] = await center.search<Task>('Task', query);
      if (task) return { center, task: referenceTo(task) };
    }
    return undefined;
  });
  const { center } = offer;
  tell.did(center, `finds itself asked: ${offer.task}`);
  await sees(play, sent, `${center.name} was asked`, noted(`${center.name} was asked`));
  return offer;
}

async function decline(play: Play, sent: Sent, { center, task }: Offer): Promise<void> {
  play.tell.begins(center, 'declines, with a reason');
  const text = 'No intake visit free before the 20th';
  await center.change<Task>(task, () => ({
    status: 'rejected',
    statusReason: { ...concept(system.declineReason, 'no-capacity', 'No capacity'), text },
  }));
  play.tell.did(center, `declined: ${text}`);
  await sees(play, sent, `${center.name} declined`, noted(`${center.name} declined`));
}

async function accept(play: Play, sent: Sent, { center, task }: Offer): Promise<void> {
  play.tell.begins(center, 'accepts');
  await center.change<Task>(task, () => ({ status: 'accepted' }));
  play.tell.did(center, 'accepted');
  await sees(play, sent, `${center.name} accepted`, both('3.0', noted(`${center.name} accepted`)));
}

const both = (step: string, holds: (task: Task) => boolean) => (task: Task) =>
  stepOf(task) === step && holds(task);

/** In the commit of the acceptance. */
async function caseComesTogether({ tell, hospital }: Play, { patient }: Sent, center: Party): Promise<void> {
  tell.begins(center, 'looks for the episode, the team and the plan');
  const [[episode], [team], [plan]] = await Promise.all([
    center.search<EpisodeOfCare>('EpisodeOfCare', { patient }),
    center.search<CareTeam>('CareTeam', { patient }),
    center.search<CarePlan>('CarePlan', { patient }),
  ]);
  if (!episode || !team || !plan) throw new Error('an acceptance brings an episode, a team and a plan');
  tell.did(
    center,
    `has ${episode.status} ${referenceTo(episode)}, ${referenceTo(team)} and ${plan.status} ${referenceTo(plan)}`,
  );
  await hospital.read<CareTeam>(referenceTo(team));
  tell.saw(hospital, `itself in the care team, beside ${center.name}`);
}

/** A visit is arranged, missed, arranged again, kept. */
async function visits(play: Play, sent: Sent, { center, task }: Offer): Promise<void> {
  const steps = [
    ['5.1.1', 'scheduled a first visit', 'a visit is scheduled', 2],
    ['5.1.2', 'reports that Rowan did not come', 'the visit was missed'],
    ['5.1.1', 'reached Rowan by phone and scheduled another visit', 'a new visit is scheduled', 3],
    ['5.1.4', 'reports that the visit was kept', 'the visit was kept'],
  ] as const;
  for (const [step, did, what, inDays] of steps) {
    play.tell.begins(center, did);
    await center.change<Task>(task, () => ({
      status: 'in-progress',
      businessStatus: bserStep(step),
      ...(inDays ? { executionPeriod: hourIn(inDays) } : {}),
    }));
    play.tell.did(center, did);
    await sees(play, sent, what, current => stepOf(current) === step);
  }
}

function hourIn(days: number): { start: string; end: string } {
  const start = Date.now() + days * 24 * 3_600_000;
  return { start: new Date(start).toISOString(), end: new Date(start + 3_600_000).toISOString() };
}

/** The center asks a shelter by name. It does not treat: it sees what is attached, and no record. */
async function shelterHelps({ shelter, tell }: Play, { patient }: Sent, center: Party): Promise<void> {
  tell.begins(center, `asks ${shelter.name} for a bed`);
  const ask = {
    patient,
    from: center.organization,
    to: shelter.organization,
    code: bed,
    priority: 'urgent',
  } as const;
  const [request, task] = (await center.transact(referral(ask))).map(referenceTo) as [string, string];
  tell.did(center, `asked ${shelter.name} directly for a bed: ${task}`);

  tell.begins(shelter, 'looks at what it was sent');
  const { name } = await shelter.read<Patient>(patient);
  const conditions = await shelter.search<Condition>('Condition', { patient });
  if (conditions.length > 0) throw new Error('a shelter must not see diagnoses');
  tell.did(shelter, `reads the name, ${name?.[0]?.given?.[0]} ${name?.[0]?.family}, and no diagnosis`);

  tell.begins(shelter, 'accepts');
  await shelter.change<Task>(task, () => ({ status: 'accepted' }));
  tell.did(shelter, 'accepted and holds a bed');
  await finish(shelter, task, patient, { words: 'Stayed ten nights', closure: ['engaged', 'Engaged'] });
  tell.did(shelter, 'completed: Rowan has moved in');
  const done = await center.read<Task>(task);
  if (done.status !== 'completed')
    throw new Error(`${center.name} finds its Task ${done.status}, not completed`);
  await center.change<ServiceRequest>(request, () => ({ status: 'completed' }));
  tell.did(center, 'saw it in its own Task and closed its request');
}

interface Done {
  words: string;
  closure: readonly [code: string, display: string];
}

/** The outcome is a resource of its own, and the Task points to it. */
async function finish(by: Party, task: string, patient: string, { words, closure }: Done): Promise<void> {
  const procedure = await by.create<Procedure>({
    resourceType: 'Procedure',
    status: 'completed',
    code: { text: words },
    subject: { reference: patient },
    performedDateTime: new Date(Date.now()).toISOString(),
  });
  const output = { type: { text: 'What was done' }, valueReference: { reference: referenceTo(procedure) } };
  await by.change<Task>(task, () => ({
    status: 'completed',
    statusReason: concept(system.closureReason, ...closure),
    output: [output],
  }));
}

async function complete(play: Play, sent: Sent, { center, task }: Offer): Promise<void> {
  const { hospital, tell } = play;
  tell.begins(center, 'completes, with a Procedure as outcome');
  await finish(center, task, sent.patient, {
    words: 'Enrolled in case management',
    closure: ['enrolled', 'Enrolled'],
  });
  tell.did(center, 'completed: enrolled in case management');
  const done = await sees(play, sent, `${center.name} completed`, current => current.status === 'completed');
  const outcome = done.output?.[0]?.valueReference?.reference;
  if (!outcome) throw new Error('a completed referral has an outcome');
  const { code } = await hospital.read<Procedure>(outcome);
  tell.saw(hospital, `the outcome, ${outcome}: ${code?.text}`);
  await hospital.change<ServiceRequest>(sent.request, () => ({ status: 'completed' }));
  tell.did(hospital, 'closed its request: the loop is closed');
}

/** Who has no part in it finds nothing of it. */
async function nothingElsewhere({ outsider, tell }: Play, { patient }: Sent): Promise<void> {
  tell.begins(outsider, 'looks for Rowan Ellery');
  const [people, tasks] = await Promise.all([
    outsider.search<Patient>('Patient', { _id: patient.split('/')[1] ?? '' }),
    outsider.search<Task>('Task', { patient }),
  ]);
  if (people.length + tasks.length > 0) throw new Error(`${outsider.name} must see nothing of it`);
  tell.did(outsider, 'has no part in it, and sees nothing of it');
}
