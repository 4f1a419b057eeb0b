import type { FoundBy, FoundEntity } from './types.ts';

/** What an event is found by. `viewer`: an organization that may see it, or a part of it. */
export const keyOf = {
  kind: (kind: string) => key('k', kind),
  agent: (id: string) => key('a', id),
  viewer: (organization: string) => key('v', organization),
  patient: (id: string) => key('p', id),
  entity: (type: string, id: string) => key('e', `${type}/${id}`),
};

/** Keys are kept a line each, and what is asked for in vain may be anything. */
const key = (what: string, value: string): string =>
  `${what}:${value.includes('\n') ? value.replaceAll('\n', ' ') : value}`;

/** Each once. */
export const keysOf = (event: FoundBy): string[] => [
  ...new Set([...keysOfAgent(event), ...(event.entities ?? []).flatMap(keysOfEntity)]),
];

/** Of who did what. */
export function keysOfAgent({ kind, agent }: Pick<FoundBy, 'kind' | 'agent'>): string[] {
  const viewers = agent.organization ? [keyOf.viewer(agent.organization)] : [];
  return [keyOf.kind(kind), keyOf.agent(agent.id), ...viewers];
}

export function keysOfEntity({ type, id, owner, patient }: FoundEntity): string[] {
  const keys = [keyOf.entity(type, id)];
  if (owner) keys.push(keyOf.viewer(owner));
  if (patient) keys.push(keyOf.patient(patient));
  // Also of one that is not there, which must be found as one that is hidden.
  if (type === 'Patient' && id !== patient) keys.push(keyOf.patient(id));
  return keys;
}
