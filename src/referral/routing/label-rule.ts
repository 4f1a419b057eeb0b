import type { Coding, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { labelled } from '../../access/labelling.ts';
import { labelMask } from '../../access/labels.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { RuleContext, WriteRule } from '../../fhir/write/rules.ts';

/**
 * A label that a sender adds to what it has sent to the hub is added in the same commit to what the hub has made of
 * it: its own request, and the Tasks by which it asks.
 */
export const labelRule: WriteRule = {
  types: ['ServiceRequest', 'Task'],
  async apply({ before, after }, context) {
    if (!before || !after) return {};
    const due = labelled(after, before);
    const added = labelMask(due) & ~labelMask(before);
    if (added === 0) return {};
    const security = due.meta?.security ?? [];
    const copies = await passedOn(after, context);
    return {
      also: copies.filter(copy => (added & ~labelMask(copy)) !== 0).map(copy => relabelled(copy, security)),
    };
  },
};

/** What the hub has made of a request, or of a Task. */
async function passedOn(
  { resourceType, id }: Resource,
  { referring, hubOrganization }: RuleContext,
): Promise<(ServiceRequest | Task)[]> {
  const parameter = resourceType === 'Task' ? 'part-of' : 'based-on';
  const found = await referring<ServiceRequest | Task>(resourceType, parameter, `${resourceType}/${id}`);
  return found.filter(({ requester }) => requester?.reference === `Organization/${hubOrganization}`);
}

/** Labels that it has already stay with it in any case. */
const relabelled = (copy: ServiceRequest | Task, security: Coding[]): WriteOperation => ({
  kind: 'update',
  type: copy.resourceType,
  id: copy.id ?? '',
  resource: { ...copy, meta: { ...copy.meta, security } },
});
