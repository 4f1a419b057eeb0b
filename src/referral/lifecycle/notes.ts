import { isDeepStrictEqual } from 'node:util';
import type { Annotation } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';

/** Who writes notes: the references that stand for them, and the organization to name where they name none. */
export interface Author {
  organization: string;
  /** Author references that belong to the writer. */
  own: ReadonlySet<string>;
  /** Author references that belong to another organization. */
  others: ReadonlySet<string>;
}

/**
 * Notes are kept in their order and added to. What others wrote stays, also when the writer's copy of the Task has
 * not got it; a new note says who wrote it and when, and nobody writes in another's name. A writer's own notes may
 * be changed where `own` is editable.
 */
export function mergeNotes(
  before: readonly Annotation[],
  sent: readonly Annotation[] | undefined,
  author: Author,
  now: Date,
  options: { editable: boolean },
): Annotation[] {
  if (!sent) return [...before];
  const keeps = (note: Annotation): boolean =>
    !options.editable || !isOwn(note, author) || sent.some(one => isSame(note, one, author));
  const added = sent.filter(one => !before.some(note => isSame(note, one, author)));
  return [...before.filter(keeps), ...added.map(one => signed(one, author, now))];
}

const isOwn = (note: Annotation, { own }: Author): boolean => own.has(note.authorReference?.reference ?? '');

/** The same note; the writer's copy of their own may lack the author and the time that the hub filled in. */
function isSame(stored: Annotation, sent: Annotation, author: Author): boolean {
  if (isDeepStrictEqual(stored, sent)) return true;
  const filled = {
    ...(sent.authorString ? {} : { authorReference: { reference: `Organization/${author.organization}` } }),
    ...(stored.time ? { time: stored.time } : {}),
    ...sent,
  };
  return isDeepStrictEqual(stored, filled);
}

function signed(note: Annotation, { organization, others }: Author, now: Date): Annotation {
  if (others.has(note.authorReference?.reference ?? '')) {
    throw new HubError('unprocessable', {
      text: 'Task.note has a new or changed entry in the name of another organization: notes of others stay as they are; add one of your own.',
      expression: 'Task.note',
    });
  }
  const named = note.authorReference ?? note.authorString;
  return {
    ...note,
    ...(named ? {} : { authorReference: { reference: `Organization/${organization}` } }),
    time: note.time ?? now.toISOString(),
  };
}
