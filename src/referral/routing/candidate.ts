import type { Priority } from '../lifecycle/due.ts';
import type { Token } from './codes.ts';
import type { ServiceFacts } from './facts.ts';
import type { Payer } from './payer.ts';
import type { Home } from './place.ts';

/** What a referral asks for. Empty lists: not known, or no wish. */
export interface Need {
  /** What the request and its category mean as service types: one of them has to be offered. */
  services: Token[];
  /** Completed years. */
  age?: number;
  homes: Home[];
  payers: Payer[];
  /** BCP-47, lower case, the preferred one first. */
  languages: string[];
  priority: Priority;
  programs: Token[];
  /** Kinds of people the person belongs to, e.g. veterans. */
  populations: Token[];
  wishes: {
    /** Logical ids of Organizations. */
    preferred: string[];
    avoided: string[];
    characteristics: { token: Token; words: string }[];
  };
  /** The Organization that refers: it does not refer to itself. */
  source?: string;
  /** Organizations already asked in this referral, and what came of it in words. */
  asked: { organization: string; words: string }[];
  /** What organizations answered to earlier referrals of the same person. */
  refusals: { organization: string; at: string; words?: string }[];
}

/** A service that could be asked: what the directory says, and how it stands now. */
export interface Candidate extends ServiceFacts {
  /** Referrals its organization has open. */
  load: number;
  /** How long its organization takes to answer an offer; absent: not known. */
  answerHours?: number;
  /** The start of its first free slot; absent: `capacity.firstOpening` counts. */
  firstSlot?: string;
}
