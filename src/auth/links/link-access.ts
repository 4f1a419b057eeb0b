import type {
  HealthcareService,
  Organization,
  PractitionerRole,
  Reference,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import type { Actor, Scope } from '../../access/actor.ts';
import type { AuditEntity } from '../../audit/entry.ts';
import { HubError } from '../../errors.ts';
import type { Repository, Stored } from '../../fhir/repository.ts';
import { isTerminal } from '../../referral/lifecycle/state.ts';
import { isVerification } from '../../referral/routing/verifying.ts';
import { contactsOf, isListed } from './contact.ts';
import type { Contact, Link, LinkState } from './link.ts';

/** Who is asked by a Task, and where the directory says that they are reached. */
export interface Asked {
  task: Task;
  /** Logical id of the Organization that answers: of an entry of the directory, its owner. */
  organization: string;
  name?: string;
  contacts: Contact[];
  /** The entry of the directory that the Task asks to confirm: one that is open. */
  entry?: HealthcareService & { id: string };
  /** The Task as the audit names it. */
  entity: AuditEntity;
}

/** Who asks: whom to phone when a link does not help. */
export interface Asker {
  name?: string;
  phone?: string;
}

/** What a link opens at the moment: the referral, an entry of the directory (its id), or why it does not. */
export type Standing =
  | { state: 'valid'; entity: AuditEntity; asker: Asker; actor: Actor; entry?: string }
  | { state: Exclude<LinkState, 'valid'> | 'over'; entity?: AuditEntity; asker: Asker };

/** What the write path's own author may read: who is asked, and who asks. */
export interface Directory {
  asked(task: string): Promise<Asked | undefined>;
  standing(link: Link, state: LinkState): Promise<Standing>;
}

/** Questions about Tasks and the directory, answered as the hub; none of the answers leaves it as they are. */
export function createDirectory(hub: () => Repository, now: () => Date): Directory {
  const stored = async (reference: string | undefined): Promise<Stored | undefined> => {
    const [type, id] = reference?.split('/') ?? [];
    if (!type || !id) return undefined;
    try {
      return await hub().read(type, id);
    } catch (error) {
      if (error instanceof HubError && (error.kind === 'not-found' || error.kind === 'gone'))
        return undefined;
      throw error;
    }
  };
  const read = async <R extends Resource>(reference: string | undefined): Promise<R | undefined> =>
    (await stored(reference))?.resource() as R | undefined;

  async function organizationOf(party: Reference | undefined): Promise<{
    organization: Organization | undefined;
    service?: HealthcareService | undefined;
  }> {
    const [type] = party?.reference?.split('/') ?? [];
    if (type === 'Organization') return { organization: await read(party?.reference) };
    const between = await read<PractitionerRole | HealthcareService>(party?.reference);
    if (between?.resourceType === 'HealthcareService')
      return { organization: await read(between.providedBy?.reference), service: between };
    if (between?.resourceType === 'PractitionerRole')
      return { organization: await read(between.organization?.reference) };
    return { organization: undefined };
  }

  async function asked(id: string): Promise<Asked | undefined> {
    const found = await stored(`Task/${id}`);
    if (!found) return undefined;
    const task = found.resource() as Task;
    const { organization, service } = await organizationOf(task.owner);
    if (!organization?.id) return undefined;
    const entry = isVerification(task) ? await stored(task.focus?.reference) : undefined;
    const listed = entry?.resource() as (HealthcareService & { id: string }) | undefined;
    const contacts = contactsOf(organization, listed ?? service, now());
    return {
      task,
      // An entry that a source keeps is written in the name of the source, as all that is said of it.
      organization: entry?.source ?? organization.id,
      ...(organization.name ? { name: organization.name } : {}),
      contacts,
      ...(listed && listed.active !== false ? { entry: listed } : {}),
      entity: { type: 'Task', id, owner: found.origin, ...(found.patient ? { patient: found.patient } : {}) },
    };
  }

  async function askerOf(task: Task | undefined): Promise<Asker> {
    const { organization } = await organizationOf(task?.requester);
    const phone = contactsOf(organization, undefined, now()).find(({ system }) => system === 'phone')?.value;
    return { ...(organization?.name ? { name: organization.name } : {}), ...(phone ? { phone } : {}) };
  }

  return {
    asked,
    async standing(link, state) {
      const found = await asked(link.task);
      const asker = await askerOf(found?.task);
      if (!found) return { state: state === 'valid' ? 'over' : state, asker };
      const { task, entity, contacts, entry } = found;
      if (state !== 'valid') return { state, asker, entity };
      if (isOver(found) || found.organization !== link.organization) return { state: 'over', asker, entity };
      if (!isListed(link.contact, contacts)) return { state: 'revoked', asker, entity };
      const actor = entry ? entryActor(link, entry) : linkActor(link, task);
      return { state, asker, entity, actor, ...(entry ? { entry: entry.id } : {}) };
    },
  };
}

/** An entry that was confirmed still has room to tell of, until its link ends. */
const isOver = ({ task, entry }: Asked): boolean =>
  isVerification(task) ? !entry || task.status === 'cancelled' : isTerminal(task);

const reading = (type: string): Scope => ({
  type,
  create: false,
  read: true,
  update: type === 'Task',
  delete: false,
  search: false,
});

/** Who uses a link: the organization asked, for this one Task and what its packet names, and nothing else. */
export function linkActor(link: Link, task: Task): Actor {
  const reads = [task.focus?.reference, task.for?.reference].filter(one => one !== undefined);
  return {
    kind: 'link',
    id: link.id,
    organization: link.organization,
    scopes: ['Task', 'ServiceRequest', 'Patient'].map(reading),
    confined: { writes: `Task/${link.task}`, reads },
  };
}

/** Who confirms an entry of the directory: its organization, for this one entry. */
function entryActor(link: Link, { id, providedBy }: HealthcareService & { id: string }): Actor {
  const scopes = ['HealthcareService', 'Organization'].map(reading);
  return {
    kind: 'link',
    id: link.id,
    organization: link.organization,
    scopes: scopes.map(scope => ({ ...scope, update: scope.type === 'HealthcareService' })),
    confined: {
      writes: `HealthcareService/${id}`,
      reads: providedBy?.reference ? [providedBy.reference] : [],
    },
  };
}
