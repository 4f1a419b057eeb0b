import { createHash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import type { Store } from '../../store/store.ts';
import { referenceTo } from '../parts.ts';
import type { Repository, WriteOperation } from '../repository.ts';

/** Definitions that are published together: the hub's own, or those of one FHIR package. */
export interface Publication {
  /** What they are remembered by, e.g. `hub` or `hl7.fhir.us.core#8.0.0`. */
  name: string;
  /** Each with the id at which it is served. */
  resources: readonly Resource[];
}

/** What was published under a name, kept in `store.records`. */
interface Published {
  hash: string;
  /** `Type/id` of each resource. */
  references: string[];
}

const kind = 'published-definitions';
/** How many resources are written in one commit. */
const perCommit = 25;

/**
 * Makes definitions readable through the API, as open resources of the hub: written when their content differs
 * from what was published under the same name, so that a start with nothing new reads one record. What is no
 * longer among them is deleted.
 *
 * @param itself the repository of the hub's own actor
 * @returns whether something was written
 */
export async function publish(
  { name, resources }: Publication,
  { store, itself, now }: { store: Store; itself: Repository; now: Date },
): Promise<boolean> {
  const hash = createHash('sha256').update(JSON.stringify(resources)).digest('hex');
  const record = await store.records.get(kind, name, now.getTime());
  const before = record?.value as Published | undefined;
  if (before?.hash === hash) return false;
  const references = resources.map(referenceTo);
  const operations = [
    ...resources.map(update),
    ...(before?.references ?? []).filter(one => !references.includes(one)).map(remove),
  ];
  for (let start = 0; start < operations.length; start += perCommit) {
    await itself.write(operations.slice(start, start + perCommit), { purpose: 'publish-definitions' });
  }
  const value: Published = { hash, references };
  await store.records.put({ kind, id: name, value, expires: null, family: null });
  return true;
}

function update(resource: Resource): WriteOperation {
  const { resourceType: type, id } = resource;
  if (!id) throw new Error(`a ${type} that is to be published has no id`);
  return { kind: 'update', type, id, resource };
}

function remove(reference: string): WriteOperation {
  const [type = '', id = ''] = reference.split('/');
  return { kind: 'delete', type, id };
}
