import type { ActorName, ConsentState, Facts, Relationship, Subject } from './facts.ts';

/**
 * The rules of who may see what, read off the page and nothing else: no code of the hub, no SQL, no time. The
 * matrix compares every answer of the hub with these.
 */

/** The organization that an actor speaks for. The narrow token is the recipient's. */
const speaksFor = (actor: ActorName) => (actor === 'narrow' ? 'recipient' : actor);

/** Whose a resource is. An output is the recipient's work; where it did none, the clinic's. */
export function ownerOf(subject: Subject, facts: Facts): ReturnType<typeof speaksFor> {
  if (subject === 'note') return 'clinic';
  if (subject === 'output') return workedByRecipient(facts.relationship) ? 'recipient' : 'clinic';
  return passedOn.includes(subject) ? 'bot' : 'source';
}

/** What the hub writes to pass on what the source sent: it stays the source's information. */
const passedOn: readonly Subject[] = ['copy', 'offer'];

const speaksOf = (subject: Subject, facts: Facts) =>
  passedOn.includes(subject) ? 'source' : ownerOf(subject, facts);

const workedByRecipient = (relationship: Relationship): boolean => relationship.startsWith('completed');

const longOver = (relationship: Relationship): boolean =>
  relationship === 'completed-after-grace' || relationship === 'completed-case-open';

const labelled: readonly Subject[] = ['attached', 'unattached', 'note', 'entry', ...passedOn];

/** A treating provider that works with the person, or did a moment ago, sees the record. */
const record: readonly Relationship[] = [
  'accepted-treating',
  'completed-within-grace',
  'completed-case-open',
  'care-team-member',
];
/** Who is asked, or works without treating, sees the packet. */
const packet: readonly Relationship[] = [
  'offered',
  'accepted-treating',
  'accepted-not-treating',
  'completed-within-grace',
];
/** Who was ever asked keeps the Task. */
const asked: readonly Relationship[] = [
  'offered',
  'accepted-treating',
  'accepted-not-treating',
  'declined',
  'withdrawn',
  'expired',
  'completed-within-grace',
  'completed-after-grace',
  'completed-case-open',
];

type Level = 'packet' | 'record';

/** Whether what needs a consent may be shown. A consent is the source's: it speaks for its own records alone. */
function cleared(
  consent: ConsentState,
  to: 'recipient' | 'clinic',
  level: Level,
  discloser: string,
): boolean {
  if (discloser !== 'source') return false;
  if (consent === 'names the recipient') return to === 'recipient';
  if (consent === 'permitted and denied') return false;
  // Through an intermediary a general designation reaches only those who treat the person.
  if (consent === 'general designation') return level === 'record';
  // Revoked, expired, none, and one that names somebody else.
  return false;
}

/** Whether it exists for the organization of the actor, whatever its token may do. */
export function exists(subject: Subject, actor: ActorName, facts: Facts): boolean {
  const who = speaksFor(actor);
  const owner = ownerOf(subject, facts);
  if (who === owner) return true;
  const needsConsent = facts.label !== 'none' && labelled.includes(subject);
  if (subject === 'entry') return !needsConsent;
  if (who === 'stranger') return false;
  // The hub keeps the ledger: Tasks and their requests; of what was sent to it, what came of it and, for as long as
  // anybody who is asked, who it is about.
  if (who === 'bot') {
    if (subject === 'output') return workedByRecipient(facts.relationship);
    return ['task', 'request'].includes(subject) || (subject === 'patient' && !longOver(facts.relationship));
  }
  if (who === 'source') return subject === 'output' || passedOn.includes(subject);
  return levelsOf(subject, who, facts).some(
    level => !needsConsent || cleared(facts.consent, who, level, speaksOf(subject, facts)),
  );
}

function levelsOf(subject: Subject, who: 'recipient' | 'clinic', facts: Facts): Level[] {
  const { relationship } = facts;
  const wasAsked = asked.includes(relationship);
  // The clinic accepted a referral of its own; it treats the person: it sees the record, all of it.
  if (who === 'clinic') {
    const its = ['patient', 'attached', ...(wasAsked ? [] : ['request', 'task', 'copy', 'offer'])].includes(
      subject,
    );
    return its ? ['packet', 'record'] : ['record'];
  }
  const levels: Level[] = [];
  if (record.includes(relationship)) levels.push('record');
  const attachedToIt = ['patient', 'request', 'attached', 'copy'].includes(subject);
  if (packet.includes(relationship) && attachedToIt) levels.push('packet');
  if ((subject === 'task' || subject === 'offer') && wasAsked) levels.push('packet');
  return levels;
}

/** Whether the actor's token allows the type. */
export const inScope = (actor: ActorName, type: string): boolean => actor !== 'narrow' || type === 'Task';

/** What the actor finds by any path of reading. */
export const finds = (subject: Subject, actor: ActorName, facts: Facts, type: string): boolean =>
  inScope(actor, type) && exists(subject, actor, facts);

/** What an attempt to write meets. */
export type WriteAnswer = 'done' | 'forbidden' | 'not-found' | 'unprocessable' | 'conflict';

/** Changing, or deleting something that others refer to. */
export function changes(
  kind: 'update' | 'delete',
  subject: Subject,
  actor: ActorName,
  facts: Facts,
  type: string,
): WriteAnswer {
  if (!inScope(actor, type) || (actor === 'narrow' && kind === 'delete')) return 'forbidden';
  if (!exists(subject, actor, facts)) return 'not-found';
  if (speaksFor(actor) !== ownerOf(subject, facts)) return 'forbidden';
  return kind === 'update' ? 'done' : 'conflict';
}

/** A reference to what one may not see is a reference to nothing. The hub's bots pass on the references of others. */
export function refersTo(subject: Subject, actor: ActorName, facts: Facts): WriteAnswer {
  if (actor === 'narrow') return 'forbidden';
  return actor === 'bot' || exists(subject, actor, facts) ? 'done' : 'unprocessable';
}

/** A condition selects only among what the actor sees, whoever it is. */
export function selects(subject: Subject, actor: ActorName, facts: Facts): WriteAnswer {
  if (actor === 'narrow') return 'forbidden';
  return exists(subject, actor, facts) ? 'done' : 'unprocessable';
}
