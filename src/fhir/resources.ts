import type { Actor } from '../access/actor.ts';
import { accessFilter } from '../access/filter.ts';
import { requireScope } from '../access/writes.ts';
import { HubError } from '../errors.ts';
import type { StoredVersion } from '../store/types.ts';
import { readableBinary } from './documents/readable-binary.ts';
import { readHistory } from './history.ts';
import { labelsInUse } from './labels-in-use.ts';
import type { Parts } from './parts.ts';
import type { Repository, Stored, WriteOperation, WriteOptions } from './repository.ts';
import { requireType } from './resource-type.ts';
import { runSearch } from './run-search.ts';
import { storedOf } from './stored.ts';
import { atOperation } from './write/at-operation.ts';
import { typeOf } from './write/drafts.ts';
import { type Written, write } from './write/write.ts';

/** What is stored as resources, as one actor sees it. Nothing of it is recorded here: `createRepository` does. */
export interface Resources extends Omit<Repository, 'actor' | 'write'> {
  write(operations: readonly WriteOperation[], options: WriteOptions): Promise<Written>;
}

export function createResources(parts: Parts, actor: Actor): Resources {
  const reading = () => accessFilter(actor, 'read', parts.clock.now().getTime());
  return {
    async read(type, id) {
      requireType(parts, type);
      requireScope(actor, 'read', type);
      const version = await parts.store.read({ type, id }, reading());
      const found = version ?? (type === 'Binary' ? await readableBinary(parts, actor, id) : undefined);
      return present(found, `${type}/${id}`);
    },
    async vread(type, id, versionId) {
      requireType(parts, type);
      requireScope(actor, 'read', type);
      const ver = /^[1-9][0-9]{0,9}$/.test(versionId) ? Number(versionId) : 0;
      const version = ver ? await parts.store.vread({ type, id }, ver, reading()) : undefined;
      return present(version, `${type}/${id}/_history/${versionId}`);
    },
    search(type, query, options = {}) {
      const asked = { type, query, ...options };
      return parts.searches.recall(actor, asked, parts.clock.now().getTime(), () =>
        runSearch(parts, actor, asked),
      );
    },
    history: request => readHistory(parts, actor, request),
    labels: type => labelsInUse(parts, actor, type),
    async write(operations, options) {
      for (const [index, operation] of operations.entries()) {
        await atOperation(index, () => requireType(parts, typeOf(operation)));
      }
      return write(operations, { parts, actor, options });
    },
  };
}

/** https://hl7.org/fhir/R4/http.html#read : absent and forbidden are the same; deleted is told to who could see it. */
function present(version: StoredVersion | undefined, name: string): Stored {
  if (!version) throw new HubError('not-found', `There is no ${name}.`);
  if (version.op === 'delete') throw new HubError('gone', `${name} has been deleted.`);
  return storedOf(version);
}
