import type { Actor } from '../access/actor.ts';
import type { AuditEntry } from './entry.ts';

/** A command that the operator has started: its name and its options' names, none of the values. */
export function commandEntry(name: string, args: readonly string[], itself: Actor): AuditEntry {
  const [first = ''] = args;
  const sub = /^[a-z][a-z-]{0,30}$/.test(first) ? [first] : [];
  const options = args.flatMap(arg => /^--[a-z-]{1,30}/.exec(arg) ?? []);
  return {
    kind: 'command',
    outcome: 'success',
    interaction: ['hub', name, ...sub, ...options].join(' '),
    agent: { kind: 'hub', id: 'command', organization: itself.organization },
  };
}
