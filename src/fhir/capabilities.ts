import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceInteraction,
  CapabilityStatementRestResourceOperation,
} from '@medplum/fhirtypes';
import { canonical, system } from './canonical.ts';
import type { Operation } from './operations/operation.ts';
import { operations } from './operations/operations.ts';
import type { Parts } from './parts.ts';

const interactions = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
] satisfies CapabilityStatementRestResourceInteraction['code'][];

/** Full text, which is no index of an expression. */
const textParameters = [
  { name: '_text', type: 'string', documentation: 'Words in the narrative' },
  { name: '_content', type: 'string', documentation: 'Words anywhere in the resource' },
] as const;

/** What the server can really do, from its own definitions (https://hl7.org/fhir/R4/capabilitystatement.html). */
export function capabilityStatement(
  parts: Parts,
  about: { version: string; started: Date; oauth: string },
): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    url: `${canonical}/CapabilityStatement/hub`,
    version: about.version,
    name: 'WarmHandoff',
    title: 'Warm Handoff FHIR API',
    status: 'active',
    date: about.started.toISOString(),
    kind: 'instance',
    software: { name: 'Warm Handoff', version: about.version },
    implementation: {
      description: 'A hub for behavioral-health referrals',
      url: parts.baseUrl,
      // Who wants the hub to find a place addresses the referral's Task to this Organization.
      custodian: {
        reference: `Organization/${parts.hubOrganization}`,
        type: 'Organization',
        identifier: { system: system.hubIdentifier, value: parts.hubOrganization },
        display: 'The hub itself: owner of a Task to be routed',
      },
    },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'application/fhir+xml', 'json', 'xml'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json', 'application/fhir+xml'],
    rest: [
      {
        mode: 'server',
        security: { cors: true, service: [smart], extension: [oauthUris(about.oauth)] },
        resource: [...parts.definitions.resourceTypes].sort().map(type => resource(parts, type)),
        interaction: [
          { code: 'transaction' },
          { code: 'batch' },
          { code: 'history-system' },
          { code: 'search-system' },
        ],
        ...operationsOf(one => one.levels.includes('system')),
        compartment: ['http://hl7.org/fhir/CompartmentDefinition/patient'],
      },
    ],
  };
}

const smart = {
  coding: [
    { system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' },
  ],
  text: 'OAuth 2 as SMART App Launch and SMART Backend Services use it',
};

const oauthUris = (oauth: string) => ({
  url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
  extension: [
    { url: 'authorize', valueUri: `${oauth}/auth` },
    { url: 'token', valueUri: `${oauth}/token` },
    { url: 'introspect', valueUri: `${oauth}/introspect` },
    { url: 'revoke', valueUri: `${oauth}/revoke` },
  ],
});

function resource(parts: Parts, type: string): CapabilityStatementRestResource {
  const parameters = [...parts.definitions.searchParameters(type).values()];
  const references = parameters.filter(param => param.kind === 'reference');
  return {
    type: type as CapabilityStatementRestResource['type'],
    interaction: interactions.map(code => ({ code })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: false,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'multiple',
    referencePolicy: ['literal', 'logical', 'enforced'],
    searchInclude: ['*', ...references.map(param => `${type}:${param.code}`)],
    searchRevInclude: reverse(parts, type),
    searchParam: parameters
      .map(({ code, url, kind, documentation }) => ({
        name: code,
        ...(url ? { definition: url } : {}),
        type: kind,
        ...(documentation ? { documentation } : {}),
      }))
      .concat(textParameters.map(one => ({ ...one }))),
    ...operationsOf(
      one => one.levels.some(level => level !== 'system') && (one.types?.includes(type) ?? true),
    ),
  } as CapabilityStatementRestResource;
}

function operationsOf(wanted: (operation: Operation) => boolean): {
  operation?: CapabilityStatementRestResourceOperation[];
} {
  const found = operations
    .filter(wanted)
    .map(({ name, definition, documentation }) => ({ name, definition, documentation }));
  return found.length > 0 ? { operation: found } : {};
}

/** Every parameter of another type that can refer to this one. */
function reverse(parts: Parts, type: string): string[] {
  return parts.definitions
    .allSearchParameters()
    .filter(param => param.kind === 'reference' && param.targets.includes(type))
    .map(param => param.name.replace('.', ':'));
}
