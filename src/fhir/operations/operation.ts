import type { Resource } from '@medplum/fhirtypes';
import type { Parts } from '../parts.ts';
import type { Repository, SearchResult } from '../repository.ts';

/** One operation (https://hl7.org/fhir/R4/operations.html): what the routes and the CapabilityStatement are made of. */
export interface Operation {
  /** Without the `$`. */
  name: string;
  /** Canonical URL of its OperationDefinition. */
  definition: string;
  documentation: string;
  /** `[base]/$name`, `[base]/Type/$name`, `[base]/Type/id/$name`. */
  levels: readonly ('system' | 'type' | 'instance')[];
  /** Resource types it is for; absent: any. */
  types?: readonly string[];
  methods: readonly ('GET' | 'POST')[];
  /** Whether its answer, a document, is also there as text/html and application/pdf. */
  printable?: true;
  run(call: OperationCall): Promise<OperationAnswer>;
}

/** One call, by an actor whose repository is all the operation sees of the data. */
export interface OperationCall {
  parts: Parts;
  repository: Repository;
  /** Absent on the system level. */
  type?: string;
  /** On an instance. */
  id?: string;
  /** Of the address; on POST also the simple parameters of the body. */
  query: URLSearchParams;
  /** Of a POST: a Parameters resource, or what else the operation takes. */
  body?: unknown;
}

/** A page of a searchset with the address of its links, or a resource (201: it was made), or other JSON. */
export type OperationAnswer =
  | { kind: 'page'; page: SearchResult; path: string }
  | { kind: 'resource'; resource: Resource; status?: 201 }
  | { kind: 'json'; json: string };
