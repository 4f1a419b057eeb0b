import type { HealthcareService, Task } from '@medplum/fhirtypes';
import type { Bot, BotApi } from '../src/events/bot.ts';
import type { WriteOperation } from '../src/fhir/repository.ts';
import { verifiedOn } from '../src/referral/routing/facts.ts';
import { query } from '../src/referral/routing/reader.ts';
import {
  askToVerify,
  isToBeVerified,
  verifyEntry,
  verifyTaskSystem,
} from '../src/referral/routing/verifying.ts';

/**
 * Asks organizations to confirm their entries of the directory before these sink, and is satisfied once they have.
 * It asks once: the Task stays open until the entry is confirmed, closed or gone.
 */
export const verifyDirectory: Bot = {
  name: 'verify-directory',
  description: 'Asks organizations to confirm entries of the directory that nobody has confirmed for long.',
  on: ['HealthcareService'],
  schedule: '20 6 * * *',
  async due(api) {
    const entries = await api.search<HealthcareService>('HealthcareService', 'active:not=false');
    const old = entries.filter(entry => isToBeVerified(entry, api.now));
    const asked = new Set((await openTasks(api)).map(({ focus }) => focus?.reference));
    return fewEach(old.filter(({ id }) => !asked.has(`HealthcareService/${id}`))).map(
      ({ id }) => `HealthcareService/${id}`,
    );
  },
  async run(api, change) {
    if (!change) return [];
    const reference = `${change.type}/${change.id}`;
    const entry = await api.read<HealthcareService>(reference);
    const asked = await openTasks(api, reference);
    if (entry && entry.active !== false && isToBeVerified(entry, api.now))
      return change.op === 'due' && asked.length === 0 ? askToVerify(entry, api) : [];
    return asked.flatMap(task => done(task, entry));
  },
};

/** Each is a mail: nobody confirms a hundred of them on one morning. There are days enough before they sink. */
const mostADay = 5;

/** Of each organization those that were confirmed the longest ago. */
function fewEach(entries: readonly HealthcareService[]): HealthcareService[] {
  const oldest = entries.toSorted((a, b) => (verifiedOn(a) ?? '').localeCompare(verifiedOn(b) ?? ''));
  const each = Map.groupBy(oldest, ({ providedBy }) => providedBy?.reference);
  return [...each.values()].flatMap(own => own.slice(0, mostADay));
}

function openTasks(api: BotApi, focus?: string): Promise<Task[]> {
  const search = query({
    code: `${verifyTaskSystem}|${verifyEntry}`,
    status: 'requested',
    requester: `Organization/${api.hubOrganization}`,
    ...(focus ? { focus } : {}),
  });
  return api.search<Task>('Task', search);
}

/** Confirmed: completed. Closed or gone: nothing is left to confirm. */
function done(task: Task, entry: HealthcareService | undefined): WriteOperation[] {
  const { id, meta } = task;
  if (!id || !meta?.versionId) return [];
  const status = entry && entry.active !== false ? 'completed' : 'cancelled';
  return [
    { kind: 'update', type: 'Task', id, resource: { ...task, status }, ifMatch: `W/"${meta.versionId}"` },
  ];
}
