import type {
  CareTeam,
  Communication,
  EpisodeOfCare,
  Organization,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { openToTreatment } from '../../access/consent/policy.ts';
import { isEmergencyAccess, ofEmergency } from '../../access/emergency.ts';
import { allLabels, maskOf } from '../../access/labels.ts';
import { ofCareTeam, ofEpisode, ofTask, type Relationships } from '../../access/relationships.ts';
import { isFollowUp } from '../../care/follow-up/facts.ts';
import { isReferralTask } from '../../referral/lifecycle/referral-task.ts';
import { isVerification } from '../../referral/routing/verifying.ts';
import { isTreatingProvider } from '../../referral/treating-provider.ts';
import type { Links } from '../../store/types.ts';
import type { Parts } from '../parts.ts';
import { correspondenceOf } from './correspondence.ts';
import { graceEnds } from './grace.ts';
import type { Item } from './item.ts';
import { writes } from './item.ts';
import { organizationOf } from './organizations.ts';
import { locateAll } from './references.ts';
import type { World } from './world.ts';

/** The relationships that rest on what is written, and on the Tasks of a request that is written. */
export async function linksOf(world: World, parts: Parts): Promise<Links[]> {
  const gathered: { via: string; relationships: Relationships }[] = [];
  for (const item of world.items) {
    if (!writes(item)) continue;
    const opened = gathered.flatMap(one => one.relationships.relations);
    const relationships = await relationshipsOf(item, world, parts, opened);
    if (relationships) gathered.push({ via: `${item.type}/${item.id}`, relationships });
    if (item.type === 'ServiceRequest' && item.located) gathered.push(...(await tasksOf(item, world, parts)));
  }
  if (!gathered.length) return [];
  const wanted = gathered.flatMap(({ via, relationships }) => [
    via,
    ...relationships.parties.map(party => party.reference),
  ]);
  const ridOf = await locateAll(world, parts, wanted);
  return gathered.map(({ via, relationships }) => rows(ridOf(via) as number, relationships, ridOf, parts));
}

type Opened = Relationships['relations'];

async function relationshipsOf(
  item: Item,
  world: World,
  parts: Parts,
  opened: Opened,
): Promise<Relationships | undefined> {
  const resource = item.after;
  if (!resource) return item.located && restsOn(item.type) ? { relations: [], parties: [] } : undefined;
  if (resource.resourceType === 'Task')
    return isReferralTask(resource)
      ? await ofReferral(resource, world, parts)
      : (ofFollowUp(resource, parts.hubOrganization) ?? ofVerification(resource, item, parts));
  if (resource.resourceType === 'EpisodeOfCare')
    return ofEpisode(
      resource,
      await manager(resource, item, world, opened),
      await graceEnds(resource, parts),
    );
  if (resource.resourceType === 'CareTeam')
    return ofCareTeam(resource, await members(resource, item, world, opened));
  if (resource.resourceType === 'Communication')
    return ofEmergencyAccess(resource, item, parts) ?? correspondenceOf(resource, item, world, parts);
  if (resource.resourceType === 'Appointment') return correspondenceOf(resource, item, world, parts);
  return undefined;
}

/** The hub keeps a follow-up with the hospital whose it is. */
const ofFollowUp = (task: Task, hub: string): Relationships | undefined =>
  isFollowUp(task)
    ? { relations: [], parties: [{ reference: `Task/${task.id}`, org: hub, ends: null }] }
    : undefined;

/** Who is asked by the hub to confirm its entry of the directory sees that it is. */
function ofVerification(task: Task, item: Item, parts: Parts): Relationships | undefined {
  const [type, org = ''] = task.owner?.reference?.split('/') ?? [];
  return item.source === parts.hubOrganization && isVerification(task) && type === 'Organization'
    ? { relations: [], parties: [{ reference: `Task/${task.id}`, org, ends: null }] }
    : undefined;
}

const restsOn = (type: string): boolean =>
  ['Task', 'EpisodeOfCare', 'CareTeam', 'Communication', 'Appointment'].includes(type);

/** Only the hub opens a record in an emergency: a message of anybody else that looks like it opens nothing. */
const ofEmergencyAccess = (message: Communication, item: Item, parts: Parts): Relationships | undefined =>
  item.source === parts.hubOrganization && isEmergencyAccess(message) ? ofEmergency(message) : undefined;

async function ofReferral(task: Task, world: World, parts: Parts): Promise<Relationships> {
  const request = task.focus?.reference
    ? ((await world.get(task.focus.reference)) as ServiceRequest | undefined)
    : undefined;
  const source = await organizationOf(world, task.requester?.reference);
  const parent = task.partOf?.[0]?.reference
    ? ((await world.get(task.partOf[0].reference)) as Task | undefined)
    : undefined;
  const upstream = parent && (await organizationOf(world, parent.requester?.reference));
  const hub = parts.hubOrganization;
  const targets = await asked(task, world);
  // What the hub passes on, its source opens; nobody else speaks for the source of a Task above.
  const senders = [source === hub ? upstream : source, ...targets.map(target => target.org)];
  const facts = {
    task,
    request,
    source,
    targets,
    upstream,
    senderOpens: await anyOpens(task, senders, world),
    hub,
  };
  return ofTask(facts, await graceEnds(task, parts));
}

/** Whom a Task asks: its owner, or while it has none, those it may be claimed by. */
async function asked(task: Task, world: World): Promise<{ org: string; treating: boolean }[]> {
  const references = task.owner ? [task.owner] : (task.restriction?.recipient ?? []);
  const found = await Promise.all(references.map(one => organizationOf(world, one.reference)));
  const orgs = [...new Set(found.filter(org => org !== undefined))];
  return Promise.all(orgs.map(async org => ({ org, treating: await treats(org, world) })));
}

/** A target that has the record already keeps it: what opened it is asked only the first time. */
async function anyOpens(
  task: Task,
  organizations: readonly (string | undefined)[],
  world: World,
): Promise<boolean> {
  const patient = task.for?.reference?.split('/')[1];
  if (!patient) return false;
  const opens = await Promise.all(
    organizations.map(org => org !== undefined && world.opensRecord(patient, org)),
  );
  return opens.includes(true);
}

/** Tasks that are not themselves written, but whose packet the changed request may have changed. */
async function tasksOf(
  item: Item,
  world: World,
  parts: Parts,
): Promise<{ via: string; relationships: Relationships }[]> {
  const tasks = (await world.referring('Task', 'focus', `ServiceRequest/${item.id}`)) as Task[];
  const others = tasks.filter(task => isReferralTask(task) && !world.item(`Task/${task.id}`));
  return Promise.all(
    others.map(async task => ({
      via: `Task/${task.id}`,
      relationships: await ofReferral(task, world, parts),
    })),
  );
}

/**
 * A relationship cannot be taken: an episode or a team opens the record only where who keeps it (on acceptance the
 * center, by this very write) holds the record itself.
 */
async function mayOpen(
  patient: string | undefined,
  item: Item,
  world: World,
  opened: Opened,
): Promise<boolean> {
  const id = patient?.split('/')[1];
  if (id === undefined) return false;
  if (opened.some(relation => relation.patient === id && relation.org === item.source)) return true;
  return world.opensRecord(id, item.source);
}

async function manager(
  episode: EpisodeOfCare,
  item: Item,
  world: World,
  opened: Opened,
): Promise<string | undefined> {
  if (!(await mayOpen(episode.patient.reference, item, world, opened))) return undefined;
  const organization = await organizationOf(world, episode.managingOrganization?.reference);
  return (await treats(organization, world)) ? organization : undefined;
}

async function members(team: CareTeam, item: Item, world: World, opened: Opened) {
  const open = await mayOpen(team.subject?.reference, item, world, opened);
  return Promise.all(
    (team.participant ?? []).map(async participant => {
      const org =
        (await organizationOf(world, participant.member?.reference)) ??
        (await organizationOf(world, participant.onBehalfOf?.reference));
      const referrer = (participant.role ?? []).some(role =>
        role.coding?.some(coding => coding.code === 'referrer'),
      );
      return { org, treating: open && (await treats(org, world)), referrer };
    }),
  );
}

async function treats(organization: string | undefined, world: World): Promise<boolean> {
  const resource = organization && (await world.get(`Organization/${organization}`));
  return resource ? isTreatingProvider(resource as Organization) : false;
}

function rows(
  via: number,
  relationships: Relationships,
  ridOf: (reference: string) => number | undefined,
  { hubOrganization, privacy }: Parts,
): Links {
  const treating = maskOf(openToTreatment(privacy.consents));
  const hub = maskOf(privacy.consents.hubReceives);
  return {
    via,
    relations: relationships.relations.map(({ emergency, ...row }) =>
      emergency
        ? { ...row, labels: allLabels, starts: 0, opens: false }
        : { ...row, labels: treating, starts: 0 },
    ),
    parties: relationships.parties.flatMap(({ reference, org, ends }) => {
      const rid = ridOf(reference);
      const labels = org === hubOrganization ? hub : 0;
      return rid === undefined ? [] : [{ org, rid, labels, starts: 0, ends }];
    }),
  };
}
