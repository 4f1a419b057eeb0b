import type { Coverage, Extension } from '@medplum/fhirtypes';
import { type Token, tokens, words } from './codes.ts';

/** Who pays: an organization (`Organization/1`), or kinds of coverage, or both. */
export interface Payer {
  organization?: string;
  kinds: Token[];
  words: string;
}

/** An `accepted-payer` extension. */
export function payerOf(extension: Extension): Payer {
  const { valueReference, valueCodeableConcept } = extension;
  return {
    ...(valueReference?.reference ? { organization: valueReference.reference } : {}),
    kinds: tokens(valueCodeableConcept),
    words: valueReference?.display ?? words(valueCodeableConcept) ?? 'a payer without a name',
  };
}

/** The payers of a Coverage; a policy without a named payer is known by its kind alone. */
export function payersOf(coverage: Coverage): Payer[] {
  const kinds = tokens(coverage.type);
  const kind = words(coverage.type);
  const organizations = (coverage.payor ?? []).filter(payor => payor.reference?.startsWith('Organization/'));
  if (organizations.length === 0) {
    return kinds.length > 0 ? [{ kinds, words: kind ?? 'the coverage' }] : [];
  }
  return organizations.map(({ reference, display }) => ({
    organization: reference,
    kinds,
    words: display ?? kind ?? 'the insurer',
  }));
}

export function samePayer(one: Payer, other: Payer): boolean {
  return (
    (one.organization !== undefined && one.organization === other.organization) ||
    one.kinds.some(kind => other.kinds.includes(kind))
  );
}
