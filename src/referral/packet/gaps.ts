import type { CodeableConcept, Extension, Resource, Task } from '@medplum/fhirtypes';
import gapReasons from '../../../terminology/packet-gap-reason.json' with { type: 'json' };
import type { Problem } from '../../errors.ts';
import { type Checked, checkPacket, type Material } from './check.ts';
import { meaningOf, type Need } from './needs.ts';
import { packetExtension, packetSystem } from './rules.ts';

/** Something that was missing when a referral was sent. */
export interface Gap {
  key: string;
  title: string;
  reason?: CodeableConcept;
  /** When it was added after all. */
  supplied?: string;
  extension: Extension;
}

export function gapsOf(task: Pick<Task, 'extension'> | undefined): Gap[] {
  return (task?.extension ?? []).flatMap(extension => {
    if (extension.url !== packetExtension.gap) return [];
    const part = (url: string) => extension.extension?.find(one => one.url === url);
    const named = {
      item: part('item')?.valueCodeableConcept,
      questionnaire: part('questionnaire')?.valueCanonical,
    };
    const meaning = meaningOf(named);
    const reason = part('reason')?.valueCodeableConcept;
    const supplied = part('supplied')?.valueDateTime;
    if (!meaning) return [];
    const { key, title } = meaning;
    return [{ key, title, extension, ...(reason ? { reason } : {}), ...(supplied ? { supplied } : {}) }];
  });
}

/** The Task with these gaps and no others. */
export function withGaps(task: Task, gaps: readonly Extension[]): Task {
  const others = (task.extension ?? []).filter(({ url }) => url !== packetExtension.gap);
  const { extension: _, ...rest } = task;
  const extension = [...others, ...gaps];
  return extension.length ? { ...rest, extension } : rest;
}

/** How a gap is stated, on the way in with its reason and on the way out. */
export function gapExtension(
  { item, questionnaire }: Pick<Need, 'item' | 'questionnaire'>,
  reason: CodeableConcept | undefined,
): Extension {
  return {
    url: packetExtension.gap,
    extension: [
      ...(item ? [{ url: 'item', valueCodeableConcept: item }] : []),
      ...(questionnaire ? [{ url: 'questionnaire', valueCanonical: questionnaire }] : []),
      ...(reason ? [{ url: 'reason', valueCodeableConcept: reason }] : []),
    ],
  };
}

/** Who sends: a person has to give reasons; the hub, which asks in another's name, passes on what it was given. */
export interface Sending {
  checked: readonly Checked[];
  /** Reasons given, with this Task or with the one it is part of. */
  given: readonly Gap[];
}

/** What stands in the way of sending: each gap that has no reason, or that no reason helps. */
export function refusalsOf({ checked, given }: Sending): Problem[] {
  return open(checked).flatMap(({ need, status }): Problem[] => {
    const what = `"${need.title}" is ${status === 'held' ? 'there, but not attached' : 'missing'}`;
    if (need.strength === 'required')
      return [problem(`${what}, and the service takes no referral without it: attach it.`)];
    if (isReason(given.find(({ key }) => key === need.key)?.reason)) return [];
    return [problem(`${what}: attach it, or say in a packet-gap why it is sent without, ${reasonForm}.`)];
  });
}

const reasonCodes = gapReasons.concept.map(({ code }) => code);

const reasonForm = `with a code of ${packetSystem.gapReason} (${reasonCodes.join(', ')}) and a text`;

const problem = (text: string): Problem => ({
  text: `The receiver's packet: ${text}`,
  expression: 'Task.extension',
});

const isReason = (reason: CodeableConcept | undefined): boolean =>
  Boolean(reason?.text?.trim()) &&
  (reason?.coding ?? []).some(
    ({ system, code }) => code && (system !== packetSystem.gapReason || reasonCodes.includes(code)),
  );

/** What the Task tells the receiver: all that was expected and is missing, with the reasons. */
export const gapsAtSending = ({ checked, given }: Sending): Extension[] =>
  open(checked).map(({ need }) => gapExtension(need, given.find(({ key }) => key === need.key)?.reason));

const open = (checked: readonly Checked[]): Checked[] =>
  checked.filter(({ need, status }) => status !== 'attached' && need.strength !== 'welcome');

/** Gaps that were filled since are marked so, and stay: they tell what the decision rested on. */
export function settledGaps(gaps: readonly Gap[], material: Material): Extension[] {
  return gaps.map(gap => {
    if (gap.supplied || !isSupplied(gap, material)) return gap.extension;
    const supplied = { url: 'supplied', valueDateTime: material.now.toISOString() };
    return { ...gap.extension, extension: [...(gap.extension.extension ?? []), supplied] };
  });
}

function isSupplied({ extension }: Gap, material: Material & { attached: readonly Resource[] }): boolean {
  const parts = extension.extension ?? [];
  const meaning = meaningOf({
    item: parts.find(({ url }) => url === 'item')?.valueCodeableConcept,
    questionnaire: parts.find(({ url }) => url === 'questionnaire')?.valueCanonical,
  });
  return meaning !== undefined && checkPacket([meaning], material)[0]?.status === 'attached';
}
