import type { AuditEvent, OperationOutcome } from '@medplum/fhirtypes';
import { requireAbility } from '../access/abilities.ts';
import type { Actor } from '../access/actor.ts';
import { requireScope } from '../access/writes.ts';
import { HubError } from '../errors.ts';
import { openPlace, sealPlace } from '../fhir/cursor-seal.ts';
import type { SearchOptions, SearchResult, Stored } from '../fhir/repository.ts';
import { keyOf } from '../store/audit/keys.ts';
import type { AuditRow } from '../store/audit/types.ts';
import type { Audit } from './audit.ts';
import { auditEventOf, type Site } from './audit-event.ts';
import { type AuditSearch, readAuditSearch, writePlace } from './audit-search.ts';
import { fromRow } from './entry.ts';
import { partsOf, type Viewer, viewOf } from './view.ts';

/** The audit as an actor's organization may see it, as AuditEvents: they are read and searched, never written. */
export interface AuditEvents {
  read(id: string): Promise<Stored>;
  search(query: URLSearchParams, options: SearchOptions): Promise<SearchResult>;
}

/** What a paging link is sealed for. */
const asked = 'AuditEvent';

/** Rows that one page looks at, at most: a page may have fewer entries than asked for, and a link to the next. */
const mostRows = 5000;

export function createAuditEvents(
  { audit: { events }, pagingKey, ...site }: Site & { audit: Audit; pagingKey: Buffer },
  actor: Actor,
): AuditEvents {
  const viewer: Viewer = {
    organization: actor.organization,
    all: actor.organization === site.hubOrganization,
  };
  const seen = (row: AuditRow): { part: number; event: AuditEvent }[] => {
    const record = fromRow(row);
    const view = viewOf(record, viewer);
    if (!view) return [];
    return partsOf(record, view).map(part => ({
      part: part.place ?? 0,
      event: auditEventOf(view, part, site),
    }));
  };
  const stored = (event: AuditEvent): Stored => storedEvent(event, site.hubOrganization);

  return {
    async read(id) {
      requireScope(actor, 'read', 'AuditEvent');
      requireAbility(actor, 'read-audit');
      const seq = /^(\d{1,15})(?:-\d{1,4})?$/.exec(id)?.[1];
      const row = seq === undefined ? undefined : await events.read(Number(seq));
      const found = row && seen(row).find(({ event }) => event.id === id);
      if (!found) throw new HubError('not-found', `There is no AuditEvent/${id}.`);
      return stored(found.event);
    },
    async search(query, { lenient = false }) {
      requireScope(actor, 'search', 'AuditEvent');
      requireAbility(actor, 'read-audit');
      const cursor = query.get('_cursor');
      const place = cursor === null ? undefined : openPlace(pagingKey, cursor, actor, asked);
      const search = readAuditSearch(query, { lenient, ...(place === undefined ? {} : { place }) });
      const { page, next } = await readPage(search);
      const link = new URLSearchParams(query);
      if (next !== undefined) link.set('_cursor', sealPlace(pagingKey, next, actor, asked));
      return {
        entries: page.map(event => ({ mode: 'match', stored: stored(event) })),
        self: query.toString(),
        ...(next === undefined ? {} : { next: link.toString() }),
        ...(search.warnings.length ? { outcome: outcomeOf(search) } : {}),
      };
    },
  };

  async function readPage({
    query,
    matches,
    count,
    start,
  }: AuditSearch): Promise<{ page: AuditEvent[]; next?: string }> {
    const keys = viewer.all ? query.keys : [...query.keys, [keyOf.viewer(viewer.organization)]];
    const limit = Math.min(count + 1, 500);
    const page: AuditEvent[] = [];
    let from = query.start;
    for (let looked = 0; looked < mostRows; looked += limit) {
      const rows = await events.search({
        ...query,
        keys,
        limit,
        ...(from === undefined ? {} : { start: from }),
      });
      for (const row of rows) {
        for (const { part, event } of seen(row)) {
          if (start && row.seq === start.seq && part < start.part) continue;
          if (!matches(event)) continue;
          if (page.length === count) return { page, next: writePlace({ seq: row.seq, part }) };
          page.push(event);
        }
      }
      const last = rows.at(-1);
      if (!last || rows.length < limit) return { page };
      from = last.seq - 1;
    }
    return from === undefined ? { page } : { page, next: writePlace({ seq: from, part: 0 }) };
  }
}

function outcomeOf({ warnings }: AuditSearch): OperationOutcome {
  const issue = warnings.map(({ text }) => ({
    severity: 'warning' as const,
    code: 'not-supported' as const,
    details: { text },
  }));
  return { resourceType: 'OperationOutcome', issue };
}

function storedEvent(event: AuditEvent, source: string): Stored {
  return {
    type: 'AuditEvent',
    id: event.id ?? '',
    versionId: '1',
    lastUpdated: new Date(event.recorded),
    source,
    origin: source,
    patient: null,
    label: 0,
    body: JSON.stringify(event),
    resource: <R>() => event as R,
  };
}
