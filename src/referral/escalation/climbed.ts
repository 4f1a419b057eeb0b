import { isDeepStrictEqual } from 'node:util';
import type { Extension, Task } from '@medplum/fhirtypes';
import { extension } from '../../fhir/canonical.ts';
import type { Action } from '../lifecycle/due.ts';

/** Who is told, or what is done (code system `escalation-rung`). */
export type Rung =
  | 'reminder'
  | 'supervisor'
  | 'outreach'
  | 'receiver'
  | 'next-candidate'
  | 'source'
  | 'network'
  | 'opening';

/** A rung that was climbed, for one action and the time it was due. */
export interface Climbed {
  rung: Rung;
  action: Action;
  /** ISO instants. */
  due: string;
  at: string;
}

/** What is written on a Task of the rungs climbed (extension `escalation`). */
export function climbedOf(task: Task): Climbed[] {
  return (task.extension ?? [])
    .filter(({ url }) => url === extension.escalation)
    .map(({ extension: parts = [] }) => {
      const part = (url: string) => parts.find(one => one.url === url);
      return {
        rung: (part('rung')?.valueCode ?? 'reminder') as Rung,
        action: part('action')?.valueCode as Action,
        due: part('due')?.valueDateTime ?? '',
        at: part('at')?.valueDateTime ?? '',
      };
    });
}

/** The Task's extensions with these rungs, and no others. */
export function withClimbed(task: Task, climbed: readonly Climbed[]): Extension[] {
  const others = (task.extension ?? []).filter(({ url }) => url !== extension.escalation);
  return [...others, ...climbed.map(written)];
}

const written = ({ rung, action, due, at }: Climbed): Extension => ({
  url: extension.escalation,
  extension: [
    { url: 'rung', valueCode: rung },
    { url: 'action', valueCode: action },
    { url: 'due', valueDateTime: due },
    { url: 'at', valueDateTime: at },
  ],
});

/** The turn was handed to the sender, because whose turn it was did nothing. */
export const isHanded = (task: Task): boolean => climbedOf(task).some(({ rung }) => rung === 'source');

/** Whether anybody but the hub has said something on the Task: a note, something sent along, a finer step. */
export function heard(before: Task, after: Task, hub: string): boolean {
  const notes = (after.note ?? []).filter(
    note => note.authorReference?.reference !== `Organization/${hub}` && !has(before.note, note),
  );
  const more = (element: 'input' | 'output') =>
    (after[element] ?? []).some(one => !has(before[element], one));
  const moved = !isDeepStrictEqual(before.businessStatus, after.businessStatus);
  return notes.length > 0 || more('input') || more('output') || moved;
}

const has = (all: readonly unknown[] = [], one: unknown): boolean =>
  all.some(other => isDeepStrictEqual(one, other));
