import type { Consent, ConsentProvision } from '@medplum/fhirtypes';
import { disclosersOf, namedIn, recipientsOf } from './actors.ts';
import type { ConsentPolicy, Element } from './policy.ts';
import type { ConsentFacts } from './question.ts';

const statement = 'https://warmhandoff.example/fhir/StructureDefinition/consent-statement';

/** What a permit lacks of a written consent; `path` is the provision within those around it. */
export function missingElements(
  path: readonly ConsentProvision[],
  facts: ConsentFacts,
  policy: ConsentPolicy,
): Element[] {
  const { consent } = facts;
  const some = (has: (provision: ConsentProvision) => boolean) => path.some(has);
  const there: Record<Element, boolean> = {
    discloser: some(one => disclosersOf(one, facts) !== undefined) || Boolean(consent.organization?.length),
    description: some(one => Boolean(one.securityLabel?.length)),
    recipient: some(one => recipientsOf(one, facts) !== undefined),
    intermediary: !policy.namesTheHub || some(one => namedIn(one, facts).includes(policy.hub)),
    purpose: some(one => Boolean(one.purpose?.length)),
    revocation: tellsRightToRevoke(consent),
    expiry: some(one => one.period?.end !== undefined),
    signature: isSigned(consent),
    date: consent.dateTime !== undefined,
  };
  return (Object.keys(there) as Element[]).filter(element => !there[element]);
}

const tellsRightToRevoke = ({ extension }: Consent): boolean =>
  (extension ?? []).some(({ url, valueCode }) => url === statement && valueCode === 'right-to-revoke');

const isSigned = (consent: Consent): boolean =>
  Boolean(
    consent.sourceAttachment ??
      consent.sourceReference ??
      consent.verification?.find(({ verified, verificationDate }) => verified && verificationDate),
  );
