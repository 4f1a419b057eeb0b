import type { HealthcareService, Location, Organization } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { concept, routingSystem, serviceType } from './codes.ts';
import { acceptedPayer, ageRange, catchmentArea, serviceCapacity, spoken } from './directory-entries.ts';
import { serviceFacts } from './facts.ts';

const north: Organization = { resourceType: 'Organization', id: 'north', name: 'Northside Center' };
const travis: Location = {
  ...catchmentArea({ name: 'Travis County', state: 'TX', county: 'Travis County' }),
  id: 'travis',
};
const site: Location = {
  resourceType: 'Location',
  id: 'site',
  status: 'active',
  position: { latitude: 30.3, longitude: -97.7 },
};
const closed: Location = { resourceType: 'Location', id: 'closed', status: 'suspended' };
const directory = new Map(
  [north, travis, site, closed].map(entry => [`${entry.resourceType}/${entry.id}`, entry]),
);

const service: HealthcareService = {
  resourceType: 'HealthcareService',
  id: 'cm',
  active: true,
  name: 'Case management',
  providedBy: { reference: 'Organization/north' },
  type: [serviceType('136', 'Mental Health Case Management')],
  specialty: [concept(routingSystem.snomed, '394913002', 'Psychotherapy')],
  location: [{ reference: 'Location/site' }],
  coverageArea: [{ reference: 'Location/travis' }],
  eligibility: [ageRange(18), ageRange(6, 17, { text: 'children' })],
  communication: [spoken('en', 'English'), spoken('es-MX', 'Spanish')],
  serviceProvisionCode: [concept(routingSystem.provision, 'disc', 'Discounts')],
  program: [concept(routingSystem.program, 'ccbhc', 'CCBHC')],
  characteristic: [concept(routingSystem.characteristic, 'wheelchair', 'Wheelchair access')],
  extension: [
    acceptedPayer({ reference: 'Organization/medicaid', display: 'Medicaid' }),
    acceptedPayer({ coding: [{ system: 'k', code: 'mcr', display: 'Medicare' }] }),
    serviceCapacity({ status: 'waitlist', confirmed: '2026-02-20', firstOpening: '2026-03-15' }),
  ],
};

describe('the facts of a service', () => {
  it('are what its builders wrote', () => {
    expect(serviceFacts(service, directory)).toEqual({
      id: 'cm',
      organization: 'north',
      name: 'Northside Center, Case management',
      inactive: undefined,
      offers: ['http://terminology.hl7.org/CodeSystem/service-type|136', 'http://snomed.info/sct|394913002'],
      areas: [{ words: 'Travis County', state: 'tx', county: 'travis', postalCode: undefined }],
      positions: [{ latitude: 30.3, longitude: -97.7 }],
      ages: [
        { low: 18, high: undefined },
        { low: 6, high: 17 },
      ],
      populations: [],
      payers: [
        { organization: 'Organization/medicaid', kinds: [], words: 'Medicaid' },
        { kinds: ['k|mcr'], words: 'Medicare' },
      ],
      provision: ['disc'],
      languages: ['en', 'es-mx'],
      programs: [`${routingSystem.program}|ccbhc`],
      characteristics: [{ token: `${routingSystem.characteristic}|wheelchair`, words: 'Wheelchair access' }],
      capacity: { status: 'waitlist', confirmed: '2026-02-20', firstOpening: '2026-03-15' },
    });
  });

  it.each<[string, Partial<HealthcareService>, string | undefined]>([
    ['open', {}, undefined],
    ['without a place', { location: [] }, undefined],
    ['closed', { active: false }, 'This service is closed'],
    [
      'with one place open',
      { location: [{ reference: 'Location/closed' }, { reference: 'Location/site' }] },
      undefined,
    ],
    [
      'with every place closed',
      { location: [{ reference: 'Location/closed' }] },
      'Every place of this service is closed for now',
    ],
  ])('say why it takes nobody: %s', (_name, change, inactive) => {
    expect(serviceFacts({ ...service, ...change }, directory)?.inactive).toBe(inactive);
  });

  it('are none where nobody can be asked', () => {
    expect(serviceFacts({ ...service, providedBy: undefined }, directory)).toBeUndefined();
    expect(
      serviceFacts({ ...service, providedBy: { reference: 'Organization/unknown' } }, directory),
    ).toBeUndefined();
  });

  it('read months as parts of a year, and leave out a capacity they do not know', () => {
    const range = { low: { value: 6, code: 'mo' }, high: { value: 5, code: 'a' } };
    const eligibility = [{ extension: [{ url: ageRange().extension?.[0]?.url ?? '', valueRange: range }] }];
    expect(serviceFacts({ ...service, eligibility, extension: [] }, directory)).toMatchObject({
      ages: [{ low: 0.5, high: 5 }],
      payers: [],
      capacity: undefined,
    });
  });
});
