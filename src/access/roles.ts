import type { Actor, Scope } from './actor.ts';

/** What a person is to the organization they act for. */
export type Role =
  | 'discharge-planner'
  | 'intake'
  | 'case-manager'
  | 'supervisor'
  | 'utilization-reviewer'
  | 'organization-administrator'
  | 'network-administrator'
  | 'auditor';

/** What a role may do beside reading and writing resources, and how a person is told of it. */
export const abilities = {
  'break-glass': 'Open a person’s record in an emergency',
  'list-disclosures': 'See who was shown a person’s record',
  'lower-labels': 'Take a restricted label from a resource, with a reason',
  'read-audit': 'Read the audit',
  'edit-directory': 'Keep the organization’s entry, services and staff in the directory',
  'run-bots': 'See and settle what a bot could not do',
  'manage-people': 'Invite, suspend and resume people of the organization, and say what they are to it',
  'manage-network':
    'Do so for every organization of the network, and register the systems and apps that sign in',
} as const;

export type Ability = keyof typeof abilities;

/** One line of the table: everything that is decided about a role. */
export interface RoleRow {
  title: string;
  /** What somebody in this role does, for people who choose one. */
  does: string;
  /** Interactions by type, the letters of SMART v2: c, r, u, d, s. Whose resources they reach is not a matter of role. */
  scopes: Readonly<Record<string, string>>;
  abilities: readonly Ability[];
  /** Signs in with a second factor also where the hub does not ask everybody for one. */
  secondFactor: boolean;
}

const directoryTypes = [
  'Organization',
  'OrganizationAffiliation',
  'HealthcareService',
  'Location',
  'Practitioner',
  'PractitionerRole',
  'Endpoint',
  'Schedule',
  'Slot',
  'InsurancePlan',
] as const;

const each = (types: readonly string[], letters: string): Record<string, string> =>
  Object.fromEntries(types.map(type => [type, letters]));

const readDirectory = each([...directoryTypes, 'CodeSystem', 'ValueSet', 'Questionnaire'], 'rs');
const editDirectory = { ...readDirectory, ...each(directoryTypes, 'cruds'), Organization: 'rus' };

/** What a referral is made of and talked about with. */
const referring = {
  ...each(
    ['ServiceRequest', 'Task', 'Communication', 'DocumentReference', 'Patient', 'RelatedPerson', 'Consent'],
    'crus',
  ),
  // The file of a document stays as it was attached.
  Binary: 'crs',
};
const visiting = each(
  ['Appointment', 'Encounter', 'QuestionnaireResponse', 'Observation', 'GuidanceResponse'],
  'crus',
);
/** Their visits take free times of the organization's own. */
const booking = each(['Slot'], 'rus');
const caring = each(
  [
    'EpisodeOfCare',
    'CareTeam',
    'CarePlan',
    'Goal',
    'Condition',
    'Procedure',
    'Coverage',
    'Flag',
    'RiskAssessment',
  ],
  'crus',
);

/** Who receives referrals says how much room there is, and when that is right. */
const statingRoom = each(['HealthcareService'], 'rus');

/** What each role may do: one table, from which the Actor of a person and the page /roles are made. */
export const roles: Readonly<Record<Role, RoleRow>> = {
  'discharge-planner': {
    title: 'Discharge planner',
    does: 'Refers people who leave the ward, and follows each referral to its end.',
    scopes: { '*': 'rs', ...referring, ...visiting, ...each(['Condition', 'Coverage', 'Flag'], 'crus') },
    abilities: ['break-glass'],
    secondFactor: false,
  },
  intake: {
    title: 'Intake',
    does: 'Receives referrals: accepts, asks back, declines, makes the first appointment, and says how much room there is.',
    scopes: {
      '*': 'rs',
      ...referring,
      ...visiting,
      ...booking,
      ...statingRoom,
      ...each(['EpisodeOfCare', 'Coverage'], 'crus'),
    },
    abilities: ['break-glass'],
    secondFactor: false,
  },
  'case-manager': {
    title: 'Case manager',
    does: 'Works with people: assessments, plans, teams, contacts and visits.',
    scopes: { '*': 'rs', ...referring, ...visiting, ...booking, ...caring },
    abilities: ['break-glass'],
    secondFactor: false,
  },
  supervisor: {
    title: 'Supervisor',
    does: 'Answers for the work of a team: reassigns, corrects, and sees who was shown what.',
    scopes: {
      '*': 'rs',
      ...referring,
      ...visiting,
      ...caring,
      ...statingRoom,
      Task: 'cruds',
      Schedule: 'cruds',
      Slot: 'cruds',
    },
    abilities: ['break-glass', 'list-disclosures', 'lower-labels'],
    secondFactor: true,
  },
  'utilization-reviewer': {
    title: 'Utilization reviewer',
    does: 'Reviews whether care is authorized and covered; changes nothing of the record.',
    scopes: {
      ...readDirectory,
      ...each(
        [
          'Patient',
          'ServiceRequest',
          'Encounter',
          'EpisodeOfCare',
          'Condition',
          'CarePlan',
          'Goal',
          'Procedure',
        ],
        'rs',
      ),
      ...each(['Task', 'Communication', 'Coverage', 'Claim', 'ClaimResponse'], 'crus'),
    },
    abilities: [],
    secondFactor: false,
  },
  'organization-administrator': {
    title: 'Organization administrator',
    does: 'Keeps the organization’s people and its entry in the directory; sees no one’s record.',
    scopes: editDirectory,
    abilities: ['edit-directory', 'manage-people'],
    secondFactor: true,
  },
  'network-administrator': {
    title: 'Network administrator',
    does: 'Runs the network: people of every organization and the directory; sees no one’s record.',
    scopes: { ...editDirectory, Task: 'rus' },
    abilities: ['edit-directory', 'run-bots', 'manage-people', 'manage-network'],
    secondFactor: true,
  },
  auditor: {
    title: 'Auditor',
    does: 'Checks who saw and did what; changes nothing.',
    scopes: { ...readDirectory, ...each(['AuditEvent', 'Provenance', 'Consent', 'Patient'], 'rs') },
    abilities: ['read-audit', 'list-disclosures'],
    secondFactor: true,
  },
};

export const roleNames = Object.keys(roles) as readonly Role[];

export const isRole = (text: string): text is Role => Object.hasOwn(roles, text);

/** The network administrator acts for the hub's own Organization alone; the clinical roles never do. */
export const rolesFor = (organization: string, hubOrganization: string): readonly Role[] =>
  organization === hubOrganization
    ? ['network-administrator', 'auditor']
    : roleNames.filter(role => role !== 'network-administrator');

const known = new Map(roleNames.map(role => [role, scopesIn(roles[role])]));

export const scopesOf = (role: Role): readonly Scope[] => known.get(role) ?? [];

function scopesIn({ scopes }: RoleRow): readonly Scope[] {
  return Object.entries(scopes).map(([type, letters]) => ({
    type,
    create: letters.includes('c'),
    read: letters.includes('r'),
    update: letters.includes('u'),
    delete: letters.includes('d'),
    search: letters.includes('s'),
  }));
}

/** The Actor of a person who acts in a role for an organization. */
export function actorOf(person: { account: string; organization: string; role: Role }): Actor {
  const { account, organization, role } = person;
  return {
    kind: 'person',
    id: account,
    organization,
    scopes: scopesOf(role),
    abilities: roles[role].abilities,
  };
}
