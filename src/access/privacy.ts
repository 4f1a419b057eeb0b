import type { ConsentPolicy } from './consent/policy.ts';

/** How a hub protects what it holds, from its configuration. */
export interface Privacy {
  consents: ConsentPolicy;
  /** Hours for which emergency access lasts. */
  emergencyHours: number;
  /** How many days an organization still sees what it worked with, after the work has ended. */
  graceDays: number;
}
