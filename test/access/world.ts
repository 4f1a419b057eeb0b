import { randomUUID } from 'node:crypto';
import type {
  Consent,
  Location,
  Organization,
  Patient,
  Reference,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import type { Actor, Scope } from '../../src/access/actor.ts';
import { system } from '../../src/fhir/canonical.ts';
import type { Repository } from '../../src/fhir/repository.ts';
import { designated, actor as recipientActor, written } from '../harness/consents.ts';
import type { TestHub } from '../harness/hub.ts';
import { communityOrganization, fulfill, reference, treatingOrganization } from '../harness/referral.ts';
import { type ActorName, type Facts, type Relationship, type Subject, subjects, typeOf } from './facts.ts';

/** A person and what belongs to them, brought by real writes to where its facts say. */
export interface World {
  facts: Facts;
  /** The id of each subject; the identifier of its Patient and its Condition codes are its own, too. */
  ids: Record<Subject, string>;
  identifier: string;
  as(actor: ActorName): Repository;
}

const organizations = {
  hospital: treatingOrganization,
  center: treatingOrganization,
  shelter: communityOrganization,
  clinic: treatingOrganization,
  stranger: treatingOrganization,
} satisfies Record<string, Partial<Organization>>;
type OrganizationName = keyof typeof organizations;

const everything: Scope = { type: '*', create: true, read: true, update: true, delete: true, search: true };
const tasksOnly: Scope = { ...everything, type: 'Task', create: false, delete: false };

/** The person did not go on with the recipient: its case is over with the referral. Without that it stays open. */
const closure = (relationship: Relationship): Partial<Task> =>
  relationship === 'completed-case-open'
    ? {}
    : { statusReason: { coding: [{ system: system.closureReason, code: 'client-declined' }] } };

const asking = (request: ServiceRequest, person: Reference<Patient>): Task => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  code: fulfill,
  focus: reference(request),
  for: person,
});

const concept = (code: string) => ({ coding: [{ system: 'urn:matrix', code }] });
/** These have been completed for longer than the grace of 30 days. */
const ended: readonly Relationship[] = ['completed-after-grace', 'completed-case-open'];

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** The organizations of all worlds on one hub, and the worlds one after the other. */
export async function createWorlds({ hub, clock }: TestHub) {
  const asHub = hub.repository(hub.hubActor);
  for (const [id, more] of Object.entries(organizations)) {
    const resource: Organization = { resourceType: 'Organization', id, name: id, active: true, ...more };
    await asHub.write([{ kind: 'update', type: 'Organization', id, resource, inNameOf: id }]);
  }
  const repositoryOf = (organization: OrganizationName, scopes: readonly Scope[] = [everything]) =>
    hub.repository({ kind: 'client', id: `${organization}-ehr`, organization, scopes } satisfies Actor);
  const hospital = repositoryOf('hospital');
  const clinic = repositoryOf('clinic');
  const bot = hub.repository({ ...hub.hubActor, kind: 'bot', id: 'matrix-bot' });
  const stranger = repositoryOf('stranger');

  return { build, bring };

  /** Writes the world as it is while its relationship begins. */
  async function build(facts: Facts): Promise<World> {
    const identifier = randomUUID();
    const recipientName: OrganizationName =
      facts.relationship === 'accepted-not-treating' ? 'shelter' : 'center';
    const meta =
      facts.label === 'none' ? {} : { meta: { security: [{ system: actCode, code: facts.label }] } };
    const patient = await create(hospital, {
      resourceType: 'Patient',
      identifier: [{ system: 'urn:matrix', value: identifier }],
    });
    const subject = reference(patient);
    const of = (kind: string) => ({ code: concept(`${kind}-${identifier}`), subject, ...meta });
    const attached = await create(hospital, { resourceType: 'Condition', ...of('attached') });
    const unattached = await create(hospital, { resourceType: 'Condition', ...of('unattached') });
    const entry = await create<Location>(hospital, {
      resourceType: 'Location',
      identifier: [{ system: 'urn:matrix', value: identifier }],
      ...meta,
    });
    const refer = async (owner: OrganizationName) => {
      const request = await create<ServiceRequest>(hospital, {
        resourceType: 'ServiceRequest',
        status: 'active',
        intent: 'order',
        identifier: [{ system: 'urn:matrix', value: identifier }],
        subject,
        requester: { reference: 'Organization/hospital' },
        reasonReference: [reference(attached)],
      });
      const task = await create<Task>(hospital, {
        ...asking(request, subject),
        requester: { reference: 'Organization/hospital' },
        owner: { reference: `Organization/${owner}` },
      });
      return { request, task };
    };
    const ofClinic = await refer('clinic');
    await move(clinic, ofClinic.task.id, { status: 'accepted' });
    const note = await create(clinic, { resourceType: 'Observation', status: 'final', ...of('note') });
    const isReferral = facts.relationship !== 'none' && facts.relationship !== 'care-team-member';
    const { request, task } = isReferral ? await refer(recipientName) : ofClinic;
    const recipient = repositoryOf(recipientName);
    const passed = await passOn(subject, isReferral ? recipientName : 'clinic');
    const tasks = isReferral ? [task, passed.offer] : [];
    if (!isReferral) await move(clinic, passed.offer.id, { status: 'accepted' });
    const output = await relate(facts, { tasks, subject, recipient });
    for (const { resourceType, id } of [passed.copy, passed.offer])
      await bot.write([update({ ...(await bot.read(resourceType, id)).resource(), ...meta })]);
    const ids = {
      patient: patient.id,
      request: request.id,
      attached: attached.id,
      unattached: unattached.id,
      note: note.id,
      task: task.id,
      output,
      entry: entry.id,
      copy: passed.copy.id,
      offer: passed.offer.id,
    };
    const repositories: Record<ActorName, Repository> = {
      source: hospital,
      recipient,
      narrow: repositoryOf(recipientName, [tasksOnly]),
      clinic,
      stranger,
      bot,
    };
    await agree(facts, patient.id, recipientName);
    return { facts, ids, identifier, as: name => repositories[name] };
  }

  /** Another request of the source that it sends to the hub, and what the hub makes of it to ask an organization. */
  async function passOn(subject: Reference<Patient>, owner: OrganizationName) {
    const sent = await create<ServiceRequest>(hospital, {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject,
      requester: { reference: 'Organization/hospital' },
    });
    const above = await create<Task>(hospital, {
      ...asking(sent, subject),
      requester: { reference: 'Organization/hospital' },
      owner: { reference: 'Organization/hub' },
    });
    await move(bot, above.id, { status: 'accepted' });
    const copy = await create<ServiceRequest>(bot, {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'filler-order',
      subject,
      basedOn: [reference(sent)],
      requester: { reference: 'Organization/hub' },
    });
    const offer = await create<Task>(bot, {
      ...asking(copy, subject),
      partOf: [reference(above)],
      requester: { reference: 'Organization/hub' },
      owner: { reference: `Organization/${owner}` },
    });
    return { copy, offer };
  }

  /** Lives through the relationship, for each Task alike; answers the id of the Procedure that came of it. */
  async function relate(
    { relationship }: Facts,
    {
      tasks,
      subject,
      recipient,
    }: { tasks: readonly { id: string }[]; subject: object; recipient: Repository },
  ): Promise<string> {
    const to = async (more: Partial<Task>, by = recipient) => {
      for (const { id } of tasks) await move(by, id, more);
    };
    const statusReason = { text: 'for a test' };
    const work = async (by: Repository) => {
      const procedure = { resourceType: 'Procedure', status: 'completed', subject } as Resource;
      return (await create(by, procedure)).id;
    };
    if (['accepted-treating', 'accepted-not-treating', 'withdrawn'].includes(relationship))
      await to({ status: 'accepted' });
    if (relationship === 'declined') await to({ status: 'rejected', statusReason });
    if (relationship === 'withdrawn') await to({ status: 'cancelled', statusReason });
    if (relationship === 'expired') await to({ status: 'cancelled', statusReason }, bot);
    if (relationship === 'care-team-member') {
      await create(hospital, {
        resourceType: 'CareTeam',
        status: 'active',
        subject,
        participant: [{ member: { reference: 'Organization/center' } }],
      } as Resource);
    }
    const by = relationship.startsWith('completed') ? recipient : clinic;
    if (by === recipient) await to({ status: 'accepted' });
    const procedure = await work(by);
    const output = [
      { type: { text: 'resulting activity' }, valueReference: { reference: `Procedure/${procedure}` } },
    ];
    if (by === recipient) await to({ status: 'completed', output, ...closure(relationship) });
    else await addOutput(procedure, output, subject);
    return procedure;
  }

  /** The clinic's work is an output of its own Task, whatever the Task of the recipient is. */
  async function addOutput(procedure: string, output: NonNullable<Task['output']>, subject: object) {
    const { reference: person = '' } = subject as { reference?: string };
    const query = new URLSearchParams({
      patient: person,
      owner: 'Organization/clinic',
      requester: 'Organization/hospital',
    });
    const found = await clinic.search('Task', query);
    const task = found.entries[0]?.stored;
    if (!task) throw new Error(`the clinic has no Task to put Procedure/${procedure} on`);
    await move(clinic, task.id, { output });
  }

  async function agree({ label, consent }: Facts, patient: string, recipient: string): Promise<void> {
    if (consent === 'none') return;
    const code = label === 'none' ? 'SUD' : label;
    const securityLabel = [{ system: actCode, code }];
    const tomorrow = new Date(clock.now().getTime() + 86_400_000).toISOString();
    const named = consent === 'names somebody else' ? 'stranger' : recipient;
    const actors =
      consent === 'general designation'
        ? [designated('treating-providers'), recipientActor('hub')]
        : [recipientActor(named), recipientActor('hub')];
    const end = consent === 'expired' ? tomorrow : '2027-01-01';
    const { id: _id, ...permit } = written(
      { actor: actors, securityLabel, period: { start: '2026-01-01', end } },
      { patient: { reference: `Patient/${patient}` } },
    );
    const stored = await create<Consent>(hospital, permit);
    if (consent === 'revoked') await hospital.write([update({ ...stored, status: 'inactive' })]);
    if (consent !== 'permitted and denied') return;
    const deny = { type: 'deny' as const, securityLabel, actor: [recipientActor(recipient)] };
    await create<Consent>(hospital, { ...permit, provision: deny });
  }

  /** All of these worlds at the moment at which they are asked: graces and consents that end have ended. */
  async function bring(asked: readonly Facts[]): Promise<World[]> {
    const long = asked.filter(({ relationship }) => ended.includes(relationship));
    const worlds: World[] = [];
    for (const facts of long) worlds.push(await build(facts));
    clock.advance({ days: 31 });
    for (const facts of asked) if (!long.includes(facts)) worlds.push(await build(facts));
    clock.advance({ days: 2 });
    return worlds;
  }
}

async function create<R extends Resource>(by: Repository, resource: R): Promise<R & { id: string }> {
  const [result] = await by.write([{ kind: 'create', resource }]);
  if (!result?.stored) throw new Error('nothing was created');
  return result.stored.resource() as R & { id: string };
}

async function move(by: Repository, id: string, to: Partial<Task>): Promise<void> {
  const task = (await by.read('Task', id)).resource() as Task;
  await by.write([update({ ...task, ...to })]);
}

const update = (resource: Resource) =>
  ({ kind: 'update', type: resource.resourceType, id: resource.id ?? '', resource }) as const;

/** `Type/id` of every subject of a world. */
export const namesOf = ({ ids }: World): [Subject, string][] =>
  subjects.map(subject => [subject, `${typeOf[subject]}/${ids[subject]}`]);
