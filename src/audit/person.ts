import type { PersonEvent } from '../auth/accounts/events.ts';
import type { AuditAgent, AuditEntry } from './entry.ts';

/** A sign-in of a person, each of its steps, or a change of an account. */
export function personEntry(event: PersonEvent): AuditEntry {
  const { what, done, practitioner, address } = event;
  const signsIn = what === 'password' || what === 'second-factor';
  return {
    kind: signsIn ? 'login' : 'account',
    outcome: done ? 'success' : 'refused',
    interaction: what,
    agent: agentOf(event),
    ...(practitioner ? { entities: [{ type: 'Practitioner', id: practitioner }] } : {}),
    ...(done ? {} : { why: 'unauthorized' as const }),
    ...(address ? { request: { address } } : {}),
  };
}

function agentOf({ account, organization, by }: PersonEvent): AuditAgent {
  if (by === 'operator') return { kind: 'hub', id: 'command' };
  if (by) return { kind: 'person', id: by.account, organization: by.organization };
  if (account === undefined) return { kind: 'unknown', id: 'unknown' };
  return { kind: 'person', id: account, ...(organization ? { organization } : {}) };
}
