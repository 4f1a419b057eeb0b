import type { Coding } from '@medplum/fhirtypes';
import type { Terminology } from '../../../../fhir/terminology/terminology.ts';

const icd10 = 'http://hl7.org/fhir/sid/icd-10-cm';
/** More than these are not looked through: another word narrows them. */
const shown = 8;

/** Whether this hub holds ICD-10-CM, so that diagnoses can be chosen from it. */
export const holdsDiagnoses = (terminology: Pick<Terminology, 'holds'>): Promise<boolean> =>
  terminology.holds(icd10);

/** Diagnoses that the words, or the beginning of a code, find. */
export async function findDiagnoses(
  terminology: Pick<Terminology, 'expand'>,
  words: string,
): Promise<{ found: Coding[]; more: boolean }> {
  if (words === '') return { found: [], more: false };
  const { expansion } = await terminology.expand({
    valueSet: { resourceType: 'ValueSet', status: 'active', compose: { include: [{ system: icd10 }] } },
    filter: words,
    count: shown,
    offset: 0,
    activeOnly: true,
  });
  const found = (expansion?.contains ?? []).flatMap(({ code, display }) =>
    code ? [{ system: icd10, code, ...(display ? { display } : {}) }] : [],
  );
  return { found, more: (expansion?.total ?? 0) > found.length };
}

/** The diagnoses with these codes, as the hub holds them: what a form sends is only a code. */
export async function diagnosesOf(
  terminology: Pick<Terminology, 'find'>,
  codes: readonly string[],
): Promise<Coding[]> {
  const found = await Promise.all(
    [...new Set(codes)].map(async code => {
      const known = await terminology.find({ system: icd10, code });
      return (
        known && { system: icd10, code, ...(known.concept.display ? { display: known.concept.display } : {}) }
      );
    }),
  );
  return found.filter(one => one !== undefined);
}
