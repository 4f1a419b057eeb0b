import { keysOfAgent, keysOfEntity } from '../store/audit/keys.ts';
import type { NewAuditEvent } from '../store/audit/types.ts';
import type { AuditAgent, AuditEntity, AuditEntry, AuditKind } from './entry.ts';

/** A part of an event as it is stored, and what finds it, a line each. */
interface Piece {
  json: string;
  keys: string;
}

/**
 * Writes entries as they are stored. They are put together from pieces that are made once: an agent does the same kind
 * of thing again and again, and what is remembered is shown again and again.
 */
export function eventWriter(): (entry: AuditEntry, at: number) => NewAuditEvent {
  const pieceOf = agentPieces();
  return (entry, at) => write(entry, at, pieceOf(entry.kind, entry.agent));
}

function write(entry: AuditEntry, at: number, by: Piece): NewAuditEvent {
  const { kind, outcome, interaction, type, query, purpose, why, request, entities } = entry;
  let json = `{"at":${at},"kind":"${kind}","outcome":"${outcome}","agent":${by.json}`;
  if (interaction !== undefined) json += `,"interaction":${JSON.stringify(interaction)}`;
  if (type !== undefined) json += `,"type":${JSON.stringify(type)}`;
  if (query) json += `,"query":"${Buffer.from(query).toString('base64')}"`;
  if (purpose !== undefined) json += `,"purpose":${JSON.stringify(purpose)}`;
  if (why !== undefined) json += `,"why":"${why}"`;
  if (request) json += `,"request":${JSON.stringify(request)}`;
  if (!entities) return { at, json: `${json}}`, keys: [by.keys] };
  const about = entitiesPiece(entities);
  return { at, json: `${json},"entities":${about.json}}`, keys: [by.keys, about.keys] };
}

/** When there are more, all are forgotten. */
const mostAgents = 1000;

function agentPieces(): (kind: AuditKind, agent: AuditAgent) => Piece {
  const pieces = new Map<string, Piece>();
  return (kind, agent) => {
    const name = `${kind} ${agent.kind} ${agent.organization} ${agent.id}`;
    const known = pieces.get(name);
    if (known) return known;
    const { id, organization } = agent;
    const json = JSON.stringify({ kind: agent.kind, id, organization });
    const piece = { json, keys: keysOfAgent({ kind, agent }).join('\n') };
    if (pieces.size >= mostAgents) pieces.clear();
    pieces.set(name, piece);
    return piece;
  };
}

const lists = new WeakMap<readonly AuditEntity[], Piece>();

function entitiesPiece(entities: readonly AuditEntity[]): Piece {
  const known = lists.get(entities);
  if (known) return known;
  const keys = new Set(entities.flatMap(keysOfEntity));
  const piece = { json: JSON.stringify(entities), keys: [...keys].join('\n') };
  lists.set(entities, piece);
  return piece;
}
