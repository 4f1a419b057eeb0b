import type { Actor, Interaction, Scope } from '../../access/actor.ts';
import { isNarrow } from '../../access/extent.ts';
import { accessFilter } from '../../access/filter.ts';
import { HubError } from '../../errors.ts';
import type { Filter } from '../../store/search/types.ts';
import type { IndexRows, Rid } from '../../store/types.ts';
import type { Parts } from '../parts.ts';
import { atOperation } from './at-operation.ts';
import { rowsOf } from './compile.ts';
import { type Item, keyOf, writes } from './item.ts';

interface Env {
  parts: Parts;
  actor: Actor;
  ridOf(reference: string): Rid | undefined;
}

/**
 * What a scope is narrowed to (a patient, the query part of a SMART scope) holds for what is written: the resource
 * as it was and as it becomes. Types as a whole have been asked for before.
 */
export async function requireWithinScopes(items: readonly Item[], env: Env): Promise<void> {
  if (!env.actor.scopes.some(isNarrow)) return;
  const asked = items.filter(item => item.index !== undefined && writes(item));
  const seen = await coveredNow(asked, env);
  for (const item of asked) {
    const covered = (!item.before || seen.has(keyOf(item))) && becomesCovered(item, env);
    await atOperation(item.index, async () => {
      if (!covered) throw beyond(item);
    });
  }
}

const interactionOf = ({ action }: Item): Interaction =>
  action === 'create' || action === 'delete' ? action : 'update';

/** Those of the stored resources that the scopes of the interaction reach. */
async function coveredNow(items: readonly Item[], { parts, actor }: Env): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [interaction, some] of Map.groupBy(items, interactionOf)) {
    const stored = some.filter(item => item.before);
    if (stored.length === 0) continue;
    const filter = accessFilter(actor, interaction, parts.clock.now().getTime());
    for (const row of await parts.store.locate(stored, filter)) if (row.visible) found.add(keyOf(row));
  }
  return found;
}

function becomesCovered(item: Item, { parts, actor, ridOf }: Env): boolean {
  const { after } = item;
  if (!after) return true;
  const interaction = interactionOf(item);
  const scopes = actor.scopes.filter(
    scope => scope[interaction] && (scope.type === '*' || scope.type === item.type),
  );
  const rows = rowsOf(parts.extract(after), ridOf);
  return scopes.some(
    scope => ofPatient(scope, item) && (scope.filters ?? []).every(one => holds(one, item.id, rows)),
  );
}

const ofPatient = ({ patient }: Scope, item: Item): boolean =>
  patient === undefined || item.version?.patient === patient;

/** The filters that the query part of a scope may have, asked of a resource that is not stored yet. */
function holds(filter: Filter, id: string, rows: IndexRows): boolean {
  switch (filter.kind) {
    case 'token':
      return filter.any.some(({ sys, code }) =>
        rows.tok.some(
          ([param, value, system]) =>
            param === filter.param && (code === null || value === code) && (sys === null || system === sys),
        ),
      );
    case 'reference':
      return rows.ref.some(([param, target]) => param === filter.param && filter.any.includes(target));
    case 'uri':
      return rows.uri.some(
        ([param, uri]) => param === filter.param && filter.any.some(value => value.uri === uri),
      );
    case 'id':
      return filter.any.includes(id);
    default:
      return false;
  }
}

const beyond = (item: Item): HubError =>
  new HubError('forbidden', {
    text: `The scopes of this token do not reach this ${item.type}: they are narrowed to a patient or by a query.`,
    expression: item.type,
  });
