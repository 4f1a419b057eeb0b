import type { SignIn } from '../auth/authorization.ts';
import type { AuditEntry } from './entry.ts';

/** A token that was issued to a system or, through an app, to a person; or refused to whoever said to be the client. */
export function signInEntry({ issued, client, account, organization, address }: SignIn): AuditEntry {
  return {
    kind: 'login',
    outcome: issued ? 'success' : 'refused',
    agent: {
      kind: account !== undefined ? 'person' : issued ? 'client' : 'unknown',
      id: account ?? client ?? 'unknown',
      ...(organization ? { organization } : {}),
    },
    ...(issued ? {} : { why: 'unauthorized' as const }),
    ...(account !== undefined && client ? { purpose: `app ${client}` } : {}),
    ...(address ? { request: { address } } : {}),
  };
}
