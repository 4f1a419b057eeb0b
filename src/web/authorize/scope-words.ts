import type { OtherScope, ResourceScope, ScopeList } from '../../auth/scopes.ts';

/** What a person is told that an app may do, a sentence for each scope. */
export function scopeWords({ resources, others }: ScopeList): string[] {
  return [...others.flatMap(one => otherWords[one] ?? []), ...resources.map(resourceWords)];
}

const otherWords: Partial<Record<OtherScope, string>> = {
  fhirUser: 'Know who you are in the directory',
  profile: 'Know your name',
  online_access: 'Go on for the rest of your working day without asking again',
  offline_access: 'Go on for up to 90 days without asking again, also when you are not here',
};

/** The types that people meet most, as they call them. */
const names: Readonly<Record<string, string>> = {
  '*': 'all kinds of entries',
  Patient: 'personal details',
  Observation: 'observations and results',
  Condition: 'diagnoses',
  ServiceRequest: 'referrals',
  Task: 'tasks',
  CarePlan: 'care plans',
  CareTeam: 'care teams',
  Goal: 'goals',
  Encounter: 'visits and stays',
  EpisodeOfCare: 'episodes of care',
  Appointment: 'appointments',
  DocumentReference: 'documents',
  Coverage: 'insurance',
  Consent: 'consents',
  Communication: 'messages',
  Practitioner: 'staff in the directory',
  Organization: 'organizations in the directory',
};

function resourceWords(scope: ResourceScope): string {
  const verbs = [
    ...(scope.read || scope.search ? ['see'] : []),
    ...(scope.create ? ['add'] : []),
    ...(scope.update ? ['change'] : []),
    ...(scope.delete ? ['delete'] : []),
  ];
  const whose = scope.level === 'patient' ? 'of this one person' : 'that you may work with';
  const only = scope.query === undefined ? '' : ` (only where ${conditions(scope.query)})`;
  const [first = '', ...others] = verbs;
  const listed =
    others.length > 0 ? `${[first, ...others.slice(0, -1)].join(', ')} and ${others.at(-1)}` : first;
  const text = `${listed} ${names[scope.type] ?? `${scope.type} entries`} ${whose}${only}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `category=http://…|laboratory` as “category is laboratory”. */
const conditions = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => {
      const codes = value.split(',').map(one => one.split('|').at(-1) || one);
      return `${name} is ${codes.join(' or ')}`;
    })
    .join(' and ');
