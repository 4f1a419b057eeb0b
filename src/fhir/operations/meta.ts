import type { Coding, Meta, Parameters } from '@medplum/fhirtypes';
import type { Operation, OperationCall } from './operation.ts';

/**
 * The profiles, tags and security labels of a resource, or those in use in a type or everywhere, among what the
 * caller may see (https://hl7.org/fhir/R4/resource-operation-meta.html).
 */
export const meta: Operation = {
  name: 'meta',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta',
  documentation: 'Profiles, tags and security labels of a resource, a type or the system.',
  levels: ['system', 'type', 'instance'],
  methods: ['GET'],
  async run(call) {
    const valueMeta = call.id === undefined ? await inUse(call) : await ofResource(call);
    const resource: Parameters = { resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta }] };
    return { kind: 'resource', resource };
  },
};

async function ofResource({ repository, type = '', id = '' }: OperationCall): Promise<Meta> {
  const stored = await repository.read(type, id);
  const { profile, tag, security } = stored.resource().meta ?? {};
  return { ...(profile && { profile }), ...(tag && { tag }), ...(security && { security }) };
}

async function inUse({ repository, type }: OperationCall): Promise<Meta> {
  const { profiles, tags, security } = await repository.labels(type);
  return {
    ...(profiles.length > 0 && { profile: profiles }),
    ...(tags.length > 0 && { tag: tags.map(coding) }),
    ...(security.length > 0 && { security: security.map(coding) }),
  };
}

const coding = ({ system, code }: { system: string; code: string }): Coding => ({
  ...(system && { system }),
  code,
});
