import type { Extension, Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import { extension } from '../../fhir/canonical.ts';
import type { RuleContext, WriteRule } from '../../fhir/write/rules.ts';
import { put } from '../lifecycle/advance.ts';
import { sourceOf } from '../lifecycle/parties.ts';
import { isReferralTask, requestOf } from '../lifecycle/referral-task.ts';
import { isTerminal, stateOf } from '../lifecycle/state.ts';
import { duplicatesOf, type Sent } from './duplicates.ts';

/**
 * Whoever sends a referral while another one for the same person and need is open is not stopped: the new Task says
 * so. It names only what both of its own parties are party to, for everyone who sees the Task sees what it names.
 */
export const duplicateRule: WriteRule = {
  types: ['Task'],
  async apply(change, context) {
    const before = change.before as Task | undefined;
    const after = change.after as Task | undefined;
    if (!after || change.actor.importing || !isReferralTask(after) || !sends(before, after)) return {};
    const found = await openDuplicates(after, context);
    const others = (after.extension ?? []).filter(one => one.url !== extension.possibleDuplicate);
    const marked = { ...after };
    put(marked, 'extension', [...others, ...found.map(named)]);
    return { after: marked };
  },
};

const sends = (before: Task | undefined, after: Task): boolean =>
  stateOf(after).status !== 'draft' &&
  !isTerminal(after) &&
  (before === undefined || stateOf(before).status === 'draft');

const named = ({ task }: Sent): Extension => ({
  url: extension.possibleDuplicate,
  valueReference: { reference: `Task/${task.id}` },
});

async function openDuplicates(task: Task, context: RuleContext): Promise<Sent[]> {
  const request = await context.get<ServiceRequest>(requestOf(task) ?? '');
  const patient = task.for?.reference;
  if (!request || !patient || !(await context.get<Patient>(patient))) return [];
  const parties = await partiesOf({ task, request }, context);
  if (parties.size === 0) return [];
  const sent: Sent[] = [];
  for (const other of await context.referring<Task>('Task', 'patient', patient)) {
    const about = requestOf(other);
    if (!other.id || other.id === task.id || !isReferralTask(other) || isTerminal(other) || !about) continue;
    const of = await context.get<ServiceRequest>(about);
    if (of) sent.push({ task: other, request: of });
  }
  const shown: Sent[] = [];
  for (const one of duplicatesOf(request, sent)) {
    const others = await partiesOf(one, context);
    if ([...parties].every(party => others.has(party) || party === context.hubOrganization)) shown.push(one);
  }
  return shown;
}

/** Who asks and who is asked; nobody where it is not known who asks. */
async function partiesOf({ task, request }: Sent, context: RuleContext): Promise<ReadonlySet<string>> {
  const source = await sourceOf(task, request, context, '');
  const target = await context.organizationOf(task.owner?.reference);
  return new Set(source === '' ? [] : [source, ...(target === undefined ? [] : [target])]);
}
