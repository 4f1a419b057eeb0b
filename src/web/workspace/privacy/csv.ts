import type { AuditRow } from './audit-row.ts';
import type { Named } from './names.ts';

const columns = [
  'time',
  'outcome',
  'agent kind',
  'agent',
  'name',
  'role',
  'organization',
  'organization id',
  'did',
  'patient',
  'resources',
  'search',
  'purpose',
  'address',
  'event',
] as const;

/** Rows of the audit as CSV (RFC 4180), with its heading. */
export function auditCsv(rows: readonly AuditRow[], nameOf: (row: AuditRow) => Named): string {
  const lines = rows.map(row => {
    const { name, what, organization } = nameOf(row);
    return [
      row.at.toISOString(),
      row.outcome.words,
      row.agentKind,
      row.agent,
      name,
      what,
      organization,
      row.organization ?? '',
      row.did,
      row.patient ?? '',
      row.resources.join(' '),
      row.search ?? '',
      row.purpose ?? '',
      row.address ?? '',
      row.id,
    ];
  });
  return [columns, ...lines].map(cells => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** What begins like a formula is kept from being one in a spreadsheet (https://owasp.org/www-community/attacks/CSV_Injection). */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
