import type { Actor } from '../access/actor.ts';
import { HubError } from '../errors.ts';
import type { SearchResult, Stored, WriteOperation, WriteResult } from '../fhir/repository.ts';
import type { Written } from '../fhir/write/write.ts';
import type { Located, VersionWrite } from '../store/types.ts';
import type { Audit } from './audit.ts';
import {
  type AuditEntity,
  type AuditEntry,
  type AuditKind,
  type AuditRequest,
  outcomeOfFailure,
} from './entry.ts';

/** What is asked for, as far as it is known before the answer is. */
export type Asked = Pick<AuditEntry, 'kind' | 'interaction' | 'type' | 'query'> & {
  /** `Type/id` of what is asked for by its id. */
  of?: { type: string; id: string };
};

/** Records what one actor does, through whatever door. */
export interface Recorder {
  /** Records what the work found, or that it failed, and only then gives it. */
  reading<T>(asked: Asked, work: () => Promise<T>, found: (result: T) => readonly AuditEntity[]): Promise<T>;
  writing(
    operations: readonly WriteOperation[],
    purpose: string | undefined,
    work: () => Promise<Written>,
  ): Promise<WriteResult[]>;
}

export interface RecorderOptions {
  audit: Audit;
  actor: Actor;
  request: AuditRequest;
  /** Where resources stand for the actor, those included that it does not see. */
  locate(keys: readonly { type: string; id: string }[]): Promise<Located[]>;
}

export function createRecorder({ audit, actor, request, locate }: RecorderOptions): Recorder {
  const agent = { kind: actor.kind, id: actor.id, organization: actor.organization };
  const common = { agent, ...(request.id || request.address ? { request } : {}) };
  // What the hub's own parts find leaves the hub only by way of what they write, which is recorded as such.
  const itself = actor.kind === 'bot' || actor.kind === 'hub';

  async function failed(
    asked: Omit<Asked, 'of'>,
    keys: readonly { type: string; id: string }[],
    error: unknown,
  ) {
    const why = error instanceof HubError ? error.kind : 'error';
    const located = keys.length ? await locate(keys) : [];
    const entities = keys.map(key => askedFor(key, located));
    const hidden = entities.some(entity => entity.hidden);
    const outcome = hidden ? 'refused' : outcomeOfFailure(why);
    await audit.record({ ...common, ...asked, outcome, why, entities });
  }

  return {
    async reading({ of, ...asked }, work, found) {
      let result: Awaited<ReturnType<typeof work>>;
      try {
        result = await work();
      } catch (error) {
        await failed(asked, of ? [of] : [], error);
        throw error;
      }
      const listed = itself && asked.kind !== 'read' ? [] : found(result);
      const entities = listed.length || !of ? listed : [of];
      await audit.record({ ...common, ...asked, outcome: 'success', entities });
      return result;
    },
    async writing(operations, purpose, work) {
      await audit.ready();
      let written: Written;
      try {
        written = await work();
      } catch (error) {
        const [kind, interaction] = kindOf(operations, error);
        const keys = operations.flatMap(one =>
          'id' in one && one.id !== undefined ? [{ type: one.type, id: one.id }] : [],
        );
        await failed({ kind, interaction, type: typeOf(operations[0]) ?? 'Bundle' }, keys, error);
        throw error;
      }
      const why = purpose === undefined ? {} : { purpose };
      const entries = [...written.versions.map(versionEntry), ...written.results.flatMap(seenEntry)];
      await audit.record(
        ...entries.map(entry => ({ ...common, ...why, ...entry, outcome: 'success' as const })),
      );
      return written.results;
    },
  };
}

export const found = {
  one: (stored: Stored) => listOf(stored, () => [entityOf(stored)]),
  page: (result: SearchResult) => listOf(result, () => result.entries.map(entry => entityOf(entry.stored))),
};

const shown = new WeakMap<Stored | SearchResult, readonly AuditEntity[]>();

/** The same list for the same answer: it may be given many times. */
function listOf(answer: Stored | SearchResult, make: () => AuditEntity[]): readonly AuditEntity[] {
  const known = shown.get(answer);
  if (known) return known;
  const entities = make();
  shown.set(answer, entities);
  return entities;
}

function entityOf({ type, id, versionId, origin, patient, label }: Stored): AuditEntity {
  const about = { ...(patient ? { patient } : {}), ...(label ? { label } : {}) };
  return { type, id, version: versionId, owner: origin, ...about };
}

/** What was asked for in vain: its owner sees that it was tried. */
function askedFor({ type, id }: { type: string; id: string }, located: readonly Located[]): AuditEntity {
  const there = located.find(one => one.type === type && one.id === id);
  if (!there) return { type, id };
  const known = { type, id, owner: there.origin, ...(there.patient ? { patient: there.patient } : {}) };
  return there.visible ? known : { ...known, hidden: true };
}

type Entry = Pick<AuditEntry, 'kind' | 'interaction' | 'type' | 'entities'> &
  Partial<Pick<AuditEntry, 'agent'>>;

/** What follows from a write is done by the hub. */
function versionEntry(version: VersionWrite): Entry {
  const { type, id, ver, op, source, origin = source, patient } = version;
  const entity = { type, id, version: String(ver), owner: origin, ...(patient ? { patient } : {}) };
  const itself =
    version.actor === 'hub' ? { agent: { kind: 'hub' as const, id: 'hub', organization: version.org } } : {};
  return { kind: op, interaction: op, type, entities: [entity], ...itself };
}

/** A conditional create that met a resource has shown it; an update that changed nothing was one all the same. */
function seenEntry({ outcome, stored }: WriteResult): Entry[] {
  if (!stored || (outcome !== 'found' && outcome !== 'unchanged')) return [];
  const kind = outcome === 'found' ? 'read' : 'update';
  return [
    {
      kind,
      interaction: outcome === 'found' ? 'create' : 'update',
      type: stored.type,
      entities: [entityOf(stored)],
    },
  ];
}

function kindOf(operations: readonly WriteOperation[], error: unknown): [AuditKind, string] {
  const at = error instanceof HubError ? (error.problems[0]?.operation ?? 0) : 0;
  const kind = operations[at]?.kind ?? 'create';
  return [kind === 'patch' ? 'update' : kind, kind];
}

const typeOf = (operation: WriteOperation | undefined): string | undefined =>
  operation?.kind === 'create' ? operation.resource.resourceType : operation?.type;
