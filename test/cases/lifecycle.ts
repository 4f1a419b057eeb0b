import type { Task } from '@medplum/fhirtypes';
import { type Ask, asks } from './lifecycle-asks.ts';
import { legal } from './lifecycle-legal.ts';

/**
 * The referral lifecycle as cases: every state, everything each party may ask for in it, and what comes of it.
 * What is not listed as legal is refused (422 for the parties, 403 for others) and changes nothing. The table is
 * written by hand from the published lifecycle, and knows nothing of the code it tests.
 */

export type CaseParty = 'source' | 'target' | 'outsider';

export interface CaseState {
  status: Task['status'];
  /** Code of the business status. */
  step?: string;
  /** How to get there from a Task created as `requested` (as `draft`, or without an owner, where it says so). */
  path: readonly (readonly [party: CaseParty, ask: Ask])[];
  created?: 'draft' | 'unowned';
}

export const states = {
  draft: { status: 'draft', path: [], created: 'draft' },
  unowned: { status: 'requested', step: '2.0', path: [], created: 'unowned' },
  requested: { status: 'requested', step: '2.0', path: [] },
  accepted: { status: 'accepted', step: '3.0', path: [['target', 'accept']] },
  started: {
    status: 'in-progress',
    step: 'in-progress',
    path: [
      ['target', 'accept'],
      ['target', 'start'],
    ],
  },
  scheduled: {
    status: 'in-progress',
    step: '5.1.1',
    path: [
      ['target', 'accept'],
      ['target', 'schedule'],
    ],
  },
  missed: {
    status: 'in-progress',
    step: '5.1.2',
    path: [
      ['target', 'accept'],
      ['target', 'schedule'],
      ['target', 'missVisit'],
    ],
  },
  visitCancelled: {
    status: 'in-progress',
    step: '5.1.3',
    path: [
      ['target', 'accept'],
      ['target', 'schedule'],
      ['target', 'cancelVisit'],
    ],
  },
  visited: {
    status: 'in-progress',
    step: '5.1.4',
    path: [
      ['target', 'accept'],
      ['target', 'recordVisit'],
    ],
  },
  resting: {
    status: 'on-hold',
    step: 'waitlisted',
    path: [
      ['target', 'accept'],
      ['target', 'hold'],
    ],
  },
  restingScheduled: {
    status: 'on-hold',
    step: 'waitlisted',
    path: [
      ['target', 'accept'],
      ['target', 'schedule'],
      ['target', 'hold'],
    ],
  },
  leaving: {
    status: 'in-progress',
    step: '5.2',
    path: [
      ['target', 'accept'],
      ['source', 'askToCancel'],
    ],
  },
  rejected: { status: 'rejected', step: '4.0', path: [['target', 'decline']] },
  failed: {
    status: 'failed',
    step: '4.0',
    path: [
      ['target', 'accept'],
      ['target', 'fail'],
    ],
  },
  withdrawn: {
    status: 'cancelled',
    step: '4.0',
    path: [
      ['target', 'accept'],
      ['target', 'cancel'],
    ],
  },
  cancelled: { status: 'cancelled', step: '6.0', path: [['source', 'cancel']] },
  cut: {
    status: 'cancelled',
    step: '6.0',
    path: [
      ['target', 'accept'],
      ['source', 'cancel'],
    ],
  },
  completed: {
    status: 'completed',
    step: '7.0',
    path: [
      ['target', 'accept'],
      ['target', 'complete'],
    ],
  },
  error: { status: 'entered-in-error', path: [['source', 'markError']] },
} as const satisfies Record<string, CaseState>;

export type StateName = keyof typeof states;

export interface LifecycleCase {
  from: StateName;
  party: CaseParty;
  ask: Ask;
  patch: Partial<Task>;
  /** Absent: refused, and nothing changes. */
  to?: StateName;
}

/** Who is not named can only claim what names nobody. */
const outsiders = (from: StateName, ask: Ask): StateName | undefined =>
  from === 'unowned' && ask === 'accept' ? 'accepted' : undefined;

/** Every ask of every party in every state: the legal ones and all of their illegal neighbors. */
export const cases: readonly LifecycleCase[] = (Object.keys(states) as StateName[]).flatMap(from =>
  (['source', 'target', 'outsider'] as const).flatMap(party =>
    (Object.keys(asks) as Ask[]).map(ask => {
      const to = party === 'outsider' ? outsiders(from, ask) : legal[from][party][ask];
      return { from, party, ask, patch: asks[ask], ...(to ? { to } : {}) };
    }),
  ),
);

/** How a Task may come into being, by the status it is created with; all others are refused. */
export const creations: Partial<Record<Task['status'], StateName>> = {
  draft: 'draft',
  requested: 'requested',
  received: 'requested',
};
