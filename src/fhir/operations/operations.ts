import { everything } from './everything.ts';
import { graphql } from './graphql.ts';
import { meta } from './meta.ts';
import type { Operation } from './operation.ts';

/** Every operation of the FHIR API: its routes and the CapabilityStatement come from here. */
export const operations: readonly Operation[] = [everything, meta, graphql];
