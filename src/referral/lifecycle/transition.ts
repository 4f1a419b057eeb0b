import type { State, Status } from './state.ts';
import type { StepCode } from './steps.ts';

/** A party of one referral Task: who asks, who is asked, anyone where nobody is named, the hub as such. */
export type Party = 'source' | 'target' | 'claimant' | 'hub';

/** A pattern of states. Absent parts match anything. */
export interface From {
  status: Status | 'none';
  steps?: readonly StepCode[];
  except?: readonly StepCode[];
  owned?: boolean;
  cut?: boolean;
}

/** `prior`: the step before the hold; `mirrored`: that of the Task below; `same`: unchanged. */
export interface To {
  status: Status | 'same';
  step?: StepCode | 'prior' | 'mirrored' | 'same';
}

/** IHE 360X transaction (option) numbers, with what sets it apart where one serves several events. */
export interface Message360X {
  transaction: '55' | '56' | '57' | '58' | '59' | '60' | '61';
  kind?: 'decline' | 'update' | 'confirm';
}

export interface Transition {
  /** The row of the published table; letters mark what its text adds. */
  row: string;
  event: string;
  by: Party;
  from: readonly From[];
  to: To;
  /** Only a business status that says so means this event: the status alone means another, or none. */
  explicit?: true;
  /** Decided by the hub from what happened elsewhere; no writer can ask for it. */
  internal?: true;
  needs?: readonly ('reason' | 'output')[];
  /** What the ServiceRequest is in this state; `closes`: what its source sets it to next. */
  request: 'draft' | 'active' | 'entered-in-error' | 'closes-completed' | 'closes-revoked' | 'unchanged';
  messages: readonly Message360X[];
  /** What the event does, as words after the name of who did it. */
  words: string;
}

/** Under way; while the sender asks to cancel (5.2) only the rows that name it apply. */
export const underWay: readonly From[] = [
  { status: 'accepted' },
  { status: 'in-progress', except: ['5.2'] },
  { status: 'on-hold' },
];
export const atWork: readonly From[] = [{ status: 'accepted' }, { status: 'in-progress', except: ['5.2'] }];
export const askedToCancel: readonly From[] = [{ status: 'in-progress', steps: ['5.2'] }];
export const at = (...steps: StepCode[]): readonly From[] => [{ status: 'in-progress', steps }];
export const every: readonly From[] = (
  [
    'draft',
    'requested',
    'accepted',
    'rejected',
    'in-progress',
    'on-hold',
    'completed',
    'failed',
    'cancelled',
  ] as const
).map(status => ({ status }));

/** Whether an event can happen in a state (`undefined`: before the Task is there). */
export function fits(transition: Transition, state: State | undefined): boolean {
  return transition.from.some(pattern => {
    if (!state) return pattern.status === 'none';
    if (pattern.status !== state.status) return false;
    if (pattern.steps && !(state.step && pattern.steps.includes(state.step))) return false;
    if (pattern.except && state.step && pattern.except.includes(state.step)) return false;
    if (pattern.owned !== undefined && pattern.owned !== state.owned) return false;
    return pattern.cut === undefined || pattern.cut === state.cut;
  });
}
