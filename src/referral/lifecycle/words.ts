import type { Annotation, Task } from '@medplum/fhirtypes';
import codeSystem from '../../../terminology/referral-status.json' with { type: 'json' };
import { system } from '../../fhir/canonical.ts';
import type { Graph, TaskNode } from './graph.ts';
import type { ReferralEvent } from './possible.ts';
import { wordsOf } from './reasons.ts';

/** A note of the hub's own. */
export const hubNote = ({ hub, now }: Pick<Graph, 'hub' | 'now'>, text: string): Annotation => ({
  authorReference: { reference: `Organization/${hub}` },
  time: now.toISOString(),
  text,
});

/** What happened to a Task, as one sentence for who watches from above; undefined where nothing did. */
export function sentence(
  graph: Graph,
  node: TaskNode,
  event: ReferralEvent,
  before: Task | undefined,
): string | undefined {
  const said = event.event === 'edit' ? finer(node.task, before) : event.words;
  if (!said) return undefined;
  const visit = event.event === 'schedule' ? node.task.executionPeriod?.start : undefined;
  const reason = event.needs?.includes('reason') ? wordsOf(node.task.statusReason) : undefined;
  return `${nameOf(graph, node)} ${said}${visit ? ` for ${visit}` : ''}${reason ? `: ${reason}` : ''}`.replace(
    /\.?$/,
    '.',
  );
}

/** That the organization at work is silent, for who sent the referral. */
export const silence = (graph: Graph, node: TaskNode): string =>
  `${nameOf(graph, node)} has not acted in spite of reminders: wait for it with a note that says so, cancel, or ask another organization.`;

function nameOf({ organizations }: Graph, { task, target }: TaskNode): string {
  return organizations.get(target ?? '')?.name ?? task.owner?.display ?? 'The organization asked';
}

const displays = new Map(
  (codeSystem.concept as { code: string; display: string; concept?: { code: string; display: string }[] }[])
    .flatMap(one => [one, ...(one.concept ?? [])])
    .map(one => [one.code, one.display]),
);

/** A finer step that is new: viewed, information requested, contact attempted. */
function finer(task: Task, before: Task | undefined): string | undefined {
  const own = (of: Task | undefined) =>
    of?.businessStatus?.coding?.find(one => one.system === system.referralStatus)?.code;
  const [was, is] = [own(before), own(task)];
  return is && is !== was ? `says: ${displays.get(is) ?? is}` : undefined;
}
