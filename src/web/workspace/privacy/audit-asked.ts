import { dateRange } from '../../../fhir/definitions/dates.ts';
import { auditKinds, isAuditKind } from './audit-kinds.ts';

/** What is looked for in the audit, as the address of the page has it: codes and ids alone. */
export interface AuditAsked {
  /** Logical id. */
  patient?: string;
  /** Organization (logical id) whose people or systems did it. */
  organization?: string;
  /** Account, client or bot. */
  agent?: string;
  kind?: string;
  /** Only what was refused, not there, or failed. */
  refused?: boolean;
  /** Days (YYYY-MM-DD) where the reader is, both included. */
  from?: string;
  to?: string;
}

const id = /^[A-Za-z0-9\-.]{1,64}$/;
const agentId = /^[\w.@:-]{1,128}$/;
const day = /^\d{4}-\d{2}-\d{2}$/;

/** Reads an address; what makes no sense is left out. */
export function askedIn(query: (name: string) => string | undefined): AuditAsked {
  const fitting = <K extends keyof AuditAsked>(name: K, form: RegExp) => {
    const value = query(name) ?? '';
    return form.test(value) ? { [name]: value } : {};
  };
  const kind = query('kind');
  return {
    ...fitting('patient', id),
    ...fitting('organization', id),
    ...fitting('agent', agentId),
    ...(isAuditKind(kind) ? { kind } : {}),
    ...(query('refused') ? { refused: true } : {}),
    ...dayIn('from', query('from')),
    ...dayIn('to', query('to')),
  };
}

function dayIn(name: 'from' | 'to', text = ''): Partial<AuditAsked> {
  if (!day.test(text) || !dateRange(text)) return {};
  return { [name]: text };
}

/** The address of the page that looks for it. */
export function addressOf(path: string, { refused, ...asked }: AuditAsked): string {
  const query = new URLSearchParams({ ...asked, ...(refused ? { refused: 'yes' } : {}) });
  return query.size > 0 ? `${path}?${query}` : path;
}

/** The same as a search of AuditEvents. */
export function queryOf(asked: AuditAsked, zone: string): [name: string, value: string][] {
  const { patient, organization, agent, kind, refused, from, to } = asked;
  return [
    ...(patient ? [['patient', `Patient/${patient}`] as [string, string]] : []),
    ...(organization ? [['agent', `Organization/${organization}`] as [string, string]] : []),
    ...(agent ? [['agent', agent] as [string, string]] : []),
    ...(isAuditKind(kind)
      ? auditKinds[kind].query.map(([name, value]): [string, string] => [name, value])
      : []),
    ...(refused ? [['outcome', '4,8'] as [string, string]] : []),
    ...(from ? [['date', `ge${startOf(from, zone)}`] as [string, string]] : []),
    ...(to ? [['date', `lt${startOf(dayAfter(to), zone)}`] as [string, string]] : []),
  ];
}

const startOf = (date: string, zone: string): string =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).toInstant().toString();

const dayAfter = (date: string): string => Temporal.PlainDate.from(date).add({ days: 1 }).toString();
