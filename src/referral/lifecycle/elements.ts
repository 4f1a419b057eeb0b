import { isDeepStrictEqual } from 'node:util';
import type { Task } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../errors.ts';
import { extension } from '../../fhir/canonical.ts';
import { type Author, mergeNotes } from './notes.ts';
import type { ReferralEvent } from './possible.ts';
import { isTerminal, stateOf } from './state.ts';
import type { Party } from './transition.ts';

type Element = keyof Task;

/**
 * Who may change which element once the referral is sent. What is not named here is fixed. `note`, `output`,
 * `status`, `statusReason`, `businessStatus`, `owner`, `meta` and `extension` have rules of their own below.
 */
const changeableBy: Partial<Record<Element, readonly Party[]>> = {
  identifier: ['source', 'target', 'hub'],
  text: ['source', 'target', 'hub'],
  language: ['source', 'target', 'hub'],
  contained: ['source', 'target', 'hub'],
  input: ['source', 'hub'],
  priority: ['source'],
  restriction: ['source'],
  description: ['source'],
  reasonCode: ['source'],
  reasonReference: ['source'],
  insurance: ['source'],
  encounter: ['source'],
  performerType: ['source'],
  relevantHistory: ['source', 'target', 'hub'],
  executionPeriod: ['target'],
  location: ['target'],
};

/** Still changeable when the referral is over. */
const afterTheEnd: readonly Element[] = ['identifier', 'text', 'language', 'contained', 'relevantHistory'];

const fixed: readonly Element[] = [
  'implicitRules',
  'modifierExtension',
  'instantiatesCanonical',
  'instantiatesUri',
  'basedOn',
  'groupIdentifier',
  'partOf',
  'intent',
  'code',
  'focus',
  'for',
  'authoredOn',
  'requester',
];

/** The hub alone writes these. */
const hubsOwn: readonly string[] = Object.values(extension);

export interface Writer {
  parties: ReadonlySet<Party>;
  author: Author;
  /** Organizations that an owner reference stands for, by reference. */
  organizationOf: ReadonlyMap<string, string | undefined>;
}

/**
 * The Task with what the writer may change taken over. An element that is not the writer's is kept where it is
 * absent (a plain client's copy need not have everything), and refused where it differs.
 */
export function mergeElements(
  before: Task,
  after: Task,
  transition: ReferralEvent,
  writer: Writer,
  now: Date,
): Task {
  const over = isTerminal(before);
  const merged: Task = { ...after, ...kept(before, after, changeableOf(before, writer)) };
  const hub = writer.parties.has('hub');
  settleOwner(merged, before, transition, writer);
  set(merged, 'output', outputs(before, after, writer, over));
  if (hub) set(merged, 'input', union(before.input, after.input));
  set(
    merged,
    'note',
    mergeNotes(before.note ?? [], after.note, writer.author, now, { editable: !over && !hub }),
  );
  set(merged, 'extension', extensions(before, after, hub));
  set(merged, 'lastModified', before.lastModified);
  keepMeta(merged, before, writer);
  if (transition.to.status === 'same') settleReason(merged, before, writer);
  return merged;
}

function changeableOf(before: Task, { parties }: Writer): (element: Element) => boolean {
  const draft = stateOf(before).status === 'draft' && parties.has('source');
  const over = isTerminal(before);
  return element => {
    if (draft) return element !== 'requester' && element !== 'code' && element !== 'authoredOn';
    if (over && !afterTheEnd.includes(element)) return false;
    return changeableBy[element]?.some(party => parties.has(party)) ?? false;
  };
}

function kept(before: Task, after: Task, changeable: (element: Element) => boolean): Partial<Task> {
  const problems: Problem[] = [];
  const result: Record<string, unknown> = {};
  for (const element of [...fixed, ...(Object.keys(changeableBy) as Element[])]) {
    if (changeable(element) || isDeepStrictEqual(before[element], after[element])) continue;
    if (after[element] === undefined) result[element] = before[element];
    else problems.push(notYours(element, before));
  }
  if (problems.length) throw new HubError('unprocessable', problems);
  return result as Partial<Task>;
}

function notYours(element: Element, before: Task): Problem {
  const parties = isTerminal(before) ? [] : (changeableBy[element] ?? []);
  const rule = parties.includes('source')
    ? 'only the sender changes it'
    : parties.includes('target')
      ? 'only the receiver changes it'
      : `it is fixed once the referral is ${isTerminal(before) ? 'over' : 'sent'}`;
  return {
    text: `Task.${element} cannot be changed: ${rule}. Send it as it was, or leave it out.`,
    expression: `Task.${element}`,
  };
}

/** The receiver passes the Task on within its own organization, a claim or the sender names who was not named. */
function settleOwner(merged: Task, before: Task, transition: ReferralEvent, writer: Writer): void {
  if (stateOf(before).status === 'draft') return;
  if (transition.event === 'claim') {
    const named = merged.owner?.reference;
    if (named === undefined) merged.owner = { reference: `Organization/${writer.author.organization}` };
    if (named === undefined || writer.author.own.has(named)) return;
    throw new HubError('unprocessable', {
      text: 'Task.owner must name the organization that claims the referral: its Organization, PractitionerRole or HealthcareService.',
      expression: 'Task.owner',
    });
  }
  set(merged, 'owner', merged.owner ?? before.owner);
  if (isDeepStrictEqual(before.owner, merged.owner)) return;
  const { organizationOf, parties } = writer;
  const [was, is] = [before.owner, merged.owner].map(owner => organizationOf.get(owner?.reference ?? ''));
  const within = parties.has('target') && is !== undefined && is === was && !isTerminal(before);
  const named =
    parties.has('source') && !before.owner && is !== undefined && stateOf(before).status === 'requested';
  if (within || named) return;
  throw new HubError('unprocessable', {
    text: 'Task.owner cannot become another organization: the receiver may pass the Task on within its own; to ask somebody else, the sender makes a new Task.',
    expression: 'Task.owner',
  });
}

/** The receiver's, and nothing is taken away once the referral is over; the hub links what comes from below. */
function outputs(before: Task, after: Task, { parties }: Writer, over: boolean): Task['output'] {
  const stored = before.output ?? [];
  if (parties.has('target') && !parties.has('hub') && !over) return after.output ?? stored;
  const all = union(stored, after.output);
  if (all.length === stored.length || parties.has('target')) return all;
  throw new HubError('unprocessable', {
    text: 'Task.output is what the receiver reports: leave it as it is, or write a note.',
    expression: 'Task.output',
  });
}

/** What is stored, in its order, and what is new. */
function union<T>(stored: readonly T[] = [], sent: readonly T[] = []): T[] {
  return [...stored, ...sent.filter(one => !stored.some(other => isDeepStrictEqual(one, other)))];
}

/** Nobody can tell whose an extension is: one that is not sent stays, one that is sent replaces those of its URL. */
function extensions(before: Task, after: Task, hub: boolean): Task['extension'] {
  const writes = (url: string) => !hubsOwn.includes(url) || (hub && url === extension.escalation);
  const sent = (after.extension ?? []).filter(one => writes(one.url));
  const stays = (before.extension ?? []).filter(one => !sent.some(other => other.url === one.url));
  return [...stays, ...sent];
}

/** Security labels decide who sees the Task: they are the sender's, and stay where none are sent. */
function keepMeta(merged: Task, before: Task, { parties }: Writer): void {
  const meta = { ...before.meta, ...merged.meta };
  const security = (parties.has('source') && merged.meta?.security) || before.meta?.security;
  delete meta.security;
  set(merged, 'meta', { ...meta, ...(security ? { security } : {}) });
}

/** Who caused a state may say or mend its reason. */
function settleReason(merged: Task, before: Task, { parties }: Writer): void {
  if (!merged.statusReason || isDeepStrictEqual(merged.statusReason, before.statusReason)) return;
  const state = stateOf(before);
  const bySource = state.status === 'cancelled' && state.step === '6.0';
  const ended = ['rejected', 'failed', 'on-hold', 'cancelled', 'completed'].includes(state.status);
  if (parties.has('hub') || (ended && parties.has(bySource ? 'source' : 'target'))) return;
  throw new HubError('unprocessable', {
    text: 'Task.statusReason belongs to a change of status: leave it out, or write a note.',
    expression: 'Task.statusReason',
  });
}

function set<K extends Element>(task: Task, element: K, value: Task[K]): void {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) delete task[element];
  else task[element] = value;
}
