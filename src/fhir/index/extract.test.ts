import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farFuture, farPast } from '../definitions/dates.ts';
import { loadDefinitions } from '../definitions/definitions.ts';
import { testCacheFolder, testDefinitions } from '../definitions/test-definitions.ts';
import type { Extracted } from '../definitions/types.ts';
import { createExtract } from './extract.ts';

const definitions = await testDefinitions();
const names = definitions.allSearchParameters().map(parameter => parameter.name);
const extract = createExtract(definitions, new Map(names.map((name, at) => [name, at])));

/** The rows of one parameter: table and values. */
function rows(resource: unknown, parameter: string): unknown[][] {
  const extracted: Extracted = extract(resource as Resource);
  const param = names.indexOf(parameter);
  expect(param, parameter).toBeGreaterThanOrEqual(0);
  return Object.entries(extracted).flatMap(([table, list]) =>
    list.filter((row: unknown[]) => row[0] === param).map((row: unknown[]) => [table, ...row.slice(1)]),
  );
}

const at = (text: string): number => Date.parse(text);
const ucum = 'http://unitsofmeasure.org';

describe('the index rows of each type of value', () => {
  it.each<[what: string, parameter: string, elements: object, expected: unknown[][]]>([
    [
      'a code has the system its binding implies',
      'Patient.gender',
      { gender: 'female' },
      [['tok', 'female', 'http://hl7.org/fhir/administrative-gender']],
    ],
    ['a boolean', 'Patient.active', { active: true }, [['tok', 'true', '']]],
    ['the result of an expression', 'Patient.deceased', {}, [['tok', 'false', '']]],
    ['an expression over a choice', 'Patient.deceased', { deceasedDateTime: '2024' }, [['tok', 'true', '']]],
    ['an expression that is false', 'Patient.deceased', { deceasedBoolean: false }, [['tok', 'false', '']]],
    ['a Coding', 'Encounter.class', { class: { system: 'urn:s', code: 'IMP' } }, [['tok', 'IMP', 'urn:s']]],
    ['a Coding without a system', 'Encounter.class', { class: { code: 'IMP' } }, [['tok', 'IMP', '']]],
    [
      'a Coding without a code',
      'Encounter.class',
      { class: { system: 'urn:s', display: 'X' } },
      [['str', 'x']],
    ],
    [
      'a CodeableConcept',
      'Observation.code',
      { code: { coding: [{ system: 'http://loinc.org', code: '44249-1' }, { code: 'phq' }], text: 'PHQ-9' } },
      [
        ['tok', '44249-1', 'http://loinc.org'],
        ['tok', 'phq', ''],
        ['str', 'phq-9'],
      ],
    ],
    [
      'the same twice',
      'Observation.code',
      { code: { coding: [{ code: 'a' }, { code: 'a' }] } },
      [['tok', 'a', '']],
    ],
    [
      'an Identifier',
      'Patient.identifier',
      { identifier: [{ system: 'urn:mrn', value: '7' }, { value: '8' }, { system: 'urn:x' }] },
      [
        ['tok', '7', 'urn:mrn'],
        ['tok', '8', ''],
      ],
    ],
    [
      'a ContactPoint',
      'Patient.telecom',
      { telecom: [{ system: 'phone', value: '555-0100' }] },
      [['tok', '555-0100', 'phone']],
    ],
    [
      'a ContactPoint of the kind',
      'Patient.email',
      {
        telecom: [
          { system: 'phone', value: '555-0100' },
          { system: 'email', value: 'a@b.example' },
        ],
      },
      [['tok', 'a@b.example', 'email']],
    ],
    ['a string as token', 'AuditEvent.altid', { agent: [{ altId: 'u-7' }] }, [['tok', 'u-7', '']]],
    [
      'a HumanName',
      'Patient.name',
      { name: [{ text: 'Dr José Núñez', family: 'Núñez', given: ['José', 'B.'], prefix: ['Dr'] }] },
      [
        ['str', 'dr jose nunez'],
        ['str', 'nunez'],
        ['str', 'jose'],
        ['str', 'b.'],
        ['str', 'dr'],
      ],
    ],
    [
      'an Address',
      'Patient.address',
      { address: [{ line: ['1 Main  St'], city: 'Köln', postalCode: '50667', country: 'DE' }] },
      [
        ['str', '1 main st'],
        ['str', 'koln'],
        ['str', '50667'],
        ['str', 'de'],
      ],
    ],
    [
      'a string',
      'Organization.name',
      { name: 'Northside', alias: ['NS Center', '  '] },
      [
        ['str', 'northside'],
        ['str', 'ns center'],
      ],
    ],
    ['a long string', 'Organization.name', { name: 'x'.repeat(5_000) }, [['str', 'x'.repeat(256)]]],
    [
      'a date',
      'Patient.birthdate',
      { birthDate: '1990-05' },
      [['dt', at('1990-05-01T00:00Z'), at('1990-06-01T00:00Z') - 1]],
    ],
    ['a date that is none', 'Patient.birthdate', { birthDate: 'in May' }, []],
    [
      'a dateTime',
      'Observation.date',
      { effectiveDateTime: '2024-03-07T13:28:17-05:00' },
      [['dt', at('2024-03-07T18:28:17Z'), at('2024-03-07T18:28:17.999Z')]],
    ],
    [
      'an instant',
      'Observation.date',
      { effectiveInstant: '2024-03-07T13:28:17.5Z' },
      [['dt', at('2024-03-07T13:28:17.5Z'), at('2024-03-07T13:28:17.599Z')]],
    ],
    [
      'a Period',
      'Observation.date',
      { effectivePeriod: { start: '2024-03-07', end: '2024-03' } },
      [['dt', at('2024-03-07T00:00Z'), at('2024-04-01T00:00Z') - 1]],
    ],
    [
      'a Period that goes on',
      'EpisodeOfCare.date',
      { period: { start: '2024' } },
      [['dt', at('2024-01-01T00:00Z'), farFuture]],
    ],
    [
      'a Period since ever',
      'EpisodeOfCare.date',
      { period: { end: '2024' } },
      [['dt', farPast, at('2025-01-01T00:00Z') - 1]],
    ],
    ['an empty Period', 'EpisodeOfCare.date', { period: { id: 'x' } }, []],
    [
      'a Timing with events',
      'ServiceRequest.occurrence',
      { occurrenceTiming: { event: ['2024-03-01', '2024-02-01'] } },
      [['dt', at('2024-02-01T00:00Z'), at('2024-03-02T00:00Z') - 1]],
    ],
    [
      'a Timing with bounds',
      'ServiceRequest.occurrence',
      { occurrenceTiming: { repeat: { boundsPeriod: { start: '2024' } } } },
      [['dt', at('2024-01-01T00:00Z'), farFuture]],
    ],
    [
      'a Timing without limits',
      'ServiceRequest.occurrence',
      { occurrenceTiming: { repeat: { frequency: 1 } } },
      [],
    ],
    [
      'a number',
      'RiskAssessment.probability',
      { prediction: [{ probabilityDecimal: 0.25 }] },
      [['num', 0.25]],
    ],
    [
      'a range of numbers',
      'RiskAssessment.probability',
      { prediction: [{ probabilityRange: { low: { value: 1 }, high: { value: 3 } } }] },
      [
        ['num', 1],
        ['num', 3],
      ],
    ],
    [
      'a Quantity',
      'Observation.value-quantity',
      { valueQuantity: { value: 5.4, unit: 'mg', code: 'mg', system: ucum } },
      [['qty', 'mg', 5.4, ucum]],
    ],
    [
      'a Quantity whose unit is written otherwise',
      'Observation.value-quantity',
      { valueQuantity: { value: 5, unit: 'breaths', code: '/min', system: ucum } },
      [
        ['qty', '/min', 5, ucum],
        ['qty', 'breaths', 5, ''],
      ],
    ],
    [
      'a Quantity without a unit',
      'Observation.value-quantity',
      { valueQuantity: { value: 5 } },
      [['qty', '', 5, '']],
    ],
    [
      'an Age',
      'Condition.onset-age',
      { onsetAge: { value: 30, code: 'a', system: ucum } },
      [['qty', 'a', 30, ucum]],
    ],
    [
      'Money',
      'Invoice.totalnet',
      { totalNet: { value: 9.5, currency: 'USD' } },
      [['qty', 'USD', 9.5, 'urn:iso:std:iso:4217']],
    ],
    ['a uri', 'ValueSet.url', { url: 'http://x.example/v' }, [['uri', 'http://x.example/v']]],
    [
      'a canonical with version',
      'Task._profile',
      { meta: { profile: ['http://x.example/p|2'] } },
      [
        ['uri', 'http://x.example/p|2'],
        ['uri', 'http://x.example/p'],
      ],
    ],
    [
      'a canonical as reference',
      'CarePlan.instantiates-canonical',
      { instantiatesCanonical: ['http://x.example/p'] },
      [['uri', 'http://x.example/p']],
    ],
    ['a reference', 'Task.owner', { owner: { reference: 'Organization/1' } }, [['ref', 'Organization/1']]],
    [
      'a reference to a version',
      'Task.owner',
      { owner: { reference: 'Organization/1/_history/3' } },
      [['ref', 'Organization/1']],
    ],
    [
      'a reference elsewhere',
      'Task.owner',
      { owner: { reference: 'https://ehr.example/fhir/Organization/1' } },
      [['uri', 'https://ehr.example/fhir/Organization/1']],
    ],
    [
      'a contained resource',
      'Task.owner',
      { contained: [{ resourceType: 'Organization', id: 'o' }], owner: { reference: '#o' } },
      [],
    ],
    [
      'a logical reference',
      'Task.owner',
      { owner: { identifier: { system: 'urn:npi', value: '12' } } },
      [['tok', '12', 'urn:npi']],
    ],
    [
      'a literal and logical reference',
      'Task.owner',
      { owner: { reference: 'Organization/1', identifier: { value: '12' } } },
      [
        ['tok', '12', ''],
        ['ref', 'Organization/1'],
      ],
    ],
    ['a reference by its type', 'Task.patient', { for: { reference: 'Patient/1' } }, [['ref', 'Patient/1']]],
    ['a reference of another type', 'Task.patient', { for: { reference: 'Group/1' } }, []],
    [
      'a logical reference by its type',
      'Task.patient',
      { for: { type: 'Patient', identifier: { value: '9' } } },
      [['tok', '9', '']],
    ],
    ['a type that does not exist', 'Task.focus', { focus: { reference: 'Unknown/1' } }, []],
    [
      'a position',
      'Location.near',
      { position: { longitude: -71.1, latitude: 42.3 } },
      [['pos', 42.3, -71.1]],
    ],
    [
      'a primitive without a value',
      'Patient.birthdate',
      { _birthDate: { extension: [{ url: 'u', valueCode: 'unknown' }] } },
      [],
    ],
    [
      'a list with gaps',
      'Patient.given',
      { name: [{ given: [null, 'Ann'], _given: [{ id: 'x' }, null] }] },
      [['str', 'ann']],
    ],
    [
      'what is not of its type',
      'Patient.name',
      { name: ['Ann', 7, null, { given: 'Ann' }] },
      [['str', 'ann']],
    ],
  ])('%s', (_, parameter, elements, expected) => {
    const resourceType = parameter.split('.')[0] ?? '';
    expect(rows({ resourceType, ...elements }, parameter)).toEqual(expected);
  });
});

describe('a parameter that cannot be compiled', () => {
  const parameter = {
    resourceType: 'SearchParameter',
    url: 'urn:own',
    name: 'own',
    status: 'active',
    description: 'own',
    code: 'own',
    base: ['Task'],
    type: 'date',
    expression: 'Task.restriction.period.iif(start.toDateTime().exists(), $this)',
  };

  it('is evaluated, with the types found on the way', async () => {
    const profileFolder = mkdtempSync(join(tmpdir(), 'own-'));
    writeFileSync(join(profileFolder, 'own.json'), JSON.stringify(parameter));
    const own = await loadDefinitions({ cacheFolder: testCacheFolder, profileFolder });
    rmSync(profileFolder, { recursive: true });
    const numbers = new Map(own.allSearchParameters().map(({ name }, at) => [name, at]));
    const found = createExtract(
      own,
      numbers,
    )({
      resourceType: 'Task',
      status: 'draft',
      intent: 'order',
      restriction: { period: { start: '2024', end: '2024' } },
    } as unknown as Resource);
    expect(found.dt).toEqual([
      [numbers.get('Task.own'), at('2024-01-01T00:00Z'), at('2025-01-01T00:00Z') - 1],
    ]);
  });
});

describe('extract', () => {
  it('asks for the number of every parameter', () => {
    expect(() => createExtract(definitions, new Map())({ resourceType: 'Task' } as Resource)).toThrow(
      'has no number',
    );
  });

  it('never throws, whatever the JSON', () => {
    const keys = [
      ...definitions.schema.properties('Patient').keys(),
      ...definitions.schema.properties('Observation').keys(),
      'reference',
      'coding',
    ];
    const type = fc.constantFrom('Patient', 'Observation', 'Task', 'Bundle', 'Questionnaire', 'Nothing');
    const { tree } = fc.letrec(tie => ({
      tree: fc.oneof({ maxDepth: 5 }, fc.jsonValue(), tie('object'), fc.array(tie('tree'), { maxLength: 3 })),
      object: fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 6 }),
    }));
    const json = fc.tuple(type, fc.dictionary(fc.constantFrom(...keys), tree, { maxKeys: 8 }));
    fc.assert(
      fc.property(json, ([resourceType, value]) => {
        const extracted = extract({ ...value, resourceType } as unknown as Resource);
        expect(extracted.dt.every(([, lo, hi]) => Number.isSafeInteger(lo) && lo <= hi)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
