import {
  subscriptionEvents,
  subscriptionRetry,
  subscriptionStatus,
} from '../../exchange/subscriptions/operations.ts';
import { breakGlass } from './break-glass.ts';
import { disclosures } from './disclosures.ts';
import { everything } from './everything.ts';
import { graphql } from './graphql.ts';
import { link } from './link.ts';
import { meta } from './meta.ts';
import { metaDelete } from './meta-delete.ts';
import type { Operation } from './operation.ts';

/** Every operation of the FHIR API: its routes and the CapabilityStatement come from here. */
export const operations: readonly Operation[] = [
  everything,
  meta,
  graphql,
  breakGlass,
  disclosures,
  metaDelete,
  link,
  subscriptionStatus,
  subscriptionEvents,
  subscriptionRetry,
];
