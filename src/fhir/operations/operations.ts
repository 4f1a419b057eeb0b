import {
  subscriptionEvents,
  subscriptionRetry,
  subscriptionStatus,
} from '../../exchange/subscriptions/operations.ts';
import { availableActionsOperation } from './available-actions.ts';
import { breakGlass } from './break-glass.ts';
import { bserFeedback } from './bser-feedback.ts';
import { checkEligibility } from './check-eligibility.ts';
import { completeness } from './completeness.ts';
import { confirmEntry, stateCapacity } from './directory-entry.ts';
import { disclosures } from './disclosures.ts';
import { duplicates } from './duplicates.ts';
import { emergencyAccesses } from './emergency-accesses.ts';
import { everything } from './everything.ts';
import { expand } from './expand.ts';
import { graphql } from './graphql.ts';
import { link } from './link.ts';
import { lookup } from './lookup.ts';
import { match } from './match.ts';
import { meta } from './meta.ts';
import { metaDelete } from './meta-delete.ts';
import type { Operation } from './operation.ts';
import { packet } from './packet.ts';
import { packetCheck } from './packet-check.ts';
import { referralActions } from './referral-actions.ts';
import { submitReferral } from './submit-referral.ts';
import { subsumes } from './subsumes.ts';
import { translate } from './translate.ts';
import { validate } from './validate.ts';
import { validateInCodeSystem, validateInValueSet } from './validate-code.ts';

/** Every operation of the FHIR API: its routes and the CapabilityStatement come from here. */
export const operations: readonly Operation[] = [
  submitReferral,
  duplicates,
  bserFeedback,
  match,
  confirmEntry,
  stateCapacity,
  everything,
  meta,
  graphql,
  breakGlass,
  disclosures,
  emergencyAccesses,
  metaDelete,
  packet,
  packetCheck,
  validate,
  link,
  checkEligibility,
  completeness,
  availableActionsOperation,
  ...referralActions,
  subscriptionStatus,
  subscriptionEvents,
  subscriptionRetry,
  expand,
  validateInValueSet,
  lookup,
  validateInCodeSystem,
  subsumes,
  translate,
];
