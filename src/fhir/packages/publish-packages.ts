import type { Resource } from '@medplum/fhirtypes';
import { isConformance } from '../../access/open-types.ts';
import type { Store } from '../../store/store.ts';
import { publish } from '../conformance/publish.ts';
import type { Parts } from '../parts.ts';
import type { Repository } from '../repository.ts';
import { local } from '../write/references.ts';
import type { LoadedPackage } from './packages.ts';

/** Which packages are published, with the digest of the content that was. */
type Published = Readonly<Record<string, string>>;

const record = { kind: 'published-packages', id: 'all' } as const;

export interface PublishPackages {
  store: Store;
  /** Of the hub's own actor. */
  itself: Repository;
  now: Date;
  parts: Pick<Parts, 'validate' | 'references'>;
  /** Told of each resource that is left out: FHIR R4 would not have it, or it refers to what is not here. */
  leftOut(canonical: string, why: string): void;
}

/**
 * Makes the definitions of packages readable through the API: what a package has is written when its content has
 * changed, and deleted when the package is gone. A start with nothing new reads one record, and no package.
 */
export async function publishPackages(
  packages: readonly LoadedPackage[],
  to: PublishPackages,
): Promise<void> {
  const { store, now } = to;
  const before = ((await store.records.get(record.kind, record.id, now.getTime()))?.value ?? {}) as Published;
  const after = Object.fromEntries(packages.map(({ name, digest }) => [name, digest]));
  const gone = Object.keys(before).filter(name => !Object.hasOwn(after, name));
  const changed = packages.filter(({ name, digest }) => before[name] !== digest);
  if (gone.length === 0 && changed.length === 0) return;
  for (const name of gone) await publish({ name, resources: [] }, to);
  for (const one of changed)
    await publish({ name: one.name, resources: await publishable(await one.resources(), to) }, to);
  await store.records.put({ ...record, value: after, expires: null, family: null });
}

/** Definitions with a canonical URL, which are open to everybody; no examples, and nothing that is not valid. */
async function publishable(all: readonly Resource[], to: PublishPackages): Promise<Resource[]> {
  const kept: Resource[] = [];
  for (const resource of all) {
    if (!isConformance(resource.resourceType) || !('url' in resource) || !resource.url || !resource.id)
      continue;
    const [problem] = await to.parts.validate(resource);
    const refers = to.parts.references(resource).some(one => local(one.reference) !== undefined);
    // An ImplementationGuide lists its examples, for one.
    if (refers) to.leftOut(resource.url, 'it refers to resources that are no definitions');
    else if (problem) to.leftOut(resource.url, `${problem.expression ?? ''} ${problem.text}`);
    else kept.push(resource);
  }
  return kept;
}
