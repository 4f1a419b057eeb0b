import type { Consent, Resource } from '@medplum/fhirtypes';
import type { Label } from '../labels.ts';

/** A Consent with what is known of it. */
export interface ConsentFacts {
  consent: Consent;
  /** The organization (id) that keeps it, in whose name it was recorded. */
  recorder: string;
  /** Whether the recorder holds the person's record itself: nobody else's consents clear anything. */
  recorderHolds: boolean;
  /** The organizations (ids) that a reference of an actor, or `Consent.organization`, stands for. */
  organizations: ReadonlyMap<string, readonly string[]>;
}

/** May these labels of this person's resources be shown to the recipient? */
export interface Question {
  patient: string;
  recipient: {
    /** Absent: any organization that no consent names. */
    organization?: string;
    /** It has a treating provider relationship with the person. */
    treats: boolean;
  };
  /** Organization (id) whose resources are asked for; absent: any. */
  discloser?: string;
  /** v3 PurposeOfUse. */
  purpose: string;
  labels: readonly Label[];
  /** One resource is asked for, not a whole record: then provisions about class, code, date and data are read. */
  resource?: Resource;
  /** Epoch milliseconds. */
  now: number;
}

export interface Decision {
  label: Label;
  decision: 'permit' | 'deny';
  /** Epoch milliseconds from which a permit no longer holds; `null`: it does not end by itself. */
  until: number | null;
  /** In words that a privacy officer reads. */
  because: string;
  /** `Consent/id` of the consent that decided. */
  consent?: string;
}
