import type { CapacityStatement } from '../../src/referral/routing/statements.ts';
import type { Referral } from './referrals.ts';
import type { Service } from './services.ts';

/** Why a place says no, by `decline-reason`. */
export type Refusal = 'age' | 'payer' | 'other' | 'out-of-catchment' | 'clinical-mismatch' | 'no-capacity';

/** Something that has happened, at the moment it did. */
export type Deed = {
  at: number;
  /** Done by telephone, where the hub does not hear of it. */
  byHand: boolean;
} & What;

export type What =
  | { kind: 'sent' | 'exhausted' | 'given-up'; sent: Sent }
  | {
      kind: 'asked' | 'reminded' | 'expired' | 'withdrawn' | 'accepted' | 'failed' | 'visited' | 'missed';
      sent: Sent;
      service: Service;
    }
  | { kind: 'declined'; sent: Sent; service: Service; why: Refusal }
  | { kind: 'scheduled'; sent: Sent; service: Service; visit: number }
  | { kind: 'stated'; service: Service; statement: CapacityStatement };

/** A referral on its way. */
export interface Sent {
  referral: Referral;
  /** How often everybody has been tried. */
  round: number;
  /** Places asked in this round. */
  tried: Set<number>;
  /** Places that have declined in this round. */
  declined: Set<number>;
  /** The hub found nobody: a planner telephones. */
  byHand: boolean;
  /** Who has been asked and has not answered yet. */
  waiting: Set<Service>;
  /** First visits that have been given. */
  visits: number;
  outcome: Outcome;
}

/** What became of a referral. */
export interface Outcome {
  end?: 'seen' | 'unserved' | 'never-attended';
  /** Epoch milliseconds. */
  endedAt?: number;
  seenAt?: number;
  /** Who took it last. */
  service?: Service;
  /** How many were asked. */
  asked: number;
  /** Turns that were over time, and milliseconds by which they were. */
  overdueTurns: number;
  overdueMs: number;
}

/** Somebody to ask, and until when the offer stands; a planner waits as long as planners do. */
export interface Ask {
  service: Service;
  until?: number;
}

/** A way of sending: it knows the directory, and what has been done; never what is true of a place. */
export interface Way {
  name: 'hub' | 'list' | 'known';
  /** A planner calls, in business hours; otherwise it is asked at once, and whoever is silent is reminded. */
  telephone: boolean;
  /** Whom to ask now, beside those who have not answered yet; empty: nobody (else) is left. */
  next(sent: Sent, now: number): readonly Ask[];
  /** How its sender goes on when nobody is left; absent: everybody is tried again later. */
  byHand?: Way;
  /** Of what it may know, as it happens. */
  told?(deed: Deed): void;
}
