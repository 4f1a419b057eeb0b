import type { BundleEntry, Resource } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { operationOf } from '../../fhir/bundle.ts';
import type { FoundReference } from '../../fhir/index/references.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import { local } from '../../fhir/write/references.ts';
import type { Identity } from './identity.ts';

/** What is to be written of one entry, before it is known what the hub has of it. */
export interface Planned {
  type: string;
  /** The id as the sender gives it; absent: the hub gives one, or a condition selects. */
  written?: string;
  /** The id in the hub; absent: a condition selects. */
  id?: string;
  operation: WriteOperation;
  /** Local references of the resource, `Type/id`, as written. */
  refers: readonly string[];
}

export interface PlanContext {
  identity: Identity;
  references(resource: Resource): readonly FoundReference[];
  /** What the fullUrls of its Bundle stand for. */
  links: ReadonlyMap<string, string>;
  /** Unique for the entry: what an id is made of when there is nothing else. */
  seed: string;
  /** Index in a Bundle. */
  index: number;
}

/** An entry of a Bundle, or a resource by itself, as a write of history; HubError when it cannot be one. */
export function plan(entry: BundleEntry | null, context: PlanContext): Planned {
  const operation = entry?.request ? requested(entry, context.index) : simple(entry);
  const { fullUrl } = operation.kind === 'delete' ? {} : operation;
  if (operation.kind === 'delete') return planDelete(operation, context);
  if (operation.kind === 'patch') throw notHistory('PATCH');
  const { resource } = operation;
  const type = resource.resourceType;
  const refers = localReferences(resource, context);
  if (operation.kind === 'create' && operation.ifNoneExist !== undefined) return { type, operation, refers };
  const written = idOf(resource, operation.kind === 'update' ? operation.id : undefined);
  const id =
    written === undefined
      ? context.identity.given(type, fullUrl ?? context.seed)
      : context.identity.idOf(type, written);
  if (operation.kind === 'update' && operation.id === undefined) {
    return { type, operation: { ...operation, resource: { ...resource, id } }, refers };
  }
  const ifMatch =
    operation.kind === 'update' && operation.ifMatch !== undefined ? { ifMatch: operation.ifMatch } : {};
  const update: WriteOperation = {
    kind: 'update',
    type,
    id,
    resource,
    ...(fullUrl === undefined ? {} : { fullUrl }),
    ...ifMatch,
  };
  return { type, ...(written === undefined ? {} : { written }), id, operation: update, refers };
}

/** The id that the sender gives a resource, if any. */
function idOf({ resourceType, id }: Resource, url?: string): string | undefined {
  if (id !== undefined && (typeof id !== 'string' || !/^[A-Za-z0-9\-.]{1,64}$/.test(id))) {
    const text = 'The id must be 1 to 64 letters, digits, dashes or dots.';
    throw new HubError('invalid', { text, expression: `${resourceType}.id` });
  }
  if (url !== undefined && id !== undefined && id !== url) {
    const text = `The resource must carry the id it is written to: "${url}".`;
    throw new HubError('invalid', { text, expression: `${resourceType}.id` });
  }
  return url ?? id;
}

function requested(entry: BundleEntry, index: number): WriteOperation {
  const operation = operationOf(entry, index);
  if (!operation) throw notHistory(String(entry.request?.method));
  return operation;
}

function simple(entry: BundleEntry | null): WriteOperation {
  const resource = entry?.resource;
  if (typeof resource !== 'object' || resource === null || typeof resource.resourceType !== 'string') {
    throw new HubError('invalid', {
      text: 'There is no resource: a JSON object with a resourceType is needed.',
    });
  }
  return {
    kind: 'create',
    resource,
    ...(typeof entry?.fullUrl === 'string' ? { fullUrl: entry.fullUrl } : {}),
  };
}

const notHistory = (method: string): HubError =>
  new HubError('invalid', {
    text: `An import takes resources as they are (POST, PUT, DELETE), not ${method.slice(0, 20)}.`,
    expression: 'Bundle.entry.request.method',
  });

function planDelete(operation: WriteOperation & { kind: 'delete' }, { identity }: PlanContext): Planned {
  const { type, id: written } = operation;
  if (written === undefined) return { type, operation, refers: [] };
  const id = identity.idOf(type, written);
  return { type, written, id, operation: { ...operation, id }, refers: [] };
}

function localReferences(resource: Resource, { references, links }: PlanContext): string[] {
  const found = new Set<string>();
  for (const { reference } of references(resource)) {
    const target = local(links.get(reference) ?? reference);
    if (target !== undefined) found.add(target);
  }
  return [...found];
}
