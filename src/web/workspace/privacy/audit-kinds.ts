/** What one can look for in the audit, each with what it asks of AuditEvents (docs/audit.md). */
export const auditKinds = {
  read: { label: 'Read', query: [['action', 'R']] },
  searched: { label: 'Searched', query: [['subtype', 'search-type,search-system']] },
  changed: { label: 'Written or deleted', query: [['action', 'C,U,D']] },
  operation: { label: 'Operations', query: [['subtype', 'operation']] },
  'sign-in': { label: 'Sign-ins', query: [['type', '110114']] },
  account: { label: 'Changes of accounts', query: [['subtype', accountSubtypes()]] },
  emergency: { label: 'Emergency access', query: [['subtype', '110127']] },
  export: { label: 'Exports and disclosures', query: [['type', '110106']] },
  command: { label: 'Commands of the operator', query: [['type', '110100']] },
} as const satisfies Record<string, { label: string; query: readonly (readonly [string, string])[] }>;

export type AuditKindName = keyof typeof auditKinds;

export const isAuditKind = (text: string | undefined): text is AuditKindName =>
  text !== undefined && Object.hasOwn(auditKinds, text);

function accountSubtypes(): string {
  return [
    '110137',
    'invite',
    'accept',
    'change-role',
    'suspend',
    'resume',
    'reset',
    'change-password',
    'change-second-factor',
    'register-client',
    'rotate-client',
    'suspend-client',
    'resume-client',
  ].join(',');
}
