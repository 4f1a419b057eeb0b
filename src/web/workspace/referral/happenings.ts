import type { Annotation, Communication, Task } from '@medplum/fhirtypes';
import { isCategory } from '../../../referral/working/correspondence.ts';
import { shortWords } from '../../due-words.ts';
import { reasonWords, statusWords } from '../../status-words.ts';
import { timesIn } from '../../times-in.ts';

/** A version of the referral's Task. */
export interface Version {
  task: Task;
  at: Date;
  /** The organization (id) that wrote it. */
  by?: string;
}

export type Kind = 'state' | 'message' | 'question' | 'answer';

/** Something that happened with a referral. */
export interface Happening {
  at: Date;
  kind: Kind;
  /** The organization's id; absent: the hub, or nobody says. */
  who?: string;
  title: string;
  /** What was said with it. */
  texts: readonly string[];
  /** Long words of the hub: why it asks whom. */
  reasons: readonly string[];
  /** References to documents that came with it. */
  documents: readonly string[];
  /** Of a message of one's own: when the other side read it; null: not yet. */
  read?: Date | null;
  /** A message of the other side that nobody here has seen. */
  fresh?: true;
}

export interface Past {
  versions: readonly Version[];
  messages: readonly Communication[];
  /** The organization of the reader, and that of the hub. */
  reader: string;
  hub: string;
  organizationOf(reference: { reference?: string } | undefined): string | undefined;
  zone: string | undefined;
}

/** All that happened, oldest first. */
export function happenings(past: Past): Happening[] {
  const said = past.messages.flatMap(textsIn);
  const steps = past.versions.flatMap((version, index) => {
    const before = past.versions[index - 1];
    return stepOf(version, before, said, past);
  });
  const written = past.messages
    // Its note on the Task says the same, for both sides.
    .filter(one => !isCategory(one, 'contact-attempt'))
    .map(one => messageOf(one, past));
  return [...steps, ...written].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function stepOf(
  { task, at, by }: Version,
  before: Version | undefined,
  said: readonly string[],
  { hub, organizationOf, zone }: Past,
): Happening[] {
  const added = (task.note ?? []).slice(before?.task.note?.length ?? 0);
  const ofHub = (note: Annotation) => organizationOf(note.authorReference) === hub;
  const words = (notes: readonly Annotation[]) =>
    notes.map(({ text }) => timesIn(text.replaceAll('**', ''), zone));
  const told = words(added.filter(ofHub));
  const titles = told.filter(text => !isLong(text) && !said.some(one => text.includes(one)));
  const texts = words(added.filter(note => !ofHub(note))).filter(text => !said.includes(text));
  const state = titles.length ? titles : stateWords(task, before?.task, zone);
  const reason = changedReason(task, before?.task);
  const quoted = [...(reason && !titles.some(one => one.includes(reason)) ? [reason] : []), ...texts];
  const documents = referencesIn(task).filter(one => !before || !referencesIn(before.task).includes(one));
  if (!state.length && !quoted.length && !(documents.length && before)) return [];
  const [title = documents.length ? 'Document added' : 'Note', ...more] = state;
  const who = titles.length ? undefined : by === hub ? undefined : by;
  return [
    {
      at: new Date((before ? task.lastModified : task.authoredOn) ?? at),
      kind: 'state',
      ...(who ? { who } : {}),
      title: [title, ...more].join(' '),
      texts: [...new Set(quoted)],
      reasons: told.filter(isLong),
      documents: before ? documents : [],
    },
  ];
}

const isLong = (text: string): boolean => text.includes('\n') || text.length > 240;

/** What changed about where it stands, in words. */
function stateWords(task: Task, before: Task | undefined, zone: string | undefined): string[] {
  if (!before) return [task.status === 'draft' ? 'Prepared' : 'Asked'];
  const [was, is] = [statusWords(before), statusWords(task)];
  const start = task.executionPeriod?.start;
  const moved = start !== undefined && start !== before.executionPeriod?.start;
  if (was === is && !moved) return [];
  if (before.status === 'draft' && task.status === 'requested') return ['Sent'];
  return [moved ? `Visit scheduled for ${shortWords(new Date(start), zone)}` : is];
}

function changedReason(task: Task, before: Task | undefined): string | undefined {
  const reason = reasonWords(task);
  return reason && reason !== (before && reasonWords(before)) ? reason : undefined;
}

const referencesIn = ({ input = [], output = [] }: Task): string[] =>
  [...input, ...output].flatMap(({ valueReference }) => {
    const reference = valueReference?.reference;
    return reference?.startsWith('DocumentReference/') ? [reference] : [];
  });

const textsIn = ({ payload = [] }: Communication): string[] =>
  payload.flatMap(({ contentString }) => contentString ?? []);

function messageOf(message: Communication, { reader, organizationOf }: Past): Happening {
  const who = organizationOf(message.sender);
  const own = who === reader;
  const kind = isCategory(message, 'question')
    ? 'question'
    : isCategory(message, 'answer')
      ? 'answer'
      : 'message';
  return {
    at: new Date(message.sent ?? message.meta?.lastUpdated ?? 0),
    kind,
    ...(who ? { who } : {}),
    title: { question: 'Asks', answer: 'Answers', message: 'Writes' }[kind],
    texts: textsIn(message),
    reasons: [],
    documents: (message.payload ?? []).flatMap(({ contentReference }) => contentReference?.reference ?? []),
    ...(own && message.recipient?.length
      ? { read: message.received ? new Date(message.received) : null }
      : {}),
    ...(isUnread(message, reader, organizationOf) ? { fresh: true as const } : {}),
  };
}

/** A message that is for this organization, and that nobody there has opened. */
export function isUnread(
  message: Communication,
  reader: string,
  organizationOf: Past['organizationOf'],
): boolean {
  const forReader = (message.recipient ?? []).some(one => organizationOf(one) === reader);
  return forReader && !message.received && organizationOf(message.sender) !== reader;
}
