import type { Subscription } from '@medplum/fhirtypes';
import type { Stored } from '../../fhir/repository.ts';
import type { SearchContext } from '../../fhir/search/parsed.ts';
import type { WriteRule } from '../../fhir/write/rules.ts';
import { type OutgoingPolicy, outgoingTarget } from '../outgoing-url.ts';
import { subscriptionRule } from './rule.ts';
import { createSecrets, type Seal, type Secrets } from './secrets.ts';

export interface SubscriptionSetup {
  seal: Seal;
  outgoing: OutgoingPolicy;
  context: SearchContext;
}

/** What registering subscriptions and delivering to them share. */
export interface Subscriptions {
  rule: WriteRule;
  secrets: Secrets;
  target(url: string): ReturnType<typeof outgoingTarget>;
  /** Of a Subscription that was just created: the secret that its notifications are signed with, told this once. */
  headersOfCreated(stored: Stored): Record<string, string>;
}

export function createSubscriptions({ seal, outgoing, context }: SubscriptionSetup): Subscriptions {
  const secrets = createSecrets(seal);
  const target = (url: string) => outgoingTarget(url, outgoing);
  return {
    rule: subscriptionRule({ secrets, context, checkEndpoint: target }),
    secrets,
    target,
    headersOfCreated(stored): Record<string, string> {
      if (stored.type !== 'Subscription') return {};
      return { 'Webhook-Secret': secrets.signing(stored.resource() as Subscription, stored.source).secret };
    },
  };
}
