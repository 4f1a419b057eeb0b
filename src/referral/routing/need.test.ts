import type { Coverage, Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import weights from '../../../terminology/routing-weights.json' with { type: 'json' };
import { concept, routingSystem } from './codes.ts';
import { ageIn, needOf } from './need.ts';
import { distanceKm, homesOf, within } from './place.ts';
import { routingRules } from './rules.ts';
import { serviceTypes } from './service-types.ts';

const now = new Date('2026-03-02T15:00:00Z');
const hl7 = (code: string) => `http://terminology.hl7.org/CodeSystem/service-type|${code}`;
const request = (more: Partial<ServiceRequest>): ServiceRequest => ({
  resourceType: 'ServiceRequest',
  id: 'r',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p' },
  ...more,
});

describe('what a request asks for', () => {
  it.each<[string, Partial<ServiceRequest>, string[]]>([
    [
      'a service type as it is',
      { code: concept('http://terminology.hl7.org/CodeSystem/service-type', '141', '') },
      [hl7('141')],
    ],
    [
      'a SNOMED code through the map',
      { code: concept(routingSystem.snomed, '464001000124109', '') },
      [`${routingSystem.snomed}|464001000124109`, hl7('136'), hl7('279')],
    ],
    [
      'its category where the code says nothing',
      {
        code: concept(routingSystem.snomed, '467751000124104', ''),
        category: [concept(routingSystem.gravity, 'food-insecurity', '')],
      },
      [`${routingSystem.snomed}|467751000124104`, hl7('548')],
    ],
    [
      'its code before its category',
      {
        code: concept(routingSystem.snomed, '710911006', ''),
        category: [concept(routingSystem.gravity, 'food-insecurity', '')],
      },
      [`${routingSystem.snomed}|710911006`, hl7('128'), hl7('127')],
    ],
    ['nothing in words alone', { code: { text: 'help' } }, []],
  ])('%s', (_name, more, tokens) => {
    expect(serviceTypes(request(more))).toEqual(tokens);
  });
});

describe('age in completed years', () => {
  it.each<[string | undefined, number | undefined]>([
    ['2008-03-02', 18],
    ['2008-03-03', 17],
    ['2008-02-29', 18],
    ['2008', 18],
    ['2008-04', 17],
    ['2026-03-02', 0],
    ['2026-03-03', undefined],
    [undefined, undefined],
  ])('%s', (born, years) => {
    expect(ageIn(born, now)).toBe(years);
  });
});

describe('where somebody lives', () => {
  const area = (more: object) => ({ words: '', ...more });
  it.each<[object, object, boolean | undefined]>([
    [{ state: 'tx', county: 'travis' }, { state: 'tx', county: 'travis' }, true],
    [{ county: 'travis' }, { state: 'tx', county: 'travis' }, undefined],
    [{ state: 'ok', county: 'travis' }, { state: 'tx', county: 'travis' }, false],
    [{ postalCode: '78701' }, { state: 'tx', postalCode: '78701' }, true],
    [{ state: 'tx' }, { state: 'tx', postalCode: '78701' }, undefined],
    [{ state: 'tx', postalCode: '78702' }, { state: 'tx', postalCode: '78701' }, false],
    [{ state: 'tx' }, { state: 'tx' }, true],
    [{}, { state: 'tx' }, undefined],
  ])('%o in %o is %s', (home, of, is) => {
    expect(within(home, area(of))).toBe(is);
  });

  it('is the home of today, written as people write it', () => {
    const geolocation = {
      url: 'http://hl7.org/fhir/StructureDefinition/geolocation',
      extension: [
        { url: 'latitude', valueDecimal: 30.3 },
        { url: 'longitude', valueDecimal: -97.7 },
      ],
    };
    const homes = homesOf(
      [
        { use: 'old', state: 'TX', district: 'Hays' },
        { use: 'home', state: 'TX', period: { end: '2025-12-31' } },
        { use: 'billing', state: 'OK' },
        { use: 'temp', state: 'LA' },
        {
          use: 'home',
          state: ' tx ',
          district: 'TRAVIS County',
          postalCode: '78701-1234',
          extension: [geolocation],
        },
      ],
      now,
    );
    expect(homes).toEqual([
      { state: 'tx', county: 'travis', postalCode: '78701', position: { latitude: 30.3, longitude: -97.7 } },
    ]);
    expect(homesOf([{ use: 'temp', state: 'LA' }], now)).toEqual([{ state: 'la' }]);
  });

  it('is as far away as on the globe', () => {
    expect(
      distanceKm({ latitude: 30.2672, longitude: -97.7431 }, { latitude: 29.4241, longitude: -98.4936 }),
    ).toBeCloseTo(118.3, 0);
    expect(distanceKm({ latitude: 10, longitude: 179.9 }, { latitude: 10, longitude: -179.9 })).toBeCloseTo(
      21.9,
      0,
    );
  });
});

describe('a need', () => {
  const task: Task = {
    resourceType: 'Task',
    id: 't',
    status: 'requested',
    intent: 'order',
    priority: 'urgent',
    input: [
      {
        type: concept(routingSystem.input, 'avoid', ''),
        valueReference: { reference: 'Organization/south' },
      },
      {
        type: concept(routingSystem.input, 'wish', ''),
        valueCodeableConcept: concept(routingSystem.characteristic, 'telehealth', 'by video'),
      },
      {
        type: concept(routingSystem.input, 'population', ''),
        valueCodeableConcept: { coding: [{ system: 'p', code: 'veteran' }] },
      },
      { type: { text: 'something else' }, valueString: 'x' },
    ],
  };
  const patient: Patient = {
    resourceType: 'Patient',
    id: 'p',
    birthDate: '1990-05-05',
    communication: [
      { language: { coding: [{ code: 'en' }] } },
      { preferred: true, language: { coding: [{ code: 'es-MX' }] } },
    ],
  };
  const coverage = (status: Coverage['status'], code: string): Coverage => ({
    resourceType: 'Coverage',
    status,
    beneficiary: { reference: 'Patient/p' },
    payor: [{ reference: 'Patient/p' }],
    type: concept('k', code, code),
  });

  it('is read from what was sent', () => {
    const need = needOf(
      {
        task,
        patient,
        request: request({
          priority: 'routine',
          category: [
            concept(routingSystem.program, 'veterans', ''),
            concept(routingSystem.gravity, 'homelessness', ''),
          ],
        }),
        coverages: [coverage('active', 'mcd'), coverage('cancelled', 'mcr')],
        source: 'hospital',
        preferred: ['north'],
        asked: [],
        refusals: [],
        licences: [],
      },
      now,
    );
    expect(need).toEqual({
      services: [hl7('127'), hl7('126')],
      age: 35,
      homes: [],
      payers: [{ kinds: ['k|mcd'], words: 'mcd' }],
      languages: ['es-mx', 'en'],
      priority: 'urgent',
      programs: [`${routingSystem.program}|veterans`],
      populations: ['p|veteran'],
      requires: { access: [], levels: [], licences: [] },
      wishes: {
        preferred: ['north'],
        avoided: ['south'],
        characteristics: [{ token: `${routingSystem.characteristic}|telehealth`, words: 'by video' }],
      },
      source: 'hospital',
      asked: [],
      refusals: [],
    });
  });
});

describe('rules', () => {
  const veterans = `${routingSystem.program}|veterans`;

  it('are the default, with what a program changes laid over it', () => {
    const [usual, own] = [routingRules(weights), routingRules(weights, ['x|unknown', veterans])];
    expect(own.halfDistanceKm).toBe(40);
    expect(own.weights.routine.population).toBe(4);
    expect({ ...own, halfDistanceKm: usual.halfDistanceKm, weights: usual.weights }).toEqual(usual);
    expect({ ...own.weights.routine, population: 1, program: 2 }).toEqual(usual.weights.routine);
  });

  it('are refused with the place of the mistake', () => {
    const wrong = { ...weights, programs: { 'x|y': { weights: { routine: { distance: -1 } } } } };
    expect(() => routingRules(wrong, ['x|y'])).toThrow(/weights\.routine\.distance/);
    expect(() => routingRules({ default: { ...weights.default, halfDistance: 3 } })).toThrow(/halfDistance/);
    expect(routingRules(wrong)).toEqual(routingRules(weights));
  });
});
