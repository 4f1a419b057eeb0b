import type { StateName } from './lifecycle.ts';
import type { Ask } from './lifecycle-asks.ts';

type Legal = Partial<Record<Ask, StateName>>;

/** What the sender may do wherever the referral is under way. */
const senderUnderWay: Legal = { askToCancel: 'leaving', cancel: 'cut', markError: 'error' };
/** What the receiver may do at work. */
const receiverAtWork: Legal = {
  schedule: 'scheduled',
  scheduleInOurWords: 'scheduled',
  recordVisit: 'visited',
  hold: 'resting',
  complete: 'completed',
  fail: 'failed',
  cancel: 'withdrawn',
  bserDecline: 'withdrawn',
};

/** What is legal, and the state it leads to. The same state: nothing moves, or something is added. */
export const legal: Record<StateName, { source: Legal; target: Legal }> = {
  draft: {
    source: {
      send: 'requested',
      receive: 'requested',
      markError: 'error',
      redraft: 'draft',
      write: 'draft',
      hurry: 'draft',
      moveVisit: 'draft',
    },
    target: {},
  },
  unowned: {
    source: {
      cancel: 'cancelled',
      askToCancel: 'cancelled',
      markError: 'error',
      send: 'unowned',
      receive: 'unowned',
      write: 'unowned',
      hurry: 'unowned',
    },
    target: { accept: 'accepted' },
  },
  requested: {
    source: {
      cancel: 'cancelled',
      askToCancel: 'cancelled',
      markError: 'error',
      send: 'requested',
      receive: 'requested',
      write: 'requested',
      hurry: 'requested',
    },
    target: {
      accept: 'accepted',
      decline: 'rejected',
      bserDecline: 'rejected',
      redirect: 'rejected',
      question: 'requested',
      send: 'requested',
      receive: 'requested',
      write: 'requested',
      attach: 'requested',
      moveVisit: 'requested',
    },
  },
  accepted: {
    source: { ...senderUnderWay, accept: 'accepted', write: 'accepted', hurry: 'accepted' },
    target: {
      ...receiverAtWork,
      accept: 'accepted',
      questionAtWork: 'started',
      start: 'started',
      write: 'accepted',
      attach: 'accepted',
      moveVisit: 'accepted',
    },
  },
  started: {
    source: { ...senderUnderWay, start: 'started', write: 'started', hurry: 'started' },
    target: {
      ...receiverAtWork,
      questionAtWork: 'started',
      start: 'started',
      write: 'started',
      attach: 'started',
      moveVisit: 'started',
    },
  },
  scheduled: {
    source: {
      ...senderUnderWay,
      start: 'scheduled',
      schedule: 'scheduled',
      write: 'scheduled',
      hurry: 'scheduled',
    },
    target: {
      ...receiverAtWork,
      hold: 'restingScheduled',
      start: 'scheduled',
      missVisit: 'missed',
      cancelVisit: 'visitCancelled',
      write: 'scheduled',
      attach: 'scheduled',
      moveVisit: 'scheduled',
    },
  },
  missed: {
    source: { ...senderUnderWay, start: 'missed', missVisit: 'missed', write: 'missed', hurry: 'missed' },
    target: {
      ...receiverAtWork,
      start: 'missed',
      missVisit: 'missed',
      cancelVisit: 'visitCancelled',
      write: 'missed',
      attach: 'missed',
      moveVisit: 'missed',
    },
  },
  visitCancelled: {
    source: {
      ...senderUnderWay,
      start: 'visitCancelled',
      cancelVisit: 'visitCancelled',
      write: 'visitCancelled',
      hurry: 'visitCancelled',
    },
    target: {
      ...receiverAtWork,
      start: 'visitCancelled',
      cancelVisit: 'visitCancelled',
      write: 'visitCancelled',
      attach: 'visitCancelled',
      moveVisit: 'visitCancelled',
    },
  },
  visited: {
    source: {
      ...senderUnderWay,
      start: 'visited',
      recordVisit: 'visited',
      write: 'visited',
      hurry: 'visited',
    },
    target: {
      ...receiverAtWork,
      start: 'visited',
      cancelVisit: 'visitCancelled',
      write: 'visited',
      attach: 'visited',
      moveVisit: 'visited',
    },
  },
  resting: {
    source: { ...senderUnderWay, hold: 'resting', write: 'resting', hurry: 'resting' },
    target: {
      start: 'started',
      questionAtWork: 'started',
      complete: 'completed',
      fail: 'failed',
      cancel: 'withdrawn',
      bserDecline: 'withdrawn',
      hold: 'resting',
      write: 'resting',
      attach: 'resting',
      moveVisit: 'resting',
    },
  },
  restingScheduled: {
    source: {
      ...senderUnderWay,
      hold: 'restingScheduled',
      write: 'restingScheduled',
      hurry: 'restingScheduled',
    },
    target: {
      start: 'scheduled',
      schedule: 'scheduled',
      scheduleInOurWords: 'scheduled',
      complete: 'completed',
      fail: 'failed',
      cancel: 'withdrawn',
      bserDecline: 'withdrawn',
      hold: 'restingScheduled',
      write: 'restingScheduled',
      attach: 'restingScheduled',
      moveVisit: 'restingScheduled',
    },
  },
  leaving: {
    source: {
      cancel: 'cut',
      askToCancel: 'leaving',
      start: 'leaving',
      markError: 'error',
      write: 'leaving',
      hurry: 'leaving',
    },
    target: {
      cancel: 'cancelled',
      complete: 'completed',
      start: 'leaving',
      askToCancel: 'leaving',
      write: 'leaving',
      attach: 'leaving',
      moveVisit: 'leaving',
    },
  },
  rejected: {
    source: { markError: 'error', decline: 'rejected', write: 'rejected' },
    target: {
      decline: 'rejected',
      bserDecline: 'rejected',
      redirect: 'rejected',
      write: 'rejected',
      attach: 'rejected',
    },
  },
  failed: {
    source: { markError: 'error', fail: 'failed', write: 'failed' },
    target: { fail: 'failed', write: 'failed', attach: 'failed' },
  },
  withdrawn: {
    source: { markError: 'error', cancel: 'withdrawn', write: 'withdrawn' },
    target: { cancel: 'withdrawn', write: 'withdrawn', attach: 'withdrawn' },
  },
  cancelled: {
    source: { markError: 'error', cancel: 'cancelled', write: 'cancelled' },
    target: { cancel: 'cancelled', write: 'cancelled', attach: 'cancelled' },
  },
  cut: {
    source: { markError: 'error', cancel: 'cut', write: 'cut' },
    target: { cancel: 'cut', complete: 'cut', write: 'cut', attach: 'cut' },
  },
  completed: {
    source: {
      markError: 'error',
      complete: 'completed',
      completeWithout: 'completed',
      wrongStep: 'completed',
      write: 'completed',
    },
    target: {
      complete: 'completed',
      completeWithout: 'completed',
      wrongStep: 'completed',
      write: 'completed',
      attach: 'completed',
    },
  },
  error: {
    source: { markError: 'error', write: 'error' },
    target: { markError: 'error', write: 'error', attach: 'error' },
  },
};
