import type { Actor } from '../access/actor.ts';
import { createAuditEvents } from '../audit/audit-events.ts';
import type { AuditRequest } from '../audit/entry.ts';
import { createRecorder, found } from '../audit/recorder.ts';
import { HubError } from '../errors.ts';
import { confined } from './confined.ts';
import type { Parts } from './parts.ts';
import { withProvenance } from './provenance/with-provenance.ts';
import type { Repository, SearchResult, Stored } from './repository.ts';
import { createResources } from './resources.ts';
import { typeOf } from './write/drafts.ts';
import { visibleTo } from './write/visibility.ts';

/**
 * The repository of one Actor: what it may not see does not exist, what it may not do is refused. It is the only
 * door, and here everything is recorded, before the answer leaves.
 */
export function createRepository(parts: Parts, actor: Actor, request: AuditRequest = {}): Repository {
  const resources = confined(withProvenance(createResources(parts, actor), parts, actor), actor);
  const auditEvents = () => createAuditEvents(parts, actor);
  const recorder = createRecorder({
    audit: parts.audit,
    actor,
    request,
    locate: keys => parts.store.locate(keys, visibleTo(actor, parts.clock.now())),
  });
  return {
    actor,
    read: (type, id) =>
      recorder.reading(
        { kind: 'read', interaction: 'read', type, of: { type, id } },
        () => (type === auditEvent ? auditEvents().read(id) : resources.read(type, id)),
        found.one,
      ),
    vread: (type, id, versionId) =>
      recorder.reading(
        { kind: 'read', interaction: 'vread', type, of: { type, id } },
        () =>
          type === auditEvent
            ? onlyVersion(auditEvents().read(id), versionId)
            : resources.vread(type, id, versionId),
        found.one,
      ),
    search: (type, query, options = {}) =>
      recorder.reading(
        {
          kind: 'search',
          interaction: type ? 'search-type' : 'search-system',
          ...(type ? { type } : {}),
          query: query.toString(),
        },
        () =>
          type === auditEvent ? auditEvents().search(query, options) : resources.search(type, query, options),
        // Of the audit, what was asked is recorded, not all that was answered.
        type === auditEvent ? () => [] : found.page,
      ),
    history: asked =>
      recorder.reading(
        {
          kind: 'history',
          interaction: `history-${asked.id ? 'instance' : asked.type ? 'type' : 'system'}`,
          ...(asked.type ? { type: asked.type } : {}),
          ...(asked.type && asked.id ? { of: { type: asked.type, id: asked.id } } : {}),
        },
        () => (asked.type === auditEvent ? refuseHistory() : resources.history(asked)),
        found.page,
      ),
    labels: type =>
      recorder.reading(
        { kind: 'search', interaction: type ? 'search-type' : 'search-system', ...(type ? { type } : {}) },
        () => resources.labels(type),
        () => [],
      ),
    // An answer to the hub's own parts, which tells nobody anything by itself.
    withheldFrom: (asking, organizations) => resources.withheldFrom(asking, organizations),
    write: (operations, options = {}) =>
      recorder.writing(operations, options.purpose, async () => {
        if (operations.some(one => typeOf(one) === auditEvent)) throw recordedByTheHub();
        return resources.write(operations, options);
      }),
  };
}

const auditEvent = 'AuditEvent';

async function onlyVersion(event: Promise<Stored>, versionId: string): Promise<Stored> {
  const stored = await event;
  if (versionId === stored.versionId) return stored;
  throw new HubError('not-found', `There is no AuditEvent/${stored.id}/_history/${versionId}.`);
}

async function refuseHistory(): Promise<SearchResult> {
  throw new HubError(
    'method-not-allowed',
    'An AuditEvent never changes: it has no history; search AuditEvent by date.',
  );
}

const recordedByTheHub = (): HubError =>
  new HubError(
    'method-not-allowed',
    'AuditEvents are recorded by the hub itself: nobody creates, changes or deletes them.',
  );
