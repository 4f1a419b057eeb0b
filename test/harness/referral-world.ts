import type { Organization, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { Actor } from '../../src/access/actor.ts';
import type { WriteOperation } from '../../src/fhir/repository.ts';
import type { RuleContext } from '../../src/fhir/write/rules.ts';
import { isReferralTask } from '../../src/referral/lifecycle/referral-task.ts';
import { referralRules } from '../../src/referral/lifecycle/rules.ts';
import { communityOrganization, fulfill, treatingOrganization } from './referral.ts';

/** One resource that a write changed beside what it was asked to. */
export interface Consequence {
  before: Resource | undefined;
  after: Resource;
  inNameOf?: string;
}

/**
 * A hub in memory: resources in a Map, and writes that go through the referral's own rules. What a rule refuses
 * changes nothing; what it adds is written with it.
 */
export interface ReferralWorld {
  now: Date;
  readonly hub: string;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Puts a resource there without any rule. */
  place<R extends Resource>(resource: R): R & { id: string };
  /** Creates (no id) or updates in the name of an organization. */
  write<R extends Resource>(
    organization: string,
    resource: R,
    options?: { importing?: boolean },
  ): Promise<Written<R>>;
  remove(organization: string, reference: string): Promise<void>;
  read<R extends Resource>(reference: string): R;
  tasks(): Task[];
}

export interface Written<R extends Resource> {
  stored: R & { id: string };
  also: Consequence[];
}

export const hubId = 'the-hub';

export function createReferralWorld(start = '2026-05-04T14:00:00Z'): ReferralWorld {
  const resources = new Map<string, Resource>();
  const rules = referralRules();
  let count = 0;
  const keyOf = (resource: Resource) => `${resource.resourceType}/${resource.id}`;

  const world: ReferralWorld = {
    now: new Date(start),
    hub: hubId,
    resources,
    place(resource) {
      const stored = { ...resource, id: resource.id ?? `${resource.resourceType.toLowerCase()}-${++count}` };
      resources.set(keyOf(stored), stored);
      return stored;
    },
    async write<R extends Resource>(
      organization: string,
      resource: R,
      options: { importing?: boolean } = {},
    ) {
      const id = resource.id ?? `${resource.resourceType.toLowerCase()}-${++count}`;
      const key = `${resource.resourceType}/${id}`;
      const before = resources.get(key);
      // Like the hub's own write path: the rules see what is being written, a new resource still without its id.
      const decided = await overlaid(key, resource, () =>
        decide(before, resource, organization, options.importing ?? false),
      );
      const stored = world.place({ ...((decided.after ?? resource) as R), id });
      return { stored, also: apply(decided.also) };
    },
    async remove(organization, reference) {
      const before = world.read(reference);
      const decided = await overlaid(reference, undefined, () =>
        decide(before, undefined, organization, false),
      );
      resources.delete(reference);
      apply(decided.also);
    },
    read<R extends Resource>(reference: string) {
      const found = resources.get(reference);
      if (!found) throw new Error(`no ${reference}`);
      return found as R;
    },
    tasks: () => [...resources.values()].filter(one => one.resourceType === 'Task').filter(isReferralTask),
  };
  return world;

  /** Shows a resource as it is being written while the rules decide; afterwards it is as it was. */
  async function overlaid<T>(key: string, shown: Resource | undefined, run: () => Promise<T>): Promise<T> {
    const before = resources.get(key);
    if (shown) resources.set(key, shown);
    else resources.delete(key);
    try {
      return await run();
    } finally {
      if (before) resources.set(key, before);
      else resources.delete(key);
    }
  }

  async function decide(
    before: Resource | undefined,
    after: Resource | undefined,
    organization: string,
    importing: boolean,
  ) {
    const actor: Actor = { kind: 'client', id: organization, organization, scopes: [], importing };
    const context = contextFor(organization);
    const also: WriteOperation[] = [];
    let result = after;
    for (const rule of rules) {
      if (!rule.types.includes((after ?? before)?.resourceType ?? '')) continue;
      const about = { id: (after ?? before)?.id ?? '', source: organization, actor };
      const decided = await rule.apply(
        { ...about, ...(before ? { before } : {}), ...(result ? { after: result } : {}) },
        context,
      );
      result = decided.after ?? result;
      also.push(...(decided.also ?? []));
    }
    return { after: result, also };
  }

  function apply(operations: readonly WriteOperation[]): Consequence[] {
    const named = new Map<string, string>();
    for (const operation of operations) {
      if (operation.kind === 'create' && operation.fullUrl) {
        named.set(
          operation.fullUrl,
          `${operation.resource.resourceType}/${operation.resource.resourceType.toLowerCase()}-${++count}`,
        );
      }
    }
    return operations.map(operation => {
      if (operation.kind !== 'create' && operation.kind !== 'update')
        throw new Error(`a consequence cannot ${operation.kind}`);
      const text = JSON.stringify(operation.resource, (_key, value) => named.get(value) ?? value);
      const resource = JSON.parse(text) as Resource;
      const id =
        operation.kind === 'create' ? named.get(operation.fullUrl ?? '')?.split('/')[1] : operation.id;
      const before = resources.get(`${resource.resourceType}/${id}`);
      const after = world.place({ ...resource, ...(id ? { id } : {}) });
      return {
        before,
        after,
        ...(operation.kind === 'create' && operation.inNameOf ? { inNameOf: operation.inNameOf } : {}),
      };
    });
  }

  function contextFor(organization: string): RuleContext {
    return {
      now: world.now,
      hubOrganization: hubId,
      get: async <R extends Resource>(reference: string) => resources.get(reference) as R | undefined,
      referring: async <R extends Resource>(type: string, parameter: string, target: string) =>
        [...resources.values()].filter(
          one => one.resourceType === type && refersTo(one, parameter, target),
        ) as R[],
      organizationOf: async reference => organizationOf(reference),
      actsFor: async named => named !== undefined && named === organization,
    };
  }

  function organizationOf(reference: string | undefined): string | undefined {
    const [type, id] = reference?.split('/') ?? [];
    if (type === 'Organization') return id;
    const found = resources.get(reference ?? '');
    if (found?.resourceType === 'PractitionerRole') return organizationOf(found.organization?.reference);
    return found?.resourceType === 'HealthcareService'
      ? organizationOf(found.providedBy?.reference)
      : undefined;
  }
}

/** The elements behind the search parameters that the rules ask by. */
const elements: Record<string, string> = {
  focus: 'focus',
  'part-of': 'partOf',
  patient: 'patient',
  practitioner: 'practitioner',
  'activity-reference': 'activity',
  organization: 'providedBy',
};

function refersTo(resource: Resource, parameter: string, target: string): boolean {
  const element = elements[parameter];
  if (!element) throw new Error(`the world in memory does not know the parameter ${parameter}`);
  const value = (resource as unknown as Record<string, unknown>)[element];
  return value !== undefined && JSON.stringify(value).includes(`"reference":"${target}"`);
}

/** A hospital (`source`), a center (`target`) and others, with a patient and an active request of the hospital. */
export function placeNetwork(
  world: ReferralWorld,
  targets: readonly string[] = ['target'],
): { request: ServiceRequest & { id: string } } {
  const place = (id: string, name: string, more: Partial<Organization> = {}) =>
    world.place<Organization>({ resourceType: 'Organization', id, name, ...more });
  place(hubId, 'The hub');
  place('source', 'General Hospital', treatingOrganization);
  place('outsider', 'Somebody else', treatingOrganization);
  // The second of each pair is a shelter: it does not treat.
  targets.forEach((id, index) => {
    place(id, `Center ${id}`, index % 2 ? communityOrganization : treatingOrganization);
  });
  world.place({ resourceType: 'Patient', id: 'milan' });
  return { request: placeRequest(world) };
}

export function placeRequest(
  world: ReferralWorld,
  more: Partial<ServiceRequest> = {},
): ServiceRequest & { id: string } {
  return world.place<ServiceRequest>({
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/milan' },
    requester: { reference: 'Organization/source' },
    ...more,
  });
}

/** A Task of the hospital's for a request. */
export const referralTask = (request: string, more: Partial<Task> = {}): Task => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  code: fulfill,
  focus: { reference: `ServiceRequest/${request}` },
  for: { reference: 'Patient/milan' },
  requester: { reference: 'Organization/source' },
  owner: { reference: 'Organization/target' },
  ...more,
});
