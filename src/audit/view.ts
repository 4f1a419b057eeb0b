import { type AuditEntity, type AuditRecord, outcomeOfFailure } from './entry.ts';

/** Who looks at the audit. `all`: the hub's own organization, its operators and auditors. */
export interface Viewer {
  organization: string;
  all: boolean;
}

/**
 * What an organization may know of an event: all of what its own agents did, as they were answered; of what others
 * did, that it was about resources it owns, and nothing of what else they asked for.
 */
export function viewOf(record: AuditRecord, { organization, all }: Viewer): AuditRecord | undefined {
  if (all) return record;
  const entities = record.entities ?? [];
  if (record.agent.organization === organization) {
    if (!entities.some(entity => entity.hidden)) return record;
    return { ...record, outcome: outcomeOfFailure(record.why), entities: entities.map(asAnswered) };
  }
  const own = entities.filter(entity => entity.owner === organization);
  if (own.length === 0) return undefined;
  const { query, ...rest } = record;
  const names = query === undefined ? {} : { query: parameterNames(query).join('&') };
  return { ...rest, ...names, entities: own };
}

const asAnswered = (entity: AuditEntity): AuditEntity =>
  entity.hidden ? { type: entity.type, id: entity.id } : entity;

/** The parameters of a search, without their values. */
export const parameterNames = (query: string): string[] => [...new Set(new URLSearchParams(query).keys())];

/** A part of an event that is about one patient, or about none. */
export interface Part {
  /** Its place among all parts of the event, whoever looks; one that is the only one has none. */
  place?: number;
  patient?: string;
  entities: readonly AuditEntity[];
}

/** BALP has an AuditEvent for each patient: an event falls into one part for each, in the order of the entities. */
export function partsOf(record: AuditRecord, view: AuditRecord): Part[] {
  const places = [...new Set((record.entities ?? []).map(patientOf))];
  const shown = Map.groupBy(view.entities ?? [], patientOf);
  if (shown.size === 0) return [{ entities: [] }];
  const parts = [...shown].map(([patient, entities]) => ({
    ...(places.length > 1 && places.includes(patient) ? { place: places.indexOf(patient) + 1 } : {}),
    ...(patient ? { patient } : {}),
    entities,
  }));
  return parts.sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
}

const patientOf = (entity: AuditEntity): string => entity.patient ?? '';
