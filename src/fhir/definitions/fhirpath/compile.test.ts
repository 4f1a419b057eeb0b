import type { Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { testDefinitions } from '../test-definitions.ts';
import { CannotCompile, merge } from './branch.ts';
import type { Collection } from './collection.ts';
import { compile } from './compile.ts';
import { Evaluation } from './evaluation.ts';

const { schema } = await testDefinitions();

function evaluate(expression: string, resource: Resource): Collection {
  const self = [resource];
  const scope = { self, context: self, evaluation: new Evaluation(resource) };
  return merge(compile(expression, schema, resource.resourceType))(scope);
}

const patient = {
  resourceType: 'Patient',
  id: 'p',
  active: true,
  birthDate: '1990-05-17',
  _birthDate: { extension: [{ url: 'urn:time', valueDateTime: '1990-05-17T04:05:00Z' }] },
  _gender: { extension: [{ url: 'urn:absent', valueCode: 'unknown' }] },
  name: [
    { use: 'official', family: 'Rivera', given: ['Ana', 'Luz'] },
    { use: 'nickname', given: ['Lucy'] },
  ],
  telecom: [
    { system: 'phone', value: '555-0100' },
    { system: 'email', value: 'ana@example.org' },
  ],
  extension: [{ url: 'urn:race', valueCoding: { code: 'x' } }],
  contained: [{ resourceType: 'Organization', id: 'gp' }],
  generalPractitioner: [{ reference: '#gp' }, { reference: 'Practitioner/1' }, { reference: 'urn:uuid:1' }],
} as unknown as Resource;

const observation = {
  resourceType: 'Observation',
  valueQuantity: { value: 7, unit: 'mg', code: 'mg', system: 'http://unitsofmeasure.org' },
  referenceRange: [{ low: { value: 1 }, high: { value: 9 } }],
  effectivePeriod: { start: '2024-03-01', end: '2024-03-07T10:00:00Z' },
} as unknown as Resource;

describe('paths', () => {
  it.each<[string, unknown[]]>([
    ['Patient.name.family', ['Rivera']],
    ['Patient.name.given', ['Ana', 'Luz', 'Lucy']],
    ['name[1].given', ['Lucy']],
    ['Resource.id', ['p']],
    ['DomainResource.contained.id', ['gp']],
    ['Observation.value', []],
    ["Patient.name.where(use = 'nickname').given", ['Lucy']],
    ["Patient.telecom.where(system='email').value", ['ana@example.org']],
    ["extension('urn:race').value.code", ['x']],
    ["Patient.birthDate.extension('urn:time').value", ['1990-05-17T04:05:00Z']],
    ["extension.where(url = 'urn:race').valueCoding.code", ['x']],
    ['Patient.maritalStatus.coding.code', []],
    ['name.first().given.last()', ['Luz']],
    ['name.given.tail()', ['Luz', 'Lucy']],
    ['name.select(given.first())', ['Ana', 'Lucy']],
    ['name.family | name.given', ['Rivera', 'Ana', 'Luz', 'Lucy']],
    ['contained.ofType(Organization).id', ['gp']],
    ['contained.as(Patient).id', []],
    ['Patient.generalPractitioner.where(resolve() is Organization).reference', ['#gp']],
    ['Patient.generalPractitioner.where(resolve() is Practitioner).reference', ['Practitioner/1']],
    ['generalPractitioner.resolve().count()', [2]],
    ['descendants().where(reference.exists()).count()', [3]],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression, patient)).toEqual(expected);
  });

  it.each<[string, unknown[]]>([
    ['Observation.value.value', [7]],
    ['(Observation.value as Quantity).value', [7]],
    ['Observation.value.ofType(string)', []],
    ['value is Quantity', [true]],
    ['value is string', [false]],
    ['issued is instant', []],
    ['referenceRange.all(low <= high)', [true]],
    ['(effective as Period).start <= (effective as Period).end', [true]],
    ['(effective as Period).start > (effective as Period).end', [false]],
    ['%resource.value.code & %context.value.unit', ['mgmg']],
    ['value.system = %ucum', [true]],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression, observation)).toEqual(expected);
  });
});

describe('truth', () => {
  it.each<[string, unknown[]]>([
    ['active', [true]],
    ['active.not()', [false]],
    ['deceased.exists() and deceased != false', [false]],
    ['deceased != false', []],
    ['deceased = true or active', [true]],
    ['deceased = true or active.not()', []],
    ['deceased = true implies active', [true]],
    ['active implies deceased = true', []],
    ['active xor active', [false]],
    ['active xor deceased = true', []],
    ["name.exists(use = 'official')", [true]],
    ["name.exists(use = 'old')", [false]],
    ['name.all(given.exists())', [true]],
    ['name.all(family.exists())', [false]],
    ['name.count() > 1 and name.count() <= 2', [true]],
    ['(name.count() + telecom.count()) = 4', [true]],
    ['name.given.isDistinct()', [true]],
    ['name.given.combine(name.given).isDistinct()', [false]],
    ["'Luz' in name.given", [true]],
    ["name.given contains 'Eva'", [false]],
    ["name.family.startsWith('Riv') and name.family.endsWith('a') and name.family.contains('ver')", [true]],
    ["name.family.matches('^[A-Z]')", [true]],
    ['name.family.substring(1)', ['ivera']],
    ['name.family.substring(1, 2)', ['iv']],
    ['name.family.substring(9)', []],
    ['7 - 2 * 3', [1]],
    ['7 / 2', [3.5]],
    ['(7 div 2) + (7 mod 4)', [6]],
    ['1 / 0', []],
    ["('12'.toInteger()).select(iif($this < 5, $this * 2, ($this * 2) - 9))", [15]],
    ["name.family.replaceMatches('[aeiou]', '_')", ['R_v_r_']],
    ["'12'.toInteger() + 1", [13]],
    ["'x'.toInteger().empty()", [true]],
    ['iif(active, name.family, id)', ['Rivera']],
    ['iif(active.not(), name.family, id)', ['p']],
    ['name.given.intersect(name.given.first())', ['Ana']],
    ['name.given.exclude(name.given.first())', ['Luz', 'Lucy']],
    ['telecom.intersect(telecom.last()).count()', [1]],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression, patient)).toEqual(expected);
  });
});

describe('a primitive with extensions only', () => {
  it.each<[string, unknown[]]>([
    ['gender.exists()', [true]],
    ['gender.hasValue()', [false]],
    ['birthDate.hasValue()', [true]],
    ["gender = 'female'", []],
    ["gender.extension('urn:absent').value", ['unknown']],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression, patient)).toEqual(expected);
  });
});

describe('what is not known', () => {
  it.each([
    'name.repeat(given)',
    'name.aggregate($this)',
    '%unknown',
    'name.repeat(given)',
    'name[id]',
    'children() is Patient',
  ])('%s is refused, not guessed', expression => {
    expect(() => compile(expression, schema, 'Patient')).toThrow(CannotCompile);
  });
});
