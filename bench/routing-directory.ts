import type { Location, Organization } from '@medplum/fhirtypes';
import type { Hub } from '../src/hub.ts';
import { serviceType, token } from '../src/referral/routing/codes.ts';
import {
  acceptedPayer,
  ageRange,
  catchmentArea,
  serviceCapacity,
  spoken,
} from '../src/referral/routing/directory-entries.ts';
import { Loader, type Named } from './region.ts';
import { moment, pick } from './resources.ts';

/** As many as Texas has: with more services each of them has more, so that the match gets harder, too. */
export const counties = 254;
const kinds = ['136', '141', '139', '140', '105', '127', '128', '548', '224', '135', '138', '279'];
const languages = ['en', 'es', 'vi', 'zh', 'ar'];
const payers = ['Medicaid', 'Medicare', 'Blue', 'Aetna'];
const perOrganization = 3;
const programs = 'https://warmhandoff.example/fhir/CodeSystem/routing-program';

export const kind = (n: number) => serviceType(pick(kinds, n), 'Service');
export const kindToken = (n: number): string => token(kind(n).coding?.[0] ?? {}) ?? '';
/** None begins like another one, as few do in the country. */
export const county = (n: number): string => `County ${String(n % counties).padStart(3, '0')}`;

/** The middle of a county, on a grid of about 60 km. */
export const middle = (n: number) => ({
  latitude: 26 + Math.floor((n % counties) / 16) * 0.55,
  longitude: -106 + ((n % counties) % 16) * 0.65,
});

/** A directory of so many services: an organization has three, in its county; some serve everywhere. */
export async function fillDirectory(hub: Hub, services: number, today: string): Promise<void> {
  const loader = new Loader(hub);
  for (let n = 0; n * perOrganization < services; n++)
    for (const one of organization(n, today)) await loader.add(one, `org-${n}`);
  await loader.flush();
  await hub.store.analyze();
}

function organization(n: number, today: string): Named[] {
  const home = (n * 7919) % counties;
  const at = middle(home);
  const site: Location = {
    resourceType: 'Location',
    status: 'active',
    name: `Site ${n}`,
    position: {
      latitude: at.latitude + ((n * 37) % 50) / 200,
      longitude: at.longitude + ((n * 53) % 50) / 200,
    },
  };
  const itself: Organization = { resourceType: 'Organization', active: true, name: `Organization ${n}` };
  const area = catchmentArea({ name: `${county(home)} County`, state: 'TX', county: county(home) });
  return [
    { ...itself, id: `org-${n}` },
    { ...site, id: `site-${n}` },
    { ...area, id: `area-${n}` },
    ...Array.from({ length: perOrganization }, (_, at) => service(n, n * perOrganization + at, today)),
    ...[0, 1].map(at => task(n, at)),
  ];
}

function service(organization: number, n: number, today: string): Named {
  const everywhere = n % 20 === 7;
  return {
    resourceType: 'HealthcareService',
    id: `service-${n}`,
    active: true,
    name: `Service ${n}`,
    providedBy: { reference: `Organization/org-${organization}` },
    type: [kind((n * 31) % 997)],
    location: [{ reference: `Location/site-${organization}` }],
    ...(everywhere ? {} : { coverageArea: [{ reference: `Location/area-${organization}` }] }),
    eligibility: [n % 5 === 0 ? ageRange(0, 17) : ageRange(18)],
    ...(n % 50 === 3 ? { program: [{ coding: [{ system: programs, code: 'ccbhc' }] }] } : {}),
    communication: [spoken('en', 'English'), spoken(pick(languages, n), 'Another')],
    extension: [
      acceptedPayer({ text: pick(payers, n), coding: [{ system: 'urn:payer', code: pick(payers, n) }] }),
      acceptedPayer({ text: 'Medicaid', coding: [{ system: 'urn:payer', code: 'Medicaid' }] }),
      serviceCapacity({ status: n % 4 === 0 ? 'waitlist' : 'capacity', confirmed: today, waitDays: n % 30 }),
    ],
  };
}

function task(n: number, at: number): Named {
  return {
    resourceType: 'Task',
    id: `t-${n}-${at}`,
    status: at === 0 ? 'in-progress' : 'completed',
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
    owner: { reference: `Organization/org-${n}` },
    authoredOn: moment(n),
  };
}
