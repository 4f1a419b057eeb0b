import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchParameter } from '@medplum/fhirtypes';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDefinitions } from './definitions.ts';
import { compile } from './fhirpath/compile.ts';
import { testCacheFolder, testDefinitions } from './test-definitions.ts';

const definitions = await testDefinitions();
const folder = mkdtempSync(join(tmpdir(), 'definitions-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the definitions of FHIR R4', () => {
  it('have its resource types, and no others', () => {
    expect(definitions.resourceTypes.size).toBe(146);
    for (const type of ['Patient', 'Task', 'ServiceRequest', 'EpisodeOfCare'])
      expect(definitions.resourceTypes).toContain(type);
    for (const type of ['Resource', 'DomainResource', 'Bot', 'SubscriptionStatus', 'Quantity']) {
      expect(definitions.resourceTypes).not.toContain(type);
    }
  });

  it.each([
    ['Task.owner', 'reference', 'ref', 'Task.owner'],
    ['Task.patient', 'reference', 'ref', 'Task.for.where(resolve() is Patient)'],
    ['Patient.birthdate', 'date', 'dt', 'Patient.birthDate'],
    ['Patient.family', 'string', 'str', 'Patient.name.family'],
    ['Patient.phone', 'token', 'tok', "Patient.telecom.where(system='phone')"],
    [
      'Observation.value-quantity',
      'quantity',
      'qty',
      '(Observation.value as Quantity) | (Observation.value as SampledData)',
    ],
    ['RiskAssessment.probability', 'number', 'num', 'RiskAssessment.prediction.probability'],
    ['Location.near', 'special', 'pos', 'Location.position'],
    ['ValueSet.url', 'uri', 'uri', 'ValueSet.url'],
    ['CarePlan.instantiates-canonical', 'reference', 'uri', 'CarePlan.instantiatesCanonical'],
    ['Task._profile', 'uri', 'uri', 'Resource.meta.profile'],
    ['Task._tag', 'token', 'tok', 'Resource.meta.tag'],
    ['Task._security', 'token', 'tok', 'Resource.meta.security'],
    ['Task._source', 'uri', 'uri', 'Resource.meta.source'],
    ['Task._id', 'token', 'tok', 'Resource.id'],
  ])('%s is a %s parameter', (name, kind, table, expression) => {
    const [type = '', code = ''] = name.split('.');
    const parameter = definitions.searchParameters(type).get(code);
    expect(parameter).toMatchObject({ name, type, code, kind, table });
    expect(parameter?.expression.replace(/ofType\((\w+)\)/g, 'as $1').replaceAll('.as', ' as')).toBe(
      expression,
    );
  });

  it.each([
    [
      'Task.owner',
      [
        'Practitioner',
        'Organization',
        'CareTeam',
        'HealthcareService',
        'Patient',
        'Device',
        'PractitionerRole',
        'RelatedPerson',
      ],
    ],
    ['Task.patient', ['Patient']],
    ['ServiceRequest.encounter', ['Encounter']],
    ['Observation.status', []],
  ])('%s refers to %j', (name, targets) => {
    const [type = '', code = ''] = name.split('.');
    expect(definitions.searchParameters(type).get(code)?.targets.toSorted()).toEqual(targets.toSorted());
  });

  it('leave out what cannot be indexed', () => {
    for (const code of ['_text', '_content', '_query']) {
      expect(definitions.searchParameters('Observation').has(code)).toBe(false);
    }
    const indexed = definitions.allSearchParameters();
    expect(indexed.some(({ code }) => code === '_id' || code === '_lastUpdated')).toBe(false);
    expect(new Set(indexed.map(({ name }) => name)).size).toBe(indexed.length);
    expect(indexed.length).toBeGreaterThan(2_000);
  });

  it('compile every search parameter of every type', () => {
    for (const { expression, type } of definitions.allSearchParameters()) {
      expect(compile(expression, definitions.schema, type), `${type}: ${expression}`).not.toEqual([]);
    }
  });

  it('compile every invariant of every element', () => {
    const { schema } = definitions;
    let compiled = 0;
    for (const type of schema.types) {
      const [resource = ''] = type.name.split('.');
      for (const { expression } of type.invariants ?? []) {
        compiled += compile(expression, schema, type.name, resource).length;
      }
      for (const { invariants, types } of type.elements) {
        for (const { expression } of invariants ?? []) {
          for (const { code } of types) compiled += compile(expression, schema, code, resource).length;
        }
      }
    }
    expect(compiled).toBeGreaterThan(200);
  });

  it('know summary and mandatory elements, compartments and required codes', () => {
    expect(definitions.summaryElements('Task')).toContain('status');
    expect(definitions.summaryElements('Task')).not.toContain('note');
    expect([...definitions.mandatoryElements('Task')]).toEqual(['status', 'intent']);
    expect(definitions.mandatoryElements('Nothing').size).toBe(0);
    expect(definitions.patientCompartment('ServiceRequest')).toEqual(['subject', 'performer']);
    expect(definitions.patientCompartment('Task')).toEqual(['patient', 'focus']);
    expect(definitions.patientCompartment('Organization')).toEqual([]);
    const gender = definitions.valueSet('http://hl7.org/fhir/ValueSet/administrative-gender');
    expect(gender?.codes.toSorted()).toEqual(['female', 'male', 'other', 'unknown']);
    expect(gender?.systemOf('male')).toBe('http://hl7.org/fhir/administrative-gender');
    expect(definitions.valueSet('http://hl7.org/fhir/ValueSet/mimetypes')).toBeUndefined();
  });

  it('know every value set that a required binding names, but for those published elsewhere', () => {
    const bound = [...definitions.schema.types].flatMap(type =>
      type.elements.flatMap(element => element.binding ?? []),
    );
    const unknown = new Set(bound.filter(url => !definitions.valueSet(url)));
    expect([...unknown].toSorted()).toEqual([
      'http://hl7.org/fhir/ValueSet/characteristic-combination',
      'http://hl7.org/fhir/ValueSet/currencies',
      'http://hl7.org/fhir/ValueSet/mimetypes',
      'http://hl7.org/fhir/ValueSet/ucum-units',
      'http://loinc.org/vs/LL379-9',
    ]);
  });
});

describe("the hub's own search parameters", () => {
  const parameter: SearchParameter = {
    resourceType: 'SearchParameter',
    url: 'http://example.org/SearchParameter/due',
    name: 'due',
    status: 'active',
    description: 'When the next step is due',
    code: 'due',
    base: ['Task'],
    type: 'date',
    expression: "Task.extension('urn:next').extension('due').value.ofType(dateTime)",
  };

  it('come from the JSON files of the folder', async () => {
    writeFileSync(join(folder, 'due.json'), JSON.stringify(parameter));
    writeFileSync(
      join(folder, 'profile.json'),
      JSON.stringify({ resourceType: 'StructureDefinition', url: 'urn:x' }),
    );
    const own = await loadDefinitions({ cacheFolder: testCacheFolder, profileFolder: folder });
    expect(own.searchParameters('Task').get('due')).toMatchObject({
      name: 'Task.due',
      table: 'dt',
      kind: 'date',
    });
    expect(own.allSearchParameters()).toHaveLength(definitions.allSearchParameters().length + 1);
  });
});

describe('the cache', () => {
  it('is built again when it was cut short, and leaves nothing beside it', async () => {
    const [name = ''] = readdirSync(testCacheFolder).filter(file => file.startsWith('fhir-r4-'));
    const content = readFileSync(join(testCacheFolder, name), 'utf8');
    const cacheFolder = join(folder, 'cache');
    mkdirSync(cacheFolder);
    writeFileSync(join(cacheFolder, name), content.slice(0, -1000));
    writeFileSync(join(cacheFolder, 'fhir-r4-1.0.0-abc.json'), 'of an earlier version');
    const again = await loadDefinitions({ cacheFolder, profileFolder: join(folder, 'no-profiles') });
    expect(again.resourceTypes).toEqual(definitions.resourceTypes);
    expect(readdirSync(cacheFolder)).toEqual([name]);
    expect(readFileSync(join(cacheFolder, name), 'utf8')).toBe(content);
  });
});
