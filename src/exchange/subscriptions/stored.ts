import type { Subscription } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { createRepository } from '../../fhir/create-repository.ts';
import type { Parts } from '../../fhir/parts.ts';
import { internal } from '../../fhir/write/world.ts';
import { hubActor } from '../../fhir/write/write.ts';

/** A Subscription as it is stored, with who owns it. */
export interface StoredSubscription {
  subscription: Subscription & { id: string };
  organization: string;
  versionId: string;
}

/** The current version; undefined when it is not there (any more). */
export async function readSubscription(parts: Parts, id: string): Promise<StoredSubscription | undefined> {
  const version = await parts.store.read({ type: 'Subscription', id }, internal(parts));
  if (!version?.body) return undefined;
  const subscription = JSON.parse(version.body) as StoredSubscription['subscription'];
  return { subscription, organization: version.source, versionId: String(version.ver) };
}

/**
 * Writes what became of a Subscription, as the hub, for its owner. Where its owner has changed it meanwhile, the change decides:
 * nothing is written.
 */
export async function setStatus(
  parts: Parts,
  { subscription, organization, versionId }: StoredSubscription,
  status: Subscription['status'],
  error?: string,
): Promise<void> {
  const { error: _error, ...rest } = subscription;
  const resource: Subscription = { ...rest, status, ...(error ? { error } : {}) };
  try {
    await createRepository(parts, { ...hubActor(parts), organization }).write(
      [{ kind: 'update', type: 'Subscription', id: subscription.id, resource, ifMatch: `W/"${versionId}"` }],
      { purpose: 'deliver' },
    );
  } catch (failure) {
    const changed =
      failure instanceof HubError && ['precondition-failed', 'gone', 'not-found'].includes(failure.kind);
    if (!changed) throw failure;
  }
}
