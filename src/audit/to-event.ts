import { keysOfAgent, keysOfEntity } from '../store/audit/keys.ts';
import type { AuditPart, NewAuditEvent } from '../store/audit/types.ts';
import type { AuditAgent, AuditEntity, AuditEntry, AuditKind } from './entry.ts';

/**
 * Writes entries as they are stored. Their parts are made once: an agent does the same kind of thing again and again,
 * and what is remembered is shown again and again.
 */
export function eventWriter(): (entry: AuditEntry, at: number) => NewAuditEvent {
  const agentPart = agentParts();
  return (entry, at) => {
    const by = agentPart(entry.kind, entry.agent);
    const parts = entry.entities ? [by, entitiesPart(entry.entities)] : [by];
    return { at, json: ownMembers(entry, at), parts };
  };
}

/** Written by hand: as an object that is made for it, JSON.stringify takes twice as long. */
function ownMembers(
  { outcome, interaction, type, query, purpose, why, request }: AuditEntry,
  at: number,
): string {
  let json = `{"at":${at},"outcome":"${outcome}"`;
  if (interaction !== undefined) json += `,"interaction":${JSON.stringify(interaction)}`;
  if (type !== undefined) json += `,"type":${JSON.stringify(type)}`;
  if (query) json += `,"query":"${Buffer.from(query).toString('base64')}"`;
  if (purpose !== undefined) json += `,"purpose":${JSON.stringify(purpose)}`;
  if (why !== undefined) json += `,"why":"${why}"`;
  if (request) json += `,"request":${JSON.stringify(request)}`;
  return `${json}}`;
}

/** When there are more, all are forgotten. */
const mostAgents = 1000;

function agentParts(): (kind: AuditKind, agent: AuditAgent) => AuditPart {
  const parts = new Map<string, AuditPart>();
  return (kind, agent) => {
    const { id, organization } = agent;
    // The last alone may be anything, so that nobody else has the same name.
    const name = `${kind} ${agent.kind} ${organization ?? ''} ${id}`;
    const known = parts.get(name);
    if (known) return known;
    const json = JSON.stringify({ kind, agent: { kind: agent.kind, id, organization } });
    const part = { json, keys: keysOfAgent({ kind, agent }).join('\n') };
    if (parts.size >= mostAgents) parts.clear();
    parts.set(name, part);
    return part;
  };
}

const lists = new WeakMap<readonly AuditEntity[], AuditPart>();

function entitiesPart(entities: readonly AuditEntity[]): AuditPart {
  const known = lists.get(entities);
  if (known) return known;
  const keys = new Set(entities.flatMap(keysOfEntity));
  const part = { json: JSON.stringify({ entities }), keys: [...keys].join('\n') };
  lists.set(entities, part);
  return part;
}
