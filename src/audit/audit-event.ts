import type { AuditEvent, AuditEventAgent, AuditEventEntity, Coding } from '@medplum/fhirtypes';
import {
  agentRole,
  agentSystem,
  applicationServer,
  codesOf,
  entityRole,
  entityType,
  outcomeCode,
  profileOf,
} from './codes.ts';
import type { AuditEntity, AuditKind, AuditRecord } from './entry.ts';
import { type Part, parameterNames } from './view.ts';

/** The hub as an AuditEvent names it. */
export interface Site {
  /** Logical id of the hub's Organization. */
  hubOrganization: string;
  /** The FHIR base. */
  baseUrl: string;
}

/** A part of an event as an AuditEvent in the manner of IHE BALP (https://profiles.ihe.net/ITI/BALP). */
export function auditEventOf(record: AuditRecord, part: Part, site: Site): AuditEvent {
  const { kind, outcome, interaction, purpose } = record;
  const codes = codesOf[kind];
  const profile = outcome === 'success' ? codes.profile?.[part.patient ? 0 : 1] : undefined;
  const recorded = new Date(record.at).toISOString();
  const entity = entities(record, part, site);
  return {
    resourceType: 'AuditEvent',
    id: part.place === undefined ? String(record.seq) : `${record.seq}-${part.place}`,
    meta: { versionId: '1', lastUpdated: recorded, ...(profile ? { profile: [profileOf(profile)] } : {}) },
    type: codes.type,
    subtype: subtypes(codes.subtypes, interaction),
    action: codes.action,
    recorded,
    outcome: outcomeCode[outcome],
    ...(outcome === 'success' ? {} : { outcomeDesc: record.why ?? outcome }),
    ...(purpose ? { purposeOfEvent: [{ text: purpose }] } : {}),
    agent: agents(record, site),
    source: { site: site.baseUrl, observer: hubReference(site), type: [applicationServer] },
    ...(entity.length ? { entity } : {}),
  };
}

/** Of the interactions of a kind, the one that it was. */
function subtypes(possible: readonly Coding[], interaction: string | undefined): Coding[] {
  const it = possible.filter(one => one.code === interaction);
  return it.length ? it : [...possible].slice(0, 1);
}

const hubReference = ({ hubOrganization }: Site) => ({ reference: `Organization/${hubOrganization}` });

/** Kinds in which the data goes from the hub to the client. A query's parameters go the other way, as in BALP. */
const outward: readonly AuditKind[] = ['read', 'history', 'disclosure', 'export'];

/** The client, the hub, the person who used the client, and the organization they acted for. */
function agents({ kind, agent, request }: AuditRecord, site: Site): AuditEventAgent[] {
  const [ofClient, ofHub] = outward.includes(kind)
    ? [agentRole.destination, agentRole.source]
    : [agentRole.source, agentRole.destination];
  const who = { identifier: { system: agentSystem, value: agent.id }, display: `${agent.kind} ${agent.id}` };
  const person = agent.kind === 'person';
  const hubNetwork = { address: site.baseUrl, type: '5' } as const;
  return [
    {
      type: { coding: [ofClient] },
      who: person ? hubReference(site) : who,
      requestor: !person,
      network: request?.address === undefined ? hubNetwork : { address: request.address, type: '2' },
    },
    { type: { coding: [ofHub] }, who: hubReference(site), requestor: false, network: hubNetwork },
    ...(person
      ? [
          {
            type: { coding: [outward.includes(kind) ? agentRole.recipient : agentRole.author] },
            who,
            requestor: true,
          },
        ]
      : []),
    ...(agent.organization
      ? [
          {
            type: { coding: [agentRole.organization] },
            who: { reference: `Organization/${agent.organization}` },
            requestor: false,
          },
        ]
      : []),
  ];
}

function entities(record: AuditRecord, { patient, entities }: Part, site: Site): AuditEventEntity[] {
  const { kind, interaction, request } = record;
  const named = kind === 'command' && interaction ? [{ type: entityType.object, name: interaction }] : [];
  return [
    ...(request?.id ? [{ type: entityType.request, what: { identifier: { value: request.id } } }] : []),
    ...(kind === 'search' ? [query(record, site)] : []),
    ...named,
    ...(patient
      ? [{ what: { reference: `Patient/${patient}` }, type: entityType.person, role: entityRole.patient }]
      : []),
    ...entities.map(resource),
  ];
}

function resource({ type, id, version }: AuditEntity): AuditEventEntity {
  const reference = `${type}/${id}${version === undefined ? '' : `/_history/${version}`}`;
  return { what: { reference }, type: entityType.object, role: entityRole.resource };
}

/** The request as it was, in base64, and in clear only what kind of thing was looked for. */
function query({ type, query = '' }: AuditRecord, { baseUrl }: Site): AuditEventEntity {
  const url = `${baseUrl}/${type ?? ''}${query ? `?${query}` : ''}`;
  const names = parameterNames(query).join(', ');
  return {
    type: entityType.object,
    role: entityRole.query,
    description: `${type ?? 'everything'}${names ? ` by ${names}` : ''}`,
    query: Buffer.from(`GET ${url}`).toString('base64'),
  };
}
