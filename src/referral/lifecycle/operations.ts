import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '@medplum/fhirtypes';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { Graph, TaskNode } from './graph.ts';

/** What changed on these Tasks, as updates. A Task that the same write creates has no id yet: its own rule sees to it. */
export const taskUpdates = (nodes: readonly TaskNode[]): WriteOperation[] =>
  nodes.filter(({ stored, task }) => !isDeepStrictEqual(stored, task)).flatMap(({ task }) => update(task));

/** What changed on the requests of the graph. */
export const requestUpdates = ({ requests }: Graph): WriteOperation[] =>
  [...requests.values()]
    .filter(({ stored, request }) => !isDeepStrictEqual(stored, request))
    .flatMap(({ request }) => update(request));

function update(resource: Resource): WriteOperation[] {
  return resource.id ? [{ kind: 'update', type: resource.resourceType, id: resource.id, resource }] : [];
}
