import type { Coding } from '@medplum/fhirtypes';
import { canonical } from '../fhir/canonical.ts';
import type { AuditKind, AuditOutcome } from './entry.ts';

const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const coding = (system: string, code: string, display?: string): Coding => ({
  system,
  code,
  ...(display ? { display } : {}),
});

const rest = coding('http://terminology.hl7.org/CodeSystem/audit-event-type', 'rest', 'RESTful Operation');
const authentication = coding(dicom, '110114', 'User Authentication');
const alert = coding(dicom, '110113', 'Security Alert');
const activity = coding(dicom, '110100', 'Application Activity');
const exporting = coding(dicom, '110106', 'Export');
const hub = (code: string, display: string) => coding(`${canonical}/CodeSystem/audit-event`, code, display);

/** Which interactions a kind has: https://hl7.org/fhir/R4/valueset-restful-interaction.html */
const interactions = (...codes: string[]): Coding[] =>
  codes.map(code => coding('http://hl7.org/fhir/restful-interaction', code));

export interface AuditCodes {
  type: Coding;
  /** All that an event of the kind may have: those of a RESTful operation are its interaction. */
  subtypes: readonly Coding[];
  /** https://hl7.org/fhir/R4/valueset-audit-event-action.html */
  action: 'C' | 'R' | 'U' | 'D' | 'E';
  /** BALP profile of a success, with and without a patient (https://profiles.ihe.net/ITI/BALP). */
  profile?: readonly [patient: string, other: string];
}

const accountChanges = [
  'sign-out',
  'choose-organization',
  'invite',
  'accept',
  'ask-reset',
  'reset',
  'change-password',
  'change-second-factor',
  'change-role',
  'suspend',
  'resume',
  'register-client',
  'rotate-client',
  'suspend-client',
  'resume-client',
];

/** How each kind of event is said in an AuditEvent. */
export const codesOf: Record<AuditKind, AuditCodes> = {
  read: {
    type: rest,
    subtypes: interactions('read', 'vread', 'create'),
    action: 'R',
    profile: ['PatientRead', 'Read'],
  },
  search: {
    type: rest,
    subtypes: interactions('search-type', 'search-system'),
    action: 'E',
    profile: ['PatientQuery', 'Query'],
  },
  history: {
    type: rest,
    subtypes: interactions('history-instance', 'history-type', 'history-system'),
    action: 'R',
  },
  create: { type: rest, subtypes: interactions('create'), action: 'C', profile: ['PatientCreate', 'Create'] },
  update: {
    type: rest,
    subtypes: interactions('update', 'patch'),
    action: 'U',
    profile: ['PatientUpdate', 'Update'],
  },
  delete: { type: rest, subtypes: interactions('delete'), action: 'D', profile: ['PatientDelete', 'Delete'] },
  operation: { type: rest, subtypes: interactions('operation'), action: 'E' },
  login: {
    type: authentication,
    subtypes: [
      coding(dicom, '110122', 'Login'),
      hub('password', 'Password of a person'),
      hub('second-factor', 'Second factor of a person'),
    ],
    action: 'E',
  },
  account: {
    type: alert,
    subtypes: [
      coding(dicom, '110137', 'User Security Attributes Changed'),
      ...accountChanges.map(one => hub(one, `Account: ${one.replaceAll('-', ' ')}`)),
    ],
    action: 'E',
  },
  refusal: { type: alert, subtypes: [hub('unauthorized', 'Request without a valid token')], action: 'E' },
  disclosure: {
    type: exporting,
    subtypes: [
      coding(
        'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
        'disclose',
        'Disclose Record Lifecycle Event',
      ),
    ],
    action: 'R',
    profile: ['PrivacyDisclosure.Source', 'PrivacyDisclosure.Source'],
  },
  export: { type: exporting, subtypes: [hub('bulk-export', 'Bulk export')], action: 'R' },
  link: { type: authentication, subtypes: [hub('link', 'Use of a link without an account')], action: 'E' },
  consent: {
    type: alert,
    subtypes: [coding('https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType', 'AuthZ-Consent')],
    action: 'E',
  },
  emergency: { type: alert, subtypes: [coding(dicom, '110127', 'Emergency Override Started')], action: 'E' },
  command: { type: activity, subtypes: [hub('command', 'Command of the operator')], action: 'E' },
  interruption: {
    type: activity,
    subtypes: [hub('interruption', 'The audit could not be written for a time')],
    action: 'E',
  },
};

/** https://hl7.org/fhir/R4/valueset-audit-event-outcome.html */
export const outcomeCode: Record<AuditOutcome, '0' | '4' | '8'> = {
  success: '0',
  refused: '4',
  'not-found': '4',
  failed: '8',
};

export const profileOf = (name: string): string =>
  `https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.${name}`;

/** A role of an agent in the exchange of data, as DICOM names it. */
export const agentRole = {
  source: coding(dicom, '110153', 'Source Role ID'),
  destination: coding(dicom, '110152', 'Destination Role ID'),
  recipient: coding(
    'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
    'IRCP',
    'information recipient',
  ),
  author: coding('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'AUT', 'author'),
  organization: coding('http://terminology.hl7.org/CodeSystem/v3-RoleClass', 'PROV', 'healthcare provider'),
};

export const entityType = {
  person: coding('http://terminology.hl7.org/CodeSystem/audit-entity-type', '1', 'Person'),
  object: coding('http://terminology.hl7.org/CodeSystem/audit-entity-type', '2', 'System Object'),
  request: coding('https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', 'XrequestId'),
};

export const entityRole = {
  patient: coding('http://terminology.hl7.org/CodeSystem/object-role', '1', 'Patient'),
  resource: coding('http://terminology.hl7.org/CodeSystem/object-role', '4', 'Domain Resource'),
  query: coding('http://terminology.hl7.org/CodeSystem/object-role', '24', 'Query'),
};

export const applicationServer = coding(
  'http://terminology.hl7.org/CodeSystem/security-source-type',
  '4',
  'Application Server',
);

/** Whom an agent's identifier is unique to, by what kind of agent it is. */
export const agentSystem = `${canonical}/NamingSystem/agent`;
