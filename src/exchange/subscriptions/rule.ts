import { isDeepStrictEqual } from 'node:util';
import type { Subscription } from '@medplum/fhirtypes';
import type { Actor } from '../../access/actor.ts';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import type { SearchContext } from '../../fhir/search/parsed.ts';
import type { WriteRule } from '../../fhir/write/rules.ts';
import { readCriteria } from './criteria.ts';
import type { Secrets } from './secrets.ts';
import { type Wanted, wantedOf } from './wanted.ts';

export interface SubscriptionRule {
  secrets: Secrets;
  context: SearchContext;
  /** Refuses, with HubError, an endpoint that the hub does not call. */
  checkEndpoint(url: string): Promise<unknown>;
}

/**
 * What a client may subscribe to. The client says `requested` or `off`; that a subscription is active, or in error,
 * only the hub says, which writes it as itself.
 */
export const subscriptionRule = ({ secrets, context, checkEndpoint }: SubscriptionRule): WriteRule => ({
  types: ['Subscription'],
  async apply({ before, after, actor }) {
    if (!after || actor.kind === 'hub') return {};
    if (actor.kind !== 'client')
      throw new HubError(
        'forbidden',
        'A Subscription is made by a registered client, which it delivers for.',
      );
    const [was, is] = [before as Subscription | undefined, after as Subscription];
    const wanted = wantedOf(is);
    requireScope(actor, 'read', wanted.type);
    readCriteria(context, wanted.type, wanted.query);
    const closed = secrets.close(is, { client: actor.id, organization: actor.organization }, was);
    const status = statusOf(was, closed, actor);
    if (status === 'requested') await reachable(wanted, checkEndpoint);
    const { error: _error, ...rest } = closed;
    return { after: { ...rest, status, ...(status === 'error' && was?.error ? { error: was.error } : {}) } };
  },
});

/** What was active stays so while nothing of it changes; all else is asked for anew. */
function statusOf(was: Subscription | undefined, is: Subscription, actor: Actor): Subscription['status'] {
  if (is.status === 'off' || actor.importing) return 'off';
  if (was && is.status === was.status && isDeepStrictEqual(asked(was), asked(is))) return was.status;
  return 'requested';
}

const asked = (subscription: Subscription): unknown => {
  const { criteria, channel, end } = subscription;
  return { criteria, filters: (subscription as { _criteria?: unknown })._criteria, channel, end };
};

async function reachable({ endpoint }: Wanted, check: SubscriptionRule['checkEndpoint']): Promise<void> {
  try {
    await check(endpoint);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    throw new HubError(
      'unprocessable',
      error.problems.map(problem => ({ ...problem, expression: 'Subscription.channel.endpoint' })),
    );
  }
}
