import type { Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import { labelMask } from '../../access/labels.ts';
import { isOpen } from '../../access/open-types.ts';
import { workOf } from '../../referral/board.ts';
import type { Expectation, IndexRows, Rid, VersionWrite } from '../../store/types.ts';
import type { Extracted } from '../definitions/types.ts';
import { emptyRows, rowTables } from '../index/rows.ts';
import { wordsOf } from '../index/words.ts';
import { type Parts, parameterNumber } from '../parts.ts';
import type { WriteOptions } from '../repository.ts';
import { type Item, keyOf, writes } from './item.ts';
import { stamp } from './meta.ts';
import type { World } from './world.ts';

/** The version an item becomes: its exact JSON, its index rows against those of the version before. */
export function versionOf(
  item: Item,
  env: {
    parts: Parts;
    actor: Actor;
    options: WriteOptions;
    at: Date;
    ridOf: (reference: string) => Rid | undefined;
    /** By `Type/id`: whose information it is, where it is not its owner's. */
    origins: ReadonlyMap<string, string>;
  },
): VersionWrite {
  const { parts, actor, at, ridOf } = env;
  const ver = (item.located?.ver ?? 0) + 1;
  const after = item.after && stamp(item.after, item.id, ver, at);
  item.after = after;
  const body = after ? JSON.stringify(after) : null;
  const op = item.action === 'delete' || item.action === 'create' ? item.action : 'update';
  const now = after ? parts.extract(after) : emptyRows();
  const patient = patientOf(item, now, parts) ?? item.located?.patient ?? null;
  const { rid, type, id, source } = item;
  const origin = env.origins.get(keyOf(item));
  const label = after ? labelMask(after) : labelMask(item.before as Resource);
  item.version = {
    rid,
    type,
    id,
    ver,
    seq: 0,
    at: at.getTime(),
    op,
    body,
    source,
    origin: origin ?? source,
    patient,
    label,
  };
  const hub = item.index === undefined;
  return {
    rid: item.rid,
    type: item.type,
    id: item.id,
    ver,
    at: at.getTime(),
    op,
    body,
    actor: hub ? 'hub' : actor.id,
    org: hub ? parts.hubOrganization : actor.organization,
    purpose: env.options.purpose ?? null,
    source: item.source,
    ...(origin ? { origin } : {}),
    patient,
    label,
    open: isOpen(item.type),
    ...changedRows(rowsOf(now, ridOf), item.before && rowsOf(parts.extract(item.before), ridOf)),
    ...changedWords(item.before, after),
    work: after ? workOf(after) : [],
    ...(actor.importing ? { quiet: true } : {}),
  };
}

/** https://hl7.org/fhir/R4/compartmentdefinition-patient.html : the patient whose compartment it is in. */
function patientOf(item: Item, extracted: Extracted, parts: Parts): string | undefined {
  if (item.type === 'Patient') return item.id;
  for (const code of parts.definitions.patientCompartment(item.type)) {
    const number = parameterNumber(parts, item.type, code);
    const found = extracted.ref.find(([param, target]) => param === number && target.startsWith('Patient/'));
    if (found) return found[1].slice('Patient/'.length);
  }
  return undefined;
}

/** Its words, where the database has others. */
function changedWords(
  before: Resource | undefined,
  after: Resource | undefined,
): Pick<VersionWrite, 'words'> {
  const words = after ? wordsOf(after) : null;
  const earlier = before ? wordsOf(before) : null;
  const same = words?.narrative === earlier?.narrative && words?.content === earlier?.content;
  return same ? {} : { words };
}

export function rowsOf(extracted: Extracted, ridOf: (reference: string) => Rid | undefined): IndexRows {
  const ref = extracted.ref.flatMap(([param, target]) => {
    const rid = ridOf(target);
    return rid === undefined ? [] : [[param, rid] as const];
  });
  return { ...extracted, ref };
}

/** Only what changed is written: an update keeps most of its index rows. The store takes a row twice for one. */
function changedRows(now: IndexRows, earlier: IndexRows | undefined): { add: IndexRows; remove: IndexRows } {
  if (!earlier) return { add: now, remove: rowsOf(emptyRows(), () => undefined) };
  const add: Record<string, unknown> = {};
  const remove: Record<string, unknown> = {};
  for (const table of rowTables) {
    const [next, last] = [keyed<readonly unknown[]>(now[table]), keyed<readonly unknown[]>(earlier[table])];
    add[table] = [...next].filter(([key]) => !last.has(key)).map(([, row]) => row);
    remove[table] = [...last].filter(([key]) => !next.has(key)).map(([, row]) => row);
  }
  return { add: add as unknown as IndexRows, remove: remove as unknown as IndexRows };
}

const keyed = <Row extends readonly unknown[]>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map(row => [row.join('\u0000'), row]));

/** What must still hold for the write to be right. */
export function expectations(world: World, given: readonly Expectation[]): Expectation[] {
  const gone = world.items.filter(item => item.action === 'delete');
  const written = world.items.filter(writes).map(item => item.rid);
  const unreferenced = gone.map(item => ({ kind: 'unreferenced', rid: item.rid, except: written }) as const);
  return [...given, ...world.expectations(), ...unreferenced];
}
