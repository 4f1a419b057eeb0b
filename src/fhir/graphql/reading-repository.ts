import { formatSearchQuery, type Operation, type SearchRequest, type WithId } from '@medplum/core';
import { FhirRepository } from '@medplum/fhir-router';
import type { Bundle, BundleEntry, Reference, Resource } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import type { Repository } from '../repository.ts';

/** An actor's repository as GraphQL uses it: it reads and searches, as the actor may, and writes nothing. */
export class ReadingRepository extends FhirRepository {
  readonly #repository: Repository;

  constructor(repository: Repository) {
    super();
    this.#repository = repository;
  }

  async readResource<T extends Resource>(type: string, id: string): Promise<WithId<T>> {
    return (await this.#repository.read(type, id)).resource() as WithId<T>;
  }

  async readReference<T extends Resource>({ reference = '' }: Reference<T>): Promise<WithId<T>> {
    const [type = '', id = ''] = reference.split('/');
    return this.readResource<T>(type, id);
  }

  /** A reference to what the actor may not see leads nowhere, like one to nothing. */
  readReferences<T extends Resource>(references: readonly Reference<T>[]): Promise<(T | Error)[]> {
    const read = async (reference: Reference<T>): Promise<T | Error> => {
      try {
        return await this.readReference(reference);
      } catch (error) {
        if (error instanceof HubError) return error;
        throw error;
      }
    };
    return Promise.all(references.map(read));
  }

  async search<T extends Resource>(request: SearchRequest<T>): Promise<Bundle<WithId<T>>> {
    const query = new URLSearchParams(formatSearchQuery(request));
    if (query.has('_offset')) throw new HubError('invalid', 'GraphQL pages by _cursor, not by _offset.');
    const page = await this.#repository.search(request.resourceType, query);
    const entry = page.entries.map(
      ({ mode, stored }): BundleEntry<WithId<T>> => ({
        resource: stored.resource() as WithId<T>,
        search: { mode },
      }),
    );
    const url = page.next === undefined ? undefined : `https://links.invalid/?${page.next}`;
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      entry,
      ...(page.total === undefined ? {} : { total: page.total }),
      ...(url ? { link: [{ relation: 'next', url }] } : {}),
    };
  }

  setMode(): void {
    // There is but one way to read.
  }

  generateId(): string {
    throw readOnly();
  }

  async createResource<T extends Resource>(): Promise<WithId<T>> {
    throw readOnly();
  }

  async updateResource<T extends Resource>(): Promise<WithId<T>> {
    throw readOnly();
  }

  async patchResource<T extends Resource>(
    _type: string,
    _id: string,
    _patch: Operation[],
  ): Promise<WithId<T>> {
    throw readOnly();
  }

  async deleteResource(): Promise<void> {
    throw readOnly();
  }

  async readHistory<T extends Resource>(): Promise<Bundle<WithId<T>>> {
    throw readOnly();
  }

  async readVersion<T extends Resource>(): Promise<WithId<T>> {
    throw readOnly();
  }

  async searchByReference<T extends Resource>(): Promise<Record<string, WithId<T>[]>> {
    throw readOnly();
  }

  async withTransaction<TResult>(): Promise<TResult> {
    throw readOnly();
  }
}

const readOnly = (): HubError =>
  new HubError('invalid', 'GraphQL here reads and searches; write with the FHIR interactions.');
