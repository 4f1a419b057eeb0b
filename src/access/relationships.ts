import type { CareTeam, EpisodeOfCare, Reference, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { extension } from '../fhir/canonical.ts';

/**
 * Who sees what because of a resource, with references still as written. The write path keeps these rows in
 * the same commit as the resource they rest on.
 */
export interface Relationships {
  /** Record level: the organization sees the whole record of the patient; in an emergency with all its labels. */
  relations: { patient: string; org: string; ends: number | null; emergency?: true }[];
  /** The organization sees this one resource. */
  parties: { reference: string; org: string; ends: number | null }[];
}

/** What a referral Task means for who sees what. Organizations are ids. */
export interface TaskFacts {
  task: Task;
  request: ServiceRequest | undefined;
  /** The organization that asks (`Task.requester`). */
  source: string | undefined;
  /** Who is asked: `Task.owner`, or while nobody is, those who may claim it (`Task.restriction.recipient`). */
  targets: readonly { org: string; treating: boolean }[];
  /** The source of the Task that this one is part of. */
  upstream: string | undefined;
  /** Whether who sends the person holds the record itself: nobody opens more than it has. */
  senderOpens: boolean;
  hub: string;
}

const offered: readonly string[] = ['requested', 'received'];
const working: readonly string[] = ['accepted', 'in-progress', 'on-hold'];

/** Days for which an organization still sees what it worked with, after the work has ended, unless configured. */
export const defaultGraceDays = 30;

/** A referral Task: its parties, the packet for who is asked, the record for a treating provider that accepted. */
export function ofTask(facts: TaskFacts, graceEnds: number): Relationships {
  const { task, source, targets, upstream, hub } = facts;
  const self = `Task/${task.id}`;
  const askers = present([source, upstream]);
  const result: Relationships = { relations: [], parties: [] };
  const show = (org: string, references: readonly string[], ends: number | null = null) => {
    for (const reference of references) result.parties.push({ reference, org, ends });
  };
  for (const org of [...askers, hub]) show(org, [self]);
  for (const org of askers) show(org, outputs(task));
  if (facts.request?.id) show(hub, [`ServiceRequest/${facts.request.id}`]);
  if (upstream && facts.request?.id) show(upstream, [`ServiceRequest/${facts.request.id}`]);
  if (task.status === 'draft') return dedupe(result);
  const stage = stageOf(task);
  const patient = idOf(task.for, 'Patient');
  const ends = stage === 'done' || stage === 'cut' ? graceEnds : null;
  for (const { org, treating } of targets) {
    show(org, [self]);
    if (stage === 'over') continue;
    show(org, packet(facts), ends);
    const opens = (stage === 'working' || stage === 'done') && treating && facts.senderOpens;
    if (opens && patient) result.relations.push({ patient, org, ends });
  }
  return dedupe(result);
}

/** `cut`: called off while under way. What came of it all the same needs the packet to be written, not the record. */
function stageOf(task: Task): 'offered' | 'working' | 'done' | 'cut' | 'over' {
  if (offered.includes(task.status)) return 'offered';
  if (working.includes(task.status)) return 'working';
  if (task.status === 'completed') return 'done';
  const interrupted = task.extension?.some(one => one.url === extension.priorStep);
  return task.status === 'cancelled' && interrupted ? 'cut' : 'over';
}

/** The request, the demographics and what the sender attached: nothing else. */
function packet({ task, request }: TaskFacts): string[] {
  const attached = [
    ...(request?.supportingInfo ?? []),
    ...(request?.reasonReference ?? []),
    ...(request?.insurance ?? []),
  ];
  const inputs = (task.input ?? []).map(input => input.valueReference);
  const references = [task.focus, task.for, ...attached, ...inputs].map(literal);
  return present(references);
}

const outputs = (task: Task): string[] =>
  present((task.output ?? []).map(output => literal(output.valueReference)));

const openEpisode: readonly string[] = ['planned', 'waitlist', 'active', 'onhold'];

/**
 * An episode of care: the organization that manages it sees the record until it is over. One that was cancelled
 * never began: nothing is left to finish, as with a referral that was given back.
 */
export function ofEpisode(
  episode: EpisodeOfCare,
  manager: string | undefined,
  graceEnds: number,
): Relationships {
  const patient = idOf(episode.patient, 'Patient');
  const never = episode.status === 'cancelled' || episode.status === 'entered-in-error';
  if (!patient || !manager || never) return { relations: [], parties: [] };
  const ends = openEpisode.includes(episode.status) ? null : graceEnds;
  return { relations: [{ patient, org: manager, ends }], parties: [] };
}

/**
 * A care team: its members' organizations see the record. Who only referred the person sees the team itself,
 * not the notes that others make later.
 */
export function ofCareTeam(
  team: CareTeam,
  members: readonly { org: string | undefined; treating: boolean; referrer: boolean }[],
): Relationships {
  const patient = idOf(team.subject, 'Patient');
  const result: Relationships = { relations: [], parties: [] };
  if (!patient || (team.status !== 'active' && team.status !== 'proposed')) return result;
  for (const { org, treating, referrer } of members) {
    if (!org) continue;
    result.parties.push({ reference: `CareTeam/${team.id}`, org, ends: null });
    if (treating && !referrer && team.status === 'active')
      result.relations.push({ patient, org, ends: null });
  }
  return dedupe(result);
}

/** Types on which relationships rest. */
export const carriesRelationships = (resource: Resource): boolean =>
  ['Task', 'EpisodeOfCare', 'CareTeam'].includes(resource.resourceType);

const literal = (reference: Reference | undefined): string | undefined => reference?.reference;

function idOf(reference: Reference | undefined, type: string): string | undefined {
  const [named, id] = reference?.reference?.split('/') ?? [];
  return named === type ? id : undefined;
}

const present = (values: readonly (string | undefined)[]): string[] =>
  values.filter(value => value !== undefined);

function dedupe({ relations, parties }: Relationships): Relationships {
  const unique = <T>(rows: T[], key: (row: T) => string): T[] => [
    ...new Map(rows.map(row => [key(row), row])).values(),
  ];
  return {
    relations: unique(relations, row => `${row.patient} ${row.org}`),
    parties: unique(parties, row => `${row.org} ${row.reference}`),
  };
}
