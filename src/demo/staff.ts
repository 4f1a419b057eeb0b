import type { Practitioner, PractitionerRole } from '@medplum/fhirtypes';
import { system } from '../fhir/canonical.ts';
import { concept } from '../referral/routing/codes.ts';
import { email, named } from './county.ts';
import { type OrganizationId, organizationNamed } from './organizations.ts';

const roles = {
  planner: concept(system.nucc, '104100000X', 'Social Worker'),
  intake: concept(system.nucc, '1041C0700X', 'Clinical Social Worker'),
  caseManager: concept(system.nucc, '171M00000X', 'Case Manager/Care Coordinator'),
  nurse: concept(system.nucc, '163WC0400X', 'Case Management Registered Nurse'),
  psychiatrist: concept(system.nucc, '2084P0800X', 'Psychiatry Physician'),
  peer: concept(system.nucc, '175T00000X', 'Peer Specialist'),
  outreach: concept(system.nucc, '172V00000X', 'Community Health Worker'),
};

const titles: Record<keyof typeof roles, string> = {
  planner: 'Discharge planner',
  intake: 'Intake coordinator',
  caseManager: 'Case manager',
  nurse: 'Nurse case manager',
  psychiatrist: 'Psychiatrist',
  peer: 'Peer specialist',
  outreach: 'Outreach worker',
};

type Entry = readonly [organization: OrganizationId, role: keyof typeof roles, given: string, family: string];

const entries: readonly Entry[] = [
  ['general-hospital', 'planner', 'Imani', 'Castellano'],
  ['general-hospital', 'planner', 'Derek', 'Stroud'],
  ['general-hospital', 'psychiatrist', 'Helene', 'Abascal'],
  ['county-hospital', 'planner', 'Oskar', 'Lindgren'],
  ['county-hospital', 'nurse', 'Fatuma', 'Warsame'],
  ['county-hospital', 'psychiatrist', 'Rajesh', 'Venkat'],
  ['northside-cmhc', 'intake', 'Colleen', 'Marsh'],
  ['northside-cmhc', 'caseManager', 'Gabriel', 'Ortega'],
  ['northside-cmhc', 'caseManager', 'Susan', 'Tallchief'],
  ['northside-cmhc', 'psychiatrist', 'Lena', 'Brandvold'],
  ['southside-cmhc', 'intake', 'Mai', 'Tran'],
  ['southside-cmhc', 'caseManager', 'Everett', 'Dunmore'],
  ['southside-cmhc', 'nurse', 'Hanh', 'Vo'],
  ['eastgate-cmhc', 'intake', 'Abdi', 'Farah'],
  ['eastgate-cmhc', 'caseManager', 'Nora', 'Petersen'],
  ['westbrook-cmhc', 'intake', 'Judith', 'Engel'],
  ['westbrook-cmhc', 'caseManager', 'Martin', 'Sorley'],
  ['harbor-shelter', 'outreach', 'Denise', 'Whitlock'],
  ['common-ground-peers', 'peer', 'Ray', 'Calloway'],
  ['steps-to-work', 'outreach', 'Bianca', 'Russo'],
];

/** Who works where: a Practitioner and a PractitionerRole each, `{organization}-{family}`. */
export const staff = (): (Practitioner | PractitionerRole)[] =>
  entries.flatMap(entry => [practitioner(entry), practitionerRole(entry)]);

/** `PractitionerRole/{organization}-{family}`, as a requester or participant. */
export function staffMember(organization: OrganizationId, family: string) {
  const entry = entries.find(one => one[0] === organization && one[3] === family);
  if (!entry) throw new Error(`${organization} has nobody called ${family}`);
  return named<PractitionerRole>(`PractitionerRole/${idOf(entry)}`, nameOf(entry));
}

const idOf = ([organization, , , family]: Entry): string => `${organization}-${family.toLowerCase()}`;
const nameOf = ([, , given, family]: Entry): string => `${given} ${family}`;

function practitioner(entry: Entry): Practitioner {
  const [, , given, family] = entry;
  return {
    resourceType: 'Practitioner',
    id: idOf(entry),
    active: true,
    name: [{ use: 'official', family, given: [given] }],
  };
}

function practitionerRole(entry: Entry): PractitionerRole {
  const [organization, role, given, family] = entry;
  return {
    resourceType: 'PractitionerRole',
    id: idOf(entry),
    active: true,
    practitioner: named(`Practitioner/${idOf(entry)}`, nameOf(entry)),
    organization: organizationNamed(organization),
    code: [{ ...roles[role], text: titles[role] }],
    telecom: [email(`${given}.${family}`.toLowerCase())],
  };
}

/** The organization whose directory entry it is. */
export const employerOf = (member: Practitioner | PractitionerRole): OrganizationId => {
  const entry = entries.find(one => idOf(one) === member.id);
  if (!entry) throw new Error(`${member.resourceType}/${member.id} is not of the demo network`);
  return entry[0];
};
