import { HubError } from '../../errors.ts';
import type { Expectation, StoredVersion } from '../../store/types.ts';
import type { WriteOperation } from '../repository.ts';
import { type Conditions, onlyMatch } from './conditions.ts';

/** Which resource an operation is about, before anything of it has been read. */
export interface Draft {
  operation: WriteOperation;
  /** Its operation's place in the caller's list: a conditional delete is as many drafts as it has matches. */
  index: number;
  type: string;
  /** Absent: a new one. */
  id?: string;
  found?: StoredVersion;
  expect?: Expectation;
}

export const typeOf = (operation: WriteOperation): string =>
  operation.kind === 'create' ? operation.resource.resourceType : operation.type;

/** One draft for each resource the operation is about: a condition selects it, or an id, or it is new. */
export async function draftsOf(
  operation: WriteOperation,
  index: number,
  env: { conditions: Conditions },
): Promise<Draft[]> {
  const type = typeOf(operation);
  const about = { operation, index, type };
  if (operation.kind === 'create') return [await draftCreate(operation, index, env.conditions)];
  if (operation.id !== undefined) return [{ ...about, id: operation.id }];
  const condition = operation.condition ?? '';
  if (operation.kind === 'delete') {
    const all = await env.conditions.all(type, condition);
    if (all.length > 0) return all.map(match => ({ ...about, id: match.id, found: match }));
  } else {
    const match = onlyMatch((await env.conditions.match(type, condition)).matches, type);
    if (match) return [{ ...about, id: match.id, found: match }];
  }
  if (operation.kind === 'update')
    return [{ ...about, ...(operation.resource.id ? { id: operation.resource.id } : {}) }];
  throw new HubError('not-found', `No ${type} matches the condition.`);
}

async function draftCreate(
  operation: WriteOperation & { kind: 'create' },
  index: number,
  conditions: Conditions,
): Promise<Draft> {
  const about = { operation, index, type: typeOf(operation) };
  if (operation.ifNoneExist === undefined) return about;
  const { matches, condition } = await conditions.match(about.type, operation.ifNoneExist);
  const match = onlyMatch(matches, about.type);
  if (match) return { ...about, id: match.id, found: match };
  return { ...about, expect: { kind: 'no-match', condition } };
}
