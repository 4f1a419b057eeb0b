import type { Coding } from '@medplum/fhirtypes';
import type { Terminology } from '../../../../fhir/terminology/terminology.ts';

const url = 'http://hl7.org/fhir/ValueSet/encounter-discharge-disposition';

/** Where somebody may go when they leave: https://hl7.org/fhir/R4/valueset-encounter-discharge-disposition.html */
export async function dispositions(terminology: Pick<Terminology, 'valueSet' | 'expand'>): Promise<Coding[]> {
  const valueSet = await terminology.valueSet(url);
  if (!valueSet) throw new Error('FHIR R4 publishes the value set of discharge dispositions');
  const { expansion } = await terminology.expand({ valueSet });
  return (expansion?.contains ?? []).flatMap(({ system, code, display }) =>
    system && code ? [{ system, code, display: display ?? code }] : [],
  );
}
