import type { Task } from '@medplum/fhirtypes';
import { deliver } from '../../bots/deliver.ts';
import { HubError } from '../errors.ts';
import { canonical, system } from '../fhir/canonical.ts';
import type { WriteOperation } from '../fhir/repository.ts';
import type { BotChange } from './bot.ts';

/** Tasks for the people who run the hub (terminology/hub-task.json). */
export const hubTaskSystem = `${canonical}/CodeSystem/hub-task`;

export interface Failure {
  bot: string;
  /** Absent: a scheduled run. */
  change?: BotChange;
  /** Whether the changed resource is still there to be pointed at. */
  present: boolean;
  error: unknown;
  attempts: number;
  now: Date;
  hubOrganization: string;
}

/**
 * The Task that tells a person of a run that keeps failing; one open Task for each bot and resource, however
 * often it fails.
 */
export function parkOperation(failure: Failure): WriteOperation {
  const { bot, change, present, now, hubOrganization } = failure;
  const hub = { reference: `Organization/${hubOrganization}` };
  const value = change ? `${bot}/${change.type}/${change.id}` : bot;
  const resource: Task = {
    resourceType: 'Task',
    identifier: [{ system: system.hubIdentifier, value }],
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: hubTaskSystem, code: 'investigate', display: 'Investigate' }] },
    description: described(failure),
    authoredOn: now.toISOString(),
    requester: hub,
    owner: hub,
    ...(change && present ? { focus: { reference: `${change.type}/${change.id}` } } : {}),
  };
  const ifNoneExist = new URLSearchParams({
    identifier: `${system.hubIdentifier}|${value}`,
    code: `${hubTaskSystem}|investigate`,
    status: 'requested',
  });
  return { kind: 'create', resource, ifNoneExist: ifNoneExist.toString() };
}

/** The Task that tells of mail that was not taken: the mail itself is looked at and retried in the outbox. */
export const isDeliverTask = ({ identifier = [] }: Task): boolean =>
  identifier.some(one => one.system === system.hubIdentifier && one.value === deliver.name);

function described({ bot, change, error, attempts }: Failure): string {
  return `The bot ${bot} failed ${attempts} times ${occasion(change)} and went on without it: ${told(error)}`;
}

function occasion(change: BotChange | undefined): string {
  if (!change) {
    return 'at a scheduled run';
  }
  const what = `${change.type}/${change.id}`;
  return change.op === 'due' ? `when ${what} was due` : `at the ${change.op} of ${what}`;
}

/**
 * What may be written down of an error. The hub's own errors name elements, never their values; the text of
 * any other may quote data of a person, so only its kind and place are told.
 */
export function told(error: unknown): string {
  if (error instanceof HubError) {
    return error.problems
      .map(({ text, expression }) => (expression ? `${text} (${expression})` : text))
      .join('; ');
  }
  if (!(error instanceof Error)) {
    return `a ${typeof error} was thrown`;
  }
  const place = /([\w.-]+:\d+):\d+\)?$/m.exec(error.stack ?? '')?.[1];
  return place ? `${error.name} in ${place}` : error.name;
}
