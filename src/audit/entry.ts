import type { Actor } from '../access/actor.ts';
import type { ErrorKind } from '../errors.ts';
import type { AuditRow, NewAuditRow } from '../store/audit/types.ts';

/** What happened. `refusal`: somebody came without a valid token. `interruption`: the audit could not be written for a time. */
export const auditKinds = [
  'read',
  'search',
  'history',
  'create',
  'update',
  'delete',
  'operation',
  'login',
  'account',
  'refusal',
  'disclosure',
  'export',
  'link',
  'consent',
  'emergency',
  'command',
  'interruption',
] as const;

export type AuditKind = (typeof auditKinds)[number];

/** `refused` is what the agent may not do or see, `not-found` what is not there, `failed` everything else. */
export type AuditOutcome = 'success' | 'refused' | 'not-found' | 'failed';

export interface AuditAgent {
  kind: Actor['kind'] | 'unknown';
  /** Client id, bot name, account id, or `hub`. */
  id: string;
  /** Organization that it acted for. */
  organization?: string;
}

/** A resource that was seen, written or asked for. */
export interface AuditEntity {
  type: string;
  id: string;
  version?: string;
  /** Organization that owns the resource. */
  owner?: string;
  /** Patient whose compartment it is in. */
  patient?: string;
  /** Restricted labels it had when it was shown, as a bit mask (`access/labels.ts`). */
  label?: number;
  /** It was asked for in vain: the agent must not learn that it exists. */
  hidden?: true;
}

/** One event, without health information but in `query`, which is kept as BALP asks and shown to the agent's own. */
export interface AuditEntry {
  kind: AuditKind;
  outcome: AuditOutcome;
  agent: AuditAgent;
  /** https://hl7.org/fhir/R4/valueset-type-restful-interaction.html, the name of a command, … */
  interaction?: string;
  /** Resource type that was asked for. */
  type?: string;
  entities?: readonly AuditEntity[];
  /** A search as it was asked, after the `?`. */
  query?: string;
  /** Why the agent says it acted: a purpose of use, a bot's name. */
  purpose?: string;
  /** The kind of error it ended in. */
  why?: ErrorKind | 'error';
  request?: AuditRequest;
}

/** The request an event belongs to. */
export interface AuditRequest {
  id?: string;
  /** Network address of the caller. */
  address?: string;
}

/** An entry as it was stored. */
export interface AuditRecord extends AuditEntry {
  seq: number;
  at: number;
}

export function toRow(entry: AuditEntry, at: number): NewAuditRow {
  const { kind, outcome, query, agent } = entry;
  const list = listOf(entry.entities ?? none);
  // The columns are not kept twice; copying all but them instead cost twice as much.
  const event = JSON.stringify({
    ...entry,
    kind: undefined,
    outcome: undefined,
    entities: undefined,
    query: query ? Buffer.from(query).toString('base64') : undefined,
  });
  return {
    at,
    kind,
    outcome,
    org: agent.organization ?? null,
    event: entry.entities ? `${event.slice(0, -1)},"entities":${list.json}}` : event,
    keys: keysOf(agent, list),
  };
}

export function fromRow({ seq, at, kind, outcome, event }: AuditRow): AuditRecord {
  const { query, ...rest } = JSON.parse(event) as Omit<AuditEntry, 'kind' | 'outcome'>;
  return {
    seq,
    at,
    kind: kind as AuditKind,
    outcome: outcome as AuditOutcome,
    ...rest,
    ...(query ? { query: Buffer.from(query, 'base64').toString() } : {}),
  };
}

/** What an event is found by. `viewer`: an organization that may see it, or a part of it. */
export const keyOf = {
  agent: (id: string) => `a:${id}`,
  viewer: (organization: string) => `v:${organization}`,
  patient: (id: string) => `p:${id}`,
  entity: (type: string, id: string) => `e:${type}/${id}`,
};

function keysOf(agent: AuditAgent, list: EntityList): string {
  const viewer = agent.organization ? keyOf.viewer(agent.organization) : undefined;
  let keys = keyOf.agent(agent.id);
  if (viewer) keys += `\n${viewer}`;
  for (const key of list.keys) if (key !== viewer) keys += `\n${key}`;
  return keys;
}

interface EntityList {
  json: string;
  keys: readonly string[];
}

const none: readonly AuditEntity[] = [];

const lists = new WeakMap<readonly AuditEntity[], EntityList>();

/** A list as it is stored, and what finds it. That of a page is made once: the page may be answered many times. */
function listOf(entities: readonly AuditEntity[]): EntityList {
  if (entities.length < 2) return makeList(entities);
  const known = lists.get(entities);
  if (known) return known;
  const list = makeList(entities);
  lists.set(entities, list);
  return list;
}

function makeList(entities: readonly AuditEntity[]): EntityList {
  const all = entities.flatMap(keysOfEntity);
  return { json: JSON.stringify(entities), keys: all.length > 4 ? [...new Set(all)] : all };
}

function keysOfEntity({ type, id, owner, patient }: AuditEntity): string[] {
  const keys = [keyOf.entity(type, id)];
  if (owner) keys.push(keyOf.viewer(owner));
  if (patient) keys.push(keyOf.patient(patient));
  // Also of one that is not there, which must be found as one that is hidden.
  if (type === 'Patient' && id !== patient) keys.push(keyOf.patient(id));
  return keys;
}

const kindsOfFailure: Partial<Record<ErrorKind, AuditOutcome>> = {
  unauthorized: 'refused',
  forbidden: 'refused',
  'not-found': 'not-found',
  gone: 'not-found',
};

export const outcomeOfFailure = (why: AuditEntry['why']): AuditOutcome =>
  (why && why !== 'error' && kindsOfFailure[why]) || 'failed';
