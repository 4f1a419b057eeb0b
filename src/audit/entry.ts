import type { Actor } from '../access/actor.ts';
import type { ErrorKind } from '../errors.ts';
import type { AuditRow, FoundBy } from '../store/audit/types.ts';

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
  /** Organization whose information it is: its owner, or who sent what the hub passes on. */
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

export function fromRow({ seq, event }: AuditRow): AuditRecord {
  const { query, ...rest } = event as FoundBy & Omit<AuditRecord, 'seq'>;
  return { seq, ...rest, ...(query ? { query: Buffer.from(query, 'base64').toString() } : {}) };
}

const kindsOfFailure: Partial<Record<ErrorKind, AuditOutcome>> = {
  unauthorized: 'refused',
  forbidden: 'refused',
  'not-found': 'not-found',
  gone: 'not-found',
};

export const outcomeOfFailure = (why: AuditEntry['why']): AuditOutcome =>
  (why && why !== 'error' && kindsOfFailure[why]) || 'failed';
