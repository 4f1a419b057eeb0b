import type { Condition, Coverage, Encounter, Patient } from '@medplum/fhirtypes';
import type { Repository } from '../../../fhir/repository.ts';

/** What goes with a referral of a person unless the sender says otherwise. */
export interface PersonFacts {
  conditions: Condition[];
  coverages: Coverage[];
  /** The latest one. */
  stay: Encounter | undefined;
}

const most = '20';

/** What the organization holds of a person, in three searches at once. */
export async function factsOf(repository: Repository, patient: string): Promise<PersonFacts> {
  const search = async <R extends Condition | Coverage | Encounter>(
    type: R['resourceType'],
    asked: Record<string, string>,
  ): Promise<R[]> => {
    const { entries } = await repository.search(
      type,
      new URLSearchParams({ patient, _count: most, ...asked }),
    );
    return entries.filter(({ mode }) => mode === 'match').map(({ stored }) => stored.resource() as R);
  };
  const [conditions, coverages, stays] = await Promise.all([
    search<Condition>('Condition', {
      'clinical-status': 'active,recurrence,relapse',
      _sort: '-recorded-date',
    }),
    search<Coverage>('Coverage', { status: 'active' }),
    search<Encounter>('Encounter', { _sort: '-date', _count: '1' }),
  ]);
  return { conditions, coverages, stay: stays[0] };
}

/** The conditions that the stay is about; where it says nothing, the one that is known, if it is one. */
export function reasonsOf({ conditions, stay }: PersonFacts): string[] {
  const named = [
    ...(stay?.diagnosis ?? []).map(({ condition }) => condition),
    ...(stay?.reasonReference ?? []),
  ];
  const known = conditions.map(({ id }) => `Condition/${id}`);
  const ofStay = known.filter(one => named.some(({ reference }) => reference === one));
  if (ofStay.length > 0) return ofStay;
  return known.length === 1 ? known : [];
}

/** Where a person lives, as far as a place is looked for by it: town and ZIP code. */
export function homeWords({ address = [] }: Patient): string | undefined {
  const home = address.find(({ use }) => use === 'home') ?? address.find(({ use }) => use !== 'old');
  return home && ([home.city, home.postalCode].filter(Boolean).join(' ') || undefined);
}

/** The preferred language. */
export function languageWords({ communication = [] }: Patient): string | undefined {
  const { language } = communication.find(({ preferred }) => preferred) ?? communication[0] ?? {};
  return (
    language?.text ?? language?.coding?.find(({ display }) => display)?.display ?? language?.coding?.[0]?.code
  );
}

/** Who pays. */
export const payerWords = (coverages: readonly Coverage[]): string[] =>
  coverages.flatMap(({ payor, type }) => payor[0]?.display ?? type?.text ?? type?.coding?.[0]?.display ?? []);
