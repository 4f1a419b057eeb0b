import type { StructureDefinition } from '@medplum/fhirtypes';
import { operations } from '../../fhir/operations/operations.ts';

/** A command an integrator can run, and what it is for. */
export interface Try {
  what: string;
  command: string;
}

/** What one asks of resources of each type, as searches. */
const searches: Readonly<Record<string, readonly (readonly [what: string, query: string])[]>> = {
  ServiceRequest: [
    [
      'Your open requests, each with the Tasks that ask for it',
      'requester=Organization/you&status=active&_revinclude=Task:focus',
    ],
  ],
  Task: [
    ['What waits for your answer', 'owner=Organization/you&status=requested'],
    [
      'What you sent, as far as it changed since then',
      'requester=Organization/you&_lastUpdated=gt2026-03-01T00:00:00Z',
    ],
  ],
  CarePlan: [['A person’s plans', 'patient=Patient/one&category=assess-plan']],
  CareTeam: [
    [
      'A person’s teams with who is on them',
      'patient=Patient/one&status=active&_include=CareTeam:participant',
    ],
  ],
  EpisodeOfCare: [['The open cases of your center', 'organization=Organization/you&status=planned,active']],
  HealthcareService: [
    ['Who offers case management', 'service-type=136&active=true&_include=HealthcareService:organization'],
  ],
  Consent: [['A person’s consents', 'patient=Patient/one&status=active']],
  Encounter: [['Stays that have not ended', 'class=IMP&status=in-progress']],
};

/** What can be done with resources of a profile. `example` is the id of one of the guide. */
export function triesOf({ type }: StructureDefinition, example: string | undefined, base: string): Try[] {
  if (type === 'Extension') return [];
  const found = (searches[type] ?? []).map(([what, query]) => ({
    what,
    command: get(`${base}/${type}?${query}`),
  }));
  if (!example || !operations.some(({ name }) => name === 'validate')) return found;
  const origin = base.slice(0, base.lastIndexOf('/'));
  const command = [
    `curl -s ${origin}/guide/example/${example}.json |`,
    `  curl -s ${base}/${type}/\\$validate?mode=profile -H "Authorization: Bearer $TOKEN" \\`,
    "    -H 'Content-Type: application/fhir+json' -d @-",
  ].join('\n');
  return [...found, { what: 'Whether a resource conforms: every problem, with its place', command }];
}

/** A search as a command. */
export const get = (url: string): string => `curl -s '${url}' \\\n  -H "Authorization: Bearer $TOKEN"`;
