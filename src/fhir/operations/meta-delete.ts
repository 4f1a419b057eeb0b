import type { Coding, Meta, Parameters, Resource } from '@medplum/fhirtypes';
import { requireAbility } from '../../access/abilities.ts';
import { lowered } from '../../access/labelling.ts';
import { labelsAmong } from '../../access/labels.ts';
import { requireOwner } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import { loweringLabels } from '../write/labels.ts';
import type { Operation, OperationCall } from './operation.ts';

/**
 * Takes profiles, tags and security labels from a resource. It is the only way to lower a restricted label: only
 * the resource's owner may, and says why; the reason stays with the resource.
 * https://hl7.org/fhir/R4/resource-operation-meta-delete.html
 */
export const metaDelete: Operation = {
  name: 'meta-delete',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-delete',
  documentation:
    'Takes profiles, tags and security labels from a resource of your own; a restricted label with a reason.',
  levels: ['instance'],
  methods: ['POST'],
  async run(call) {
    const { parts, repository, type = '', id = '' } = call;
    const gone = metaOf(call.body);
    const stored = await repository.read(type, id);
    requireOwner(repository.actor, stored);
    const labels = labelsAmong(gone.security);
    if (labels.length) requireAbility(repository.actor, 'lower-labels');
    const reason = labels.length ? readReason(call) : '';
    const rest = without(stored.resource(), gone);
    const resource = lowered(rest, {
      labels,
      reason,
      organization: repository.actor.organization,
      at: parts.clock.now(),
    });
    const ifMatch = `W/"${stored.versionId}"`;
    const [result] = await repository.write([{ kind: 'update', type, id, resource, ifMatch }], {
      purpose: loweringLabels,
    });
    const valueMeta = result?.stored?.resource().meta ?? {};
    const answer: Parameters = { resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta }] };
    return { kind: 'resource', resource: answer };
  },
};

function metaOf(body: unknown): Meta {
  const { resourceType, parameter } = (body ?? {}) as Partial<Parameters>;
  const found = Array.isArray(parameter) ? parameter.find(one => one?.name === 'meta')?.valueMeta : undefined;
  if (resourceType === 'Parameters' && found) return found;
  throw new HubError('invalid', {
    text: 'Send Parameters with meta (valueMeta): the profiles, tags and security labels to take away.',
    expression: 'Parameters.parameter',
  });
}

function readReason({ query }: OperationCall): string {
  const reason = (query.get('reason') ?? '').trim();
  if (reason.length >= 10) return reason;
  throw new HubError('invalid', {
    text: 'reason must say in 10 characters or more why the label no longer holds.',
    expression: 'Parameters.parameter',
  });
}

function without(resource: Resource, gone: Meta): Resource {
  const { profile, tag, security, ...meta } = resource.meta ?? {};
  const kept = {
    profile: (profile ?? []).filter(one => !gone.profile?.includes(one)),
    tag: (tag ?? []).filter(one => !has(gone.tag, one)),
    security: (security ?? []).filter(one => !has(gone.security, one)),
  };
  const there = Object.fromEntries(Object.entries(kept).filter(([, list]) => list.length > 0));
  return { ...resource, meta: { ...meta, ...there } };
}

const has = (list: readonly Coding[] | undefined, { system, code }: Coding): boolean =>
  (list ?? []).some(one => one.system === system && one.code === code);
