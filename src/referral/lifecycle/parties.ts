import type { PractitionerRole, Reference, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import type { RuleContext } from '../../fhir/write/rules.ts';
import type { Author } from './notes.ts';
import { stateOf } from './state.ts';
import type { Party } from './transition.ts';

/**
 * The organization that asks: its own reference, that of a PractitionerRole, or the only one a Practitioner works
 * for. Undefined when nothing says it.
 */
export async function askerOf(
  reference: Reference | undefined,
  context: RuleContext,
): Promise<string | undefined> {
  const named = reference?.reference;
  if (!named?.startsWith('Practitioner/')) return context.organizationOf(named);
  const roles = await context.referring<PractitionerRole & Resource>(
    'PractitionerRole',
    'practitioner',
    named,
  );
  const organizations = await Promise.all(
    roles.map(role => context.organizationOf(role.organization?.reference)),
  );
  const known = new Set(organizations.filter(one => one !== undefined));
  return known.size === 1 ? [...known][0] : undefined;
}

/** The organization that asks by a Task, else by its request, else the one given. */
export async function sourceOf(
  task: Task,
  request: ServiceRequest | undefined,
  context: RuleContext,
  otherwise: string,
): Promise<string> {
  return (
    (await askerOf(task.requester, context)) ?? (await askerOf(request?.requester, context)) ?? otherwise
  );
}

/** What the actor is to a Task of this source and target. */
export async function partiesOf(
  task: Task,
  organizations: { source: string; target: string | undefined },
  actor: Actor,
  context: RuleContext,
): Promise<ReadonlySet<Party>> {
  const parties = new Set<Party>();
  if (actor.organization === context.hubOrganization) parties.add('hub');
  if (await context.actsFor(organizations.source)) parties.add('source');
  const state = stateOf(task);
  // A draft is the sender's alone: nobody is asked yet.
  if (state.status !== 'draft' && (await context.actsFor(organizations.target))) parties.add('target');
  if (state.status === 'requested' && !state.owned && !parties.has('source')) parties.add('claimant');
  return parties;
}

/** Whose the notes and the owners are that a write is about. */
export async function authorOf(
  tasks: readonly Task[],
  actor: Actor,
  context: RuleContext,
): Promise<{ author: Author; organizationOf: Map<string, string | undefined> }> {
  const references = new Set(
    tasks
      .flatMap(task => [
        ...(task.note ?? []).map(note => note.authorReference?.reference),
        task.owner?.reference,
      ])
      .filter(one => one !== undefined),
  );
  const organizationOf = new Map<string, string | undefined>();
  const own = new Set<string>();
  const others = new Set<string>();
  for (const reference of references) {
    const organization = await context.organizationOf(reference);
    organizationOf.set(reference, organization);
    if (!organization) continue;
    ((await context.actsFor(organization)) ? own : others).add(reference);
  }
  return { author: { organization: actor.organization, own, others }, organizationOf };
}
