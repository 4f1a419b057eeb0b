import type { ContactPoint, HumanName, Patient } from '@medplum/fhirtypes';

/** How sure it is that two Patients are one person: codes of http://hl7.org/fhir/R4/codesystem-match-grade.html. */
export type Grade = 'certain' | 'probable' | 'possible';

export interface SamePerson {
  grade: Grade;
  /** What they have in common, in words. */
  common: readonly string[];
}

/**
 * Whether two Patients are the same person, by what both of them say. A shared identifier is certain; without one
 * it takes the birth date and a name, or a name and a way to reach the person. What contradicts counts against it.
 */
export function samePerson(a: Patient, b: Patient): SamePerson | undefined {
  if (intersects(identifiers(a), identifiers(b))) return { grade: 'certain', common: ['identifier'] };
  if (contradicts(a.birthDate, b.birthDate) || contradicts(a.gender, b.gender)) return undefined;
  if (!intersects(families(a), families(b))) return undefined;
  const given = intersects(givens(a), givens(b));
  const born = a.birthDate !== undefined && a.birthDate === b.birthDate;
  const contact = intersects(contacts(a), contacts(b));
  const common = [
    given ? 'name' : 'family name',
    ...(born ? ['birth date'] : []),
    ...(contact ? ['phone or e-mail'] : []),
  ];
  if (given && born) return { grade: 'probable', common };
  return (given && contact) || (born && contact) ? { grade: 'possible', common } : undefined;
}

/** `system|value` of each identifier that says where it is from: a bare value is anybody's. */
export const identifiers = (patient: Patient): string[] =>
  (patient.identifier ?? []).flatMap(({ system, value }) => (system && value ? [`${system}|${value}`] : []));

/** Two different values; nothing said contradicts nothing, nor does a code for "not known". */
function contradicts(a: string | undefined, b: string | undefined): boolean {
  const said = [a, b].filter(one => one !== undefined && one !== 'unknown' && one !== 'other');
  return said.length === 2 && a !== b;
}

const intersects = (a: readonly string[], b: readonly string[]): boolean => a.some(one => b.includes(one));

const current = (names: readonly HumanName[] = []): readonly HumanName[] =>
  names.filter(name => name.use !== 'anonymous');

const families = ({ name }: Patient): string[] => current(name).flatMap(one => normal(one.family));
const givens = ({ name }: Patient): string[] => current(name).flatMap(one => normal(one.given?.[0]));

/** Without case, accents and what is between words. */
function normal(text: string | undefined): string[] {
  const plain = (text ?? '')
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '');
  return plain ? [plain] : [];
}

const contacts = ({ telecom = [] }: Patient): string[] => telecom.flatMap(reached);

function reached({ system, value = '' }: ContactPoint): string[] {
  if (system === 'email') return [value.trim().toLowerCase()].filter(Boolean);
  const digits = value.replace(/\D/g, '');
  return digits.length >= 7 ? [digits.slice(-10)] : [];
}
