import type { Actor } from '../access/actor.ts';
import { accessFilter } from '../access/filter.ts';
import { requireScope } from '../access/writes.ts';
import { HubError } from '../errors.ts';
import type { StoredVersion } from '../store/types.ts';
import { readableBinary } from './documents/readable-binary.ts';
import { readHistory } from './history.ts';
import { labelsInUse } from './labels-in-use.ts';
import type { Parts } from './parts.ts';
import type { Repository, SearchResult, Stored, WriteOperation, WriteOptions } from './repository.ts';
import { requireType } from './resource-type.ts';
import { type Asked, runSearch } from './run-search.ts';
import { storedOf } from './stored.ts';
import { withheldFrom } from './withheld.ts';
import { atOperation } from './write/at-operation.ts';
import { typeOf } from './write/drafts.ts';
import { type Written, write } from './write/write.ts';

/** What is stored as resources, as one actor sees it. Nothing of it is recorded here: `createRepository` does. */
export interface Resources extends Omit<Repository, 'actor' | 'write'> {
  write(operations: readonly WriteOperation[], options: WriteOptions): Promise<Written>;
}

export function createResources(parts: Parts, actor: Actor): Resources {
  const now = () => parts.clock.now().getTime();
  const reading = () => accessFilter(actor, 'read', now());
  const readNow = async (type: string, id: string) => {
    const version = await parts.store.read({ type, id }, reading());
    const found = version ?? (type === 'Binary' ? await readableBinary(parts, actor, id) : undefined);
    return present(found, `${type}/${id}`);
  };
  return {
    async read(type, id) {
      requireType(parts, type);
      requireScope(actor, 'read', type);
      return parts.memory.recall(actor, `read ${type}/${id}`, now(), () => readNow(type, id), lengthOf);
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
      const find = () => runSearch(parts, actor, asked);
      return isOfTheMoment(query)
        ? find()
        : parts.memory.recall(actor, questionOf(asked), now(), find, pageLength);
    },
    history: request => readHistory(parts, actor, request),
    labels: type => labelsInUse(parts, actor, type),
    withheldFrom: (asking, organizations) => withheldFrom(asking, organizations, { parts, actor }),
    async write(operations, options) {
      for (const [index, operation] of operations.entries()) {
        await atOperation(index, () => requireType(parts, typeOf(operation)));
      }
      return write(operations, { parts, actor, options });
    },
  };
}

const lengthOf = ({ body }: Stored): number => body.length;

const pageLength = ({ entries }: SearchResult): number =>
  entries.reduce((sum, { stored }) => sum + stored.body.length, 0);

/** `ap` compares with the present moment. */
function isOfTheMoment(query: URLSearchParams): boolean {
  for (const value of query.values()) if (/(?:^|,)ap/.test(value)) return true;
  return false;
}

/** All that a search is made of. */
function questionOf({ type = '', query, compartment, lenient }: Asked): string {
  const place = compartment ? `${compartment.type}/${compartment.id}` : '';
  return `search ${place}/${type}?${lenient ? 'lenient ' : ''}${query}`;
}

/** https://hl7.org/fhir/R4/http.html#read : absent and forbidden are the same; deleted is told to who could see it. */
function present(version: StoredVersion | undefined, name: string): Stored {
  if (!version) throw new HubError('not-found', `There is no ${name}.`);
  if (version.op === 'delete') throw new HubError('gone', `${name} has been deleted.`);
  return storedOf(version);
}
