import type { Priority } from '../lifecycle/due.ts';
import type { Material } from '../packet/check.ts';
import type { Token } from './codes.ts';
import type { ServiceFacts } from './facts.ts';
import type { Payer } from './payer.ts';
import type { Home } from './place.ts';

/** A trait of a service, as it is compared and as a person reads it. */
export interface Trait {
  token: Token;
  words: string;
}

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
  /** Without which a place is of no use: each access need, one of the levels of care, one of the licences. */
  requires: { access: Trait[]; levels: Trait[]; licences: Trait[] };
  wishes: {
    /** Logical ids of Organizations. */
    preferred: string[];
    avoided: string[];
    characteristics: Trait[];
  };
  /** The Organization that refers: it does not refer to itself. */
  source?: string;
  /** Organizations already asked in this referral, and what came of it in words. */
  asked: { organization: string; words: string }[];
  /** Whom the sender chose by hand: `HealthcareService/…` or `Organization/…`. It is looked at wherever it is. */
  chosen?: string;
  /** What organizations answered to earlier referrals of the same person. */
  refusals: { organization: string; at: string; words?: string }[];
  /** What is attached; `unseen`: something is that who ranks may not see. Absent: no candidate asks for anything. */
  packet?: Material & { unseen?: true };
}

/** A service that could be asked: what the directory says, and how it stands now. */
export interface Candidate extends ServiceFacts {
  /** Referrals its organization has open. */
  load: number;
  /** How long its organization takes to answer an offer; absent: not known. */
  answerHours?: number;
  /** Of so many offers that have ended, so many were answered before their time was over. */
  answered?: { of: number; answers: number };
  /** What the request carries needs a consent to be shown to it, and there is none. */
  withheld?: true;
  /** The start of its first free slot; absent: `capacity.firstOpening` counts. */
  firstSlot?: string;
}
