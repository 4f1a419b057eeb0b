import type { SignIn } from '../auth/authorization.ts';
import type { AuditEntry } from './entry.ts';

/** A token that was issued, or refused to whoever said to be the client. */
export function signInEntry({ issued, client, organization, address }: SignIn): AuditEntry {
  return {
    kind: 'login',
    outcome: issued ? 'success' : 'refused',
    agent: {
      kind: issued ? 'client' : 'unknown',
      id: client ?? 'unknown',
      ...(organization ? { organization } : {}),
    },
    ...(issued ? {} : { why: 'unauthorized' as const }),
    ...(address ? { request: { address } } : {}),
  };
}
