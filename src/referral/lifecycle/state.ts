import type { Task } from '@medplum/fhirtypes';
import { extension } from '../../fhir/canonical.ts';
import { type StepCode, stepIn } from './steps.ts';

export type Status = Task['status'];

/** Where a referral Task stands. */
export interface State {
  status: Status;
  /** Absent on a draft and on an error. */
  step?: StepCode;
  /** False: nobody is named, the Task can be claimed. */
  owned: boolean;
  /** Cancelled by the sender while under way, without the receiver's word: an outcome may still come. */
  cut: boolean;
}

/**
 * The business status each status may have, the usual one first. `in-progress` with 3.0 or waitlisted is a Task
 * of the hub's that mirrors the organization below it.
 */
export const stepsOf: Record<Exclude<Status, 'received' | 'ready'>, readonly StepCode[]> = {
  draft: [],
  requested: ['2.0'],
  accepted: ['3.0'],
  rejected: ['4.0'],
  'in-progress': ['in-progress', '5.1.1', '5.1.2', '5.1.3', '5.1.4', '5.2', '3.0', 'waitlisted'],
  'on-hold': ['waitlisted'],
  completed: ['7.0'],
  failed: ['4.0'],
  cancelled: ['6.0', '4.0'],
  'entered-in-error': [],
};

type KnownStatus = keyof typeof stepsOf;

/** `received` is BSeR's word for requested, `ready` a step between accepted and in-progress that the hub has not. */
export function knownStatus(status: Status): KnownStatus {
  if (status === 'received') return 'requested';
  return status === 'ready' ? 'accepted' : status;
}

/** The state of a stored Task; one that was imported without a fitting business status has the usual one. */
export function stateOf(task: Task): State {
  const status = knownStatus(task.status);
  const step = fitting(status, task);
  const cut = status === 'cancelled' && step === '6.0' && priorStep(task) !== undefined;
  return { status, ...(step ? { step } : {}), owned: task.owner !== undefined, cut };
}

function fitting(status: KnownStatus, task: Task): StepCode | undefined {
  const possible = stepsOf[status];
  const stored = stepIn(task.businessStatus);
  return stored && possible.includes(stored) ? stored : possible[0];
}

/** The step at which the Task was put on hold, or cancelled under way. */
export function priorStep(task: Task): StepCode | undefined {
  return stepIn(task.extension?.find(one => one.url === extension.priorStep)?.valueCodeableConcept);
}

const terminal: readonly Status[] = ['rejected', 'cancelled', 'failed', 'completed', 'entered-in-error'];
const working: readonly Status[] = ['accepted', 'ready', 'in-progress', 'on-hold'];

export const isTerminal = (task: Task): boolean => terminal.includes(task.status);
/** Accepted and not over. */
export const isWorking = (task: Task): boolean => working.includes(task.status);
/** Sent and not answered. */
export const isOffered = (task: Task): boolean => knownStatus(task.status) === 'requested';
