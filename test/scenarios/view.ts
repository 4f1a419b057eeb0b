import type { AuditEvent, Bundle, Parameters, Resource, Task } from '@medplum/fhirtypes';
import { extension } from '../../src/fhir/canonical.ts';
import { nextStepOf } from '../../src/referral/lifecycle/next-step.ts';
import { isReferralTask } from '../../src/referral/lifecycle/referral-task.ts';
import { stateOf } from '../../src/referral/lifecycle/state.ts';
import { reminderExtension } from '../../src/referral/routing/chase.ts';
import type { Received } from '../harness/receiver.ts';
import type { Participant } from './participant.ts';
import type { ByName, Stage } from './stage.ts';

/**
 * What a participant finds about the person, as lines: what it may read of the record, then each Task, such as
 * `center: requested 2.0 · center answer by 03-03 09:00` (whose Task it is, how it stands, whose turn it is, and whether
 * it was reminded of or may be a duplicate).
 */
export async function viewOf(who: Participant, { person, attached, kept }: Stage): Promise<string[]> {
  const asks = [
    `Patient/${person.id}`,
    `Condition/${attached.id}`,
    `Observation/${kept.id}`,
    'Task?code=fulfill&_count=100',
  ];
  const entry = asks.map(url => ({ request: { method: 'GET', url } }));
  const body = { resourceType: 'Bundle', type: 'batch', entry };
  const answers = (await who.client.batch({ body } as never)) as unknown as Bundle;
  const [about, sent, rest, list] = (answers.entry ?? []).map(one =>
    one.response?.status.startsWith('200') ? one.resource : undefined,
  );
  const found = (list as Bundle<Task> | undefined)?.entry ?? [];
  const tasks = found.flatMap(({ resource }) => (resource?.resourceType === 'Task' ? [resource] : []));
  const level = levels[[about, sent, rest].map(one => (one ? '1' : '0')).join('')] ?? 'an odd part of it';
  const lines = tasks.map(line).sort();
  return level === 'nothing' ? lines : [level, ...lines];
}

const levels: Record<string, string> = {
  '000': 'nothing',
  '100': 'the person',
  '110': 'packet',
  '111': 'record',
};

function line(task: Task): string {
  const step = nextStepOf(task);
  const turn = step ? ` · ${step.turn} ${step.action} by ${step.due.slice(5, 16).replace('T', ' ')}` : '';
  const reminded = (task.note ?? []).some(({ extension }) =>
    extension?.some(one => one.url === reminderExtension),
  );
  const twice = task.extension?.some(one => one.url === extension.possibleDuplicate);
  return `${standing(task)}${turn}${reminded ? ' · reminded' : ''}${twice ? ' · duplicate' : ''}`;
}

/** `center: in-progress 5.1.1`, with the hub's finer code where there is one. */
function standing(task: Task): string {
  const { status, step } = stateOf(task);
  const finer = (task.businessStatus?.coding ?? []).map(({ code }) => code).filter(code => code !== step);
  const owner = task.owner?.reference?.split('/')[1] ?? 'nobody';
  return [`${owner}: ${status}`, step, ...finer.map(code => `(${code})`)].filter(Boolean).join(' ');
}

/** What came to a participant: one line whenever a Task stands otherwise than it was `last` told, by id. */
export function news(received: readonly Received[], name: string, last: Map<string, string>): string[] {
  const told = received
    .filter(one => one.path.endsWith(`/${name}`))
    .flatMap(one => (one.json?.entry ?? []) as { resource?: Resource }[])
    .flatMap(({ resource }) =>
      resource?.resourceType === 'Task' && isReferralTask(resource) ? [resource] : [],
    );
  return told.flatMap(task => {
    const now = standing(task);
    const key = `${name} ${task.id}`;
    if (last.get(key) === now) return [];
    last.set(key, now);
    return [now];
  });
}

/** From the list of disclosures that the keeper of the record reads: kinds of resources, by recipient. */
export async function disclosedTo(by: Participant, person: string): Promise<ByName> {
  const list = (await by.client.operation({
    name: '$disclosures',
    resourceType: 'Patient',
    id: person,
    method: 'GET',
    input: { _count: '1000' },
  } as never)) as unknown as Parameters;
  const all = (list.parameter ?? []).filter(({ name }) => name === 'disclosure');
  const told: Record<string, Set<string>> = {};
  for (const { part = [] } of all) {
    const at = (name: string) =>
      part.find(one => one.name === name)?.valueReference?.reference?.split('/') ?? [];
    const recipient = at('recipient')[1] ?? '?';
    told[recipient] ??= new Set();
    told[recipient].add(at('what')[0] ?? '?');
  }
  return Object.fromEntries(Object.entries(told).map(([name, kinds]) => [name, [...kinds].sort()]));
}

/** From the audit: what each agent has written of Tasks and requests, as CRUD letters. */
export async function writersOf(by: Participant): Promise<ByName> {
  const written = ['C', 'U'].map(action => by.finds<AuditEvent>('AuditEvent', { action, _count: '500' }));
  const events = (await Promise.all(written)).flat();
  const wrote: Record<string, Set<string>> = {};
  for (const event of events) {
    const kind = event.entity
      ?.map(({ what }) => what?.reference?.split('/')[0])
      .find(one => one === 'Task' || one === 'ServiceRequest');
    if (!kind || event.outcome !== '0') continue;
    const { who } = event.agent[0] ?? {};
    const agent = (who?.display ?? who?.reference ?? '?').replace(/^link .*/, 'a link');
    wrote[agent] ??= new Set();
    wrote[agent].add(`${event.action} ${kind}`);
  }
  return Object.fromEntries(Object.entries(wrote).map(([name, kinds]) => [name, [...kinds].sort()]));
}
