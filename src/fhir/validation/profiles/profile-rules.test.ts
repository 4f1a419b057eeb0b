import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../errors.ts';
import { compileProfile } from '../../definitions/compile-profiles.ts';
import { testDefinitions } from '../../definitions/test-definitions.ts';
import { createProfileValidator } from '../profile-validator.ts';
import { Profiles } from './profiles.ts';

const definitions = await testDefinitions();
const url = 'http://site.example/StructureDefinition/asked';

type Elements = Partial<ElementDefinition>[];

/** A snapshot of nothing but the elements that matter. */
function structure(
  type: string,
  elements: Elements,
  more: Partial<StructureDefinition> = {},
): StructureDefinition {
  const all = [{ id: type }, ...elements].map(element => ({
    path: element.id?.replace(/:[^.]*/g, ''),
    ...element,
  }));
  return {
    resourceType: 'StructureDefinition',
    url,
    name: 'Asked',
    status: 'active',
    kind: 'resource',
    abstract: false,
    type,
    derivation: 'constraint',
    snapshot: { element: all as ElementDefinition[] },
    ...more,
  };
}

async function problems(resource: object, ...all: StructureDefinition[]): Promise<Problem[]> {
  const profiles = new Profiles([
    ...definitions.profiles,
    ...all.map(one => compileProfile(one, definitions.schema)),
  ]);
  const validate = createProfileValidator({ definitions, profiles, terminology: undefined });
  const claimed = { ...resource, meta: { profile: [url] } };
  return validate(JSON.parse(JSON.stringify(claimed)), { remarks: true });
}

const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
const patient = { resourceType: 'Patient' };
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const components = (...codes: string[]) => ({
  ...observation,
  component: codes.map(code => ({ code: loinc(code), valueQuantity: { value: 1 } })),
});
const slicedByCode = (rules: 'open' | 'closed' | 'openAtEnd', ordered = false): Elements => [
  {
    id: 'Observation.component',
    slicing: { discriminator: [{ type: 'pattern', path: 'code' }], rules, ordered },
  },
  { id: 'Observation.component:first', sliceName: 'first', min: 1, max: '1' },
  { id: 'Observation.component:first.code', patternCodeableConcept: loinc('1-1') },
  { id: 'Observation.component:second', sliceName: 'second', min: 0, max: '1' },
  { id: 'Observation.component:second.code', patternCodeableConcept: loinc('2-2') },
];
const gender = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const genderSystem = 'http://hl7.org/fhir/administrative-gender';
const person = { resourceType: 'Patient', id: 'p' };

interface Case {
  what: string;
  type: string;
  elements: Elements;
  good: object;
  bad: object;
  at: string;
  says: RegExp;
  code: Problem['code'];
  severity?: Problem['severity'];
  /** The profile that is named, when it is not the one that is claimed. */
  names?: string;
}

const cases: Case[] = [
  {
    what: 'at least one',
    type: 'Patient',
    elements: [{ id: 'Patient.name', min: 1 }],
    good: { ...patient, name: [{ text: 'x' }] },
    bad: patient,
    at: 'Patient.name',
    says: /^is required/,
    code: 'required',
  },
  {
    what: 'at least two',
    type: 'Patient',
    elements: [{ id: 'Patient.name', min: 2 }],
    good: { ...patient, name: [{ text: 'x' }, { text: 'y' }] },
    bad: { ...patient, name: [{ text: 'x' }] },
    at: 'Patient.name',
    says: /^needs at least 2, and has 1/,
    code: 'required',
  },
  {
    what: 'at most one',
    type: 'Patient',
    elements: [{ id: 'Patient.name', max: '1' }],
    good: { ...patient, name: [{ text: 'x' }] },
    bad: { ...patient, name: [{ text: 'x' }, { text: 'y' }] },
    at: 'Patient.name',
    says: /^must have at most 1, and has 2/,
    code: 'structure',
  },
  {
    what: 'none',
    type: 'Patient',
    elements: [{ id: 'Patient.photo', max: '0' }],
    good: patient,
    bad: { ...patient, photo: [{ url: 'http://x.example' }] },
    at: 'Patient.photo',
    says: /^must not be there/,
    code: 'structure',
  },
  {
    what: 'an element within, each time',
    type: 'Patient',
    elements: [{ id: 'Patient.contact.name', min: 1 }],
    good: { ...patient, contact: [{ name: { text: 'x' } }] },
    bad: { ...patient, contact: [{ name: { text: 'x' } }, { organization: { display: 'x' } }] },
    at: 'Patient.contact[1].name',
    says: /^is required/,
    code: 'required',
  },
  {
    what: 'an element of a data type',
    type: 'Patient',
    elements: [{ id: 'Patient.identifier.system', min: 1 }],
    good: { ...patient, identifier: [{ system: 'urn:x', value: '1' }] },
    bad: { ...patient, identifier: [{ value: '1' }] },
    at: 'Patient.identifier[0].system',
    says: /^is required/,
    code: 'required',
  },
  {
    what: 'fewer types of a choice',
    type: 'Observation',
    elements: [{ id: 'Observation.value[x]', type: [{ code: 'Quantity' }, { code: 'string' }] }],
    good: { ...observation, valueString: 'x' },
    bad: { ...observation, valueBoolean: true },
    at: 'Observation.value',
    says: /^must be Quantity or string, not boolean/,
    code: 'value',
  },
  {
    what: 'a fixed primitive',
    type: 'Observation',
    elements: [{ id: 'Observation.status', fixedCode: 'final' }],
    good: observation,
    bad: { ...observation, status: 'amended' },
    at: 'Observation.status',
    says: /^must be "final"/,
    code: 'value',
  },
  {
    what: 'a fixed object: exactly that',
    type: 'Observation',
    elements: [{ id: 'Observation.code', fixedCodeableConcept: loinc('1-1') }],
    good: { ...observation, code: loinc('1-1') },
    bad: { ...observation, code: { ...loinc('1-1'), text: 'more' } },
    at: 'Observation.code',
    says: /^must be \{"coding":\[\{"system":"http:\/\/loinc.org","code":"1-1"\}\]\}/,
    code: 'value',
  },
  {
    what: 'a pattern: at least that',
    type: 'Observation',
    elements: [{ id: 'Observation.code', patternCodeableConcept: loinc('1-1') }],
    good: { ...observation, code: { coding: [{ code: 'x' }, ...loinc('1-1').coding], text: 'more' } },
    bad: { ...observation, code: loinc('1-2') },
    at: 'Observation.code',
    says: /^must have \{"coding"/,
    code: 'value',
  },
  {
    what: 'the least value of a number',
    type: 'Patient',
    elements: [{ id: 'Patient.multipleBirth[x]', minValueInteger: 1 }],
    good: { ...patient, multipleBirthInteger: 1 },
    bad: { ...patient, multipleBirthInteger: 0 },
    at: 'Patient.multipleBirth',
    says: /^must be at least 1/,
    code: 'value',
  },
  {
    what: 'the greatest date',
    type: 'Patient',
    elements: [{ id: 'Patient.birthDate', maxValueDate: '2020-01-01' }],
    good: { ...patient, birthDate: '2020' },
    bad: { ...patient, birthDate: '2020-02' },
    at: 'Patient.birthDate',
    says: /^must be at most 2020-01-01/,
    code: 'value',
  },
  {
    what: 'the greatest quantity',
    type: 'Observation',
    elements: [{ id: 'Observation.value[x]', maxValueQuantity: { value: 10, unit: 'kg' } }],
    good: { ...observation, valueQuantity: { value: 11, unit: 'g' } },
    bad: { ...observation, valueQuantity: { value: 11, unit: 'kg' } },
    at: 'Observation.value',
    says: /^must be at most 10 kg/,
    code: 'value',
  },
  {
    what: 'the length of a text',
    type: 'Patient',
    elements: [{ id: 'Patient.name.family', maxLength: 3 }],
    good: { ...patient, name: [{ family: 'Zoë' }] },
    bad: { ...patient, name: [{ family: 'Anna' }] },
    at: 'Patient.name[0].family',
    says: /^must not be longer than 3 characters/,
    code: 'too-long',
  },
  {
    what: 'a required slice',
    type: 'Observation',
    elements: slicedByCode('open'),
    good: components('1-1', '9-9'),
    bad: components('9-9'),
    at: 'Observation.component',
    says: /^is required: one of the slice first/,
    code: 'required',
  },
  {
    what: 'a slice too often',
    type: 'Observation',
    elements: slicedByCode('open'),
    good: components('1-1', '2-2'),
    bad: components('1-1', '2-2', '2-2'),
    at: 'Observation.component',
    says: /^must have at most 1 of the slice second, and has 2/,
    code: 'structure',
  },
  {
    what: 'closed slicing',
    type: 'Observation',
    elements: slicedByCode('closed'),
    good: components('2-2', '1-1'),
    bad: components('1-1', '9-9'),
    at: 'Observation.component[1]',
    says: /^must be one of the slices first, second/,
    code: 'structure',
  },
  {
    what: 'slicing that is open at the end',
    type: 'Observation',
    elements: slicedByCode('openAtEnd'),
    good: components('1-1', '2-2', '9-9'),
    bad: components('1-1', '9-9', '2-2'),
    at: 'Observation.component[1]',
    says: /^must come after the slices first, second/,
    code: 'structure',
  },
  {
    what: 'ordered slicing',
    type: 'Observation',
    elements: slicedByCode('open', true),
    good: components('1-1', '9-9', '2-2'),
    bad: components('2-2', '1-1'),
    at: 'Observation.component[1]',
    says: /^must come before second: the slices are in order/,
    code: 'structure',
  },
  {
    what: 'the default slice',
    type: 'Observation',
    elements: [
      ...slicedByCode('closed'),
      { id: 'Observation.component:@default', sliceName: '@default' },
      { id: 'Observation.component:@default.interpretation', min: 1 },
    ],
    good: {
      ...observation,
      component: [{ code: loinc('1-1') }, { code: loinc('9-9'), interpretation: [{ text: 'x' }] }],
    },
    bad: components('1-1', '9-9'),
    at: 'Observation.component[1].interpretation',
    says: /^is required/,
    code: 'required',
  },
  {
    what: 'slices told apart by a value within',
    type: 'Patient',
    elements: [
      {
        id: 'Patient.identifier',
        slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'open' },
      },
      { id: 'Patient.identifier:mrn', sliceName: 'mrn', max: '1' },
      { id: 'Patient.identifier:mrn.system', min: 1, fixedUri: 'urn:mrn' },
      { id: 'Patient.identifier:mrn.value', min: 1 },
    ],
    good: { ...patient, identifier: [{ system: 'urn:mrn', value: '1' }, { system: 'urn:x' }] },
    bad: { ...patient, identifier: [{ system: 'urn:x' }, { system: 'urn:mrn' }] },
    at: 'Patient.identifier[1].value',
    says: /^is required/,
    code: 'required',
  },
  {
    what: 'slices told apart by a bound code',
    type: 'Observation',
    elements: [
      {
        id: 'Observation.category',
        slicing: { discriminator: [{ type: 'value', path: '$this' }], rules: 'open' },
      },
      {
        id: 'Observation.category:sex',
        sliceName: 'sex',
        min: 1,
        binding: { strength: 'required', valueSet: gender },
      },
    ],
    good: { ...observation, category: [{ coding: [{ system: genderSystem, code: 'male' }] }] },
    bad: { ...observation, category: [{ coding: [{ system: genderSystem, code: 'x' }] }] },
    at: 'Observation.category',
    says: /^is required: one of the slice sex/,
    code: 'required',
  },
  {
    what: 'slices told apart by type',
    type: 'Observation',
    elements: [
      {
        id: 'Observation.value[x]',
        slicing: { discriminator: [{ type: 'type', path: '$this' }], rules: 'closed' },
      },
      { id: 'Observation.value[x]:valueQuantity', sliceName: 'valueQuantity', type: [{ code: 'Quantity' }] },
      { id: 'Observation.value[x]:valueQuantity.unit', min: 1 },
    ],
    good: { ...observation, valueQuantity: { value: 1, unit: 'kg' } },
    bad: { ...observation, valueQuantity: { value: 1 } },
    at: 'Observation.value.unit',
    says: /^is required/,
    code: 'required',
  },
  {
    what: 'slices told apart by what is there',
    type: 'Patient',
    elements: [
      { id: 'Patient.name', slicing: { discriminator: [{ type: 'exists', path: 'period' }], rules: 'open' } },
      { id: 'Patient.name:former', sliceName: 'former' },
      { id: 'Patient.name:former.period', min: 1 },
      { id: 'Patient.name:former.use', min: 1 },
      { id: 'Patient.name:current', sliceName: 'current' },
      { id: 'Patient.name:current.period', max: '0' },
      { id: 'Patient.name:current.family', min: 1 },
    ],
    good: { ...patient, name: [{ use: 'old', period: { start: '2020' } }, { family: 'x' }] },
    bad: { ...patient, name: [{ use: 'old', period: { start: '2020' } }, { text: 'x' }] },
    at: 'Patient.name[1].family',
    says: /^is required/,
    code: 'required',
  },
  {
    what: 'slices told apart by the type of a target',
    type: 'Task',
    elements: [
      {
        id: 'Task.basedOn',
        slicing: { discriminator: [{ type: 'type', path: 'resolve()' }], rules: 'open' },
      },
      {
        id: 'Task.basedOn:request',
        sliceName: 'request',
        min: 1,
        type: [
          { code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/ServiceRequest'] },
        ],
      },
    ],
    good: {
      resourceType: 'Task',
      status: 'draft',
      intent: 'order',
      basedOn: [{ reference: 'CarePlan/1' }, { reference: 'ServiceRequest/1' }],
    },
    bad: { resourceType: 'Task', status: 'draft', intent: 'order', basedOn: [{ reference: 'CarePlan/1' }] },
    at: 'Task.basedOn',
    says: /^is required: one of the slice request/,
    code: 'required',
  },
  {
    what: 'a slice within a slice',
    type: 'Observation',
    elements: [
      ...slicedByCode('open'),
      {
        id: 'Observation.component:first',
        sliceName: 'first',
        slicing: { discriminator: [{ type: 'value', path: 'value' }], rules: 'open' },
      },
      { id: 'Observation.component:first/yes', sliceName: 'first/yes', min: 1 },
      { id: 'Observation.component:first/yes.value[x]', fixedBoolean: true },
    ],
    good: { ...observation, component: [{ code: loinc('1-1'), valueBoolean: true }] },
    bad: { ...observation, component: [{ code: loinc('1-1'), valueBoolean: false }] },
    at: 'Observation.component',
    says: /^is required: one of the slice first\/yes/,
    code: 'required',
  },
  {
    what: 'the same again, by a content reference',
    type: 'Questionnaire',
    elements: [
      { id: 'Questionnaire.item.text', min: 1 },
      { id: 'Questionnaire.item.item', contentReference: '#Questionnaire.item' },
    ],
    good: {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [{ linkId: '1', type: 'group', text: 'x', item: [{ linkId: '2', type: 'display', text: 'y' }] }],
    },
    bad: {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [{ linkId: '1', type: 'group', text: 'x', item: [{ linkId: '2', type: 'display' }] }],
    },
    at: 'Questionnaire.item[0].item[0].text',
    says: /^is required/,
    code: 'required',
  },
  {
    what: 'an invariant of an element',
    type: 'Patient',
    elements: [
      {
        id: 'Patient.name',
        constraint: [
          {
            key: 'n-1',
            severity: 'error',
            human: 'A name has a family or a text',
            expression: 'family.exists() or text.exists()',
          },
        ],
      },
    ],
    good: { ...patient, name: [{ family: 'x' }] },
    bad: { ...patient, name: [{ given: ['x'] }] },
    at: 'Patient.name[0]',
    says: /^A name has a family or a text \(n-1\)/,
    code: 'invariant',
  },
  {
    what: 'an invariant that only warns',
    type: 'Patient',
    elements: [
      {
        id: 'Patient.birthDate',
        constraint: [
          {
            key: 'b-1',
            severity: 'warning',
            human: 'A whole date is better',
            expression: '$this.toString().length() = 10',
          },
        ],
      },
    ],
    good: { ...patient, birthDate: '2020-01-02' },
    bad: { ...patient, birthDate: '2020' },
    at: 'Patient.birthDate',
    says: /^A whole date is better \(b-1\)/,
    code: 'invariant',
    severity: 'warning',
  },
  {
    what: 'a required binding',
    type: 'Observation',
    elements: [{ id: 'Observation.code', binding: { strength: 'required', valueSet: gender } }],
    good: { ...observation, code: { coding: [{ code: 'x' }, { system: genderSystem, code: 'male' }] } },
    bad: { ...observation, code: { coding: [{ system: genderSystem, code: 'man' }] } },
    at: 'Observation.code',
    says: /^must be one of male, female, other, unknown \(http:\/\/hl7/,
    code: 'code-invalid',
  },
  {
    what: 'a required binding, and only text',
    type: 'Observation',
    elements: [{ id: 'Observation.code', binding: { strength: 'required', valueSet: gender } }],
    good: { ...observation, code: { coding: [{ system: genderSystem, code: 'male' }] } },
    bad: observation,
    at: 'Observation.code',
    says: /^needs a coding that is one of male/,
    code: 'code-invalid',
  },
  {
    what: 'an extensible binding: a warning',
    type: 'Observation',
    elements: [{ id: 'Observation.code', binding: { strength: 'extensible', valueSet: gender } }],
    good: { ...observation, code: { coding: [{ system: genderSystem, code: 'male' }] } },
    bad: { ...observation, code: { coding: [{ system: 'urn:x', code: 'x' }] } },
    at: 'Observation.code',
    says: /^should be one of male.*if one of its codes says what is meant/,
    code: 'code-invalid',
    severity: 'warning',
  },
  {
    what: 'an extensible binding with an utmost value set',
    type: 'Observation',
    elements: [
      {
        id: 'Observation.code',
        binding: {
          strength: 'extensible',
          valueSet: 'http://hl7.org/fhir/ValueSet/task-status',
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet',
              valueCanonical: gender,
            },
          ],
        },
      },
    ],
    good: {
      ...observation,
      code: {
        coding: [
          { system: 'http://hl7.org/fhir/task-status', code: 'draft' },
          { system: genderSystem, code: 'male' },
        ],
      },
    },
    bad: { ...observation, code: { coding: [{ system: 'http://hl7.org/fhir/task-status', code: 'draft' }] } },
    at: 'Observation.code',
    says: /^must be one of male/,
    code: 'code-invalid',
  },
  {
    what: 'a value set that is not held',
    type: 'Observation',
    elements: [
      {
        id: 'Observation.method',
        binding: { strength: 'required', valueSet: 'http://x.example/ValueSet/y' },
      },
    ],
    good: observation,
    bad: { ...observation, method: { coding: [{ system: 'urn:x', code: 'x' }] } },
    at: 'Observation.method',
    says: /^could not be checked: the hub does not hold all of http:\/\/x.example\/ValueSet\/y/,
    code: 'not-found',
    severity: 'information',
  },
  {
    what: 'fewer types of target',
    type: 'Observation',
    elements: [
      {
        id: 'Observation.subject',
        type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Patient'] }],
      },
    ],
    good: { ...observation, subject: { reference: 'Patient/1' } },
    bad: { ...observation, subject: { reference: 'Group/1' } },
    at: 'Observation.subject',
    says: /^must refer to Patient, not to Group/,
    code: 'value',
  },
  {
    what: 'the profile of a contained target',
    type: 'Observation',
    elements: [
      {
        id: 'Observation.subject',
        type: [{ code: 'Reference', targetProfile: ['http://site.example/StructureDefinition/named'] }],
      },
    ],
    good: { ...observation, contained: [{ ...person, name: [{ text: 'x' }] }], subject: { reference: '#p' } },
    bad: { ...observation, contained: [person], subject: { reference: '#p' } },
    at: 'Observation.subject',
    says: /^must refer to a contained resource that conforms to http:\/\/site.example\/StructureDefinition\/named/,
    code: 'structure',
  },
  {
    what: 'aggregation: not contained',
    type: 'Observation',
    elements: [{ id: 'Observation.subject', type: [{ code: 'Reference', aggregation: ['referenced'] }] }],
    good: { ...observation, subject: { reference: 'Patient/p' } },
    bad: { ...observation, contained: [person], subject: { reference: '#p' } },
    at: 'Observation.subject',
    says: /^must refer to a resource of its own/,
    code: 'value',
  },
  {
    what: 'aggregation: contained',
    type: 'Observation',
    elements: [{ id: 'Observation.subject', type: [{ code: 'Reference', aggregation: ['contained'] }] }],
    good: { ...observation, contained: [person], subject: { reference: '#p' } },
    bad: { ...observation, subject: { reference: 'Patient/p' } },
    at: 'Observation.subject',
    says: /^must refer to a contained resource/,
    code: 'value',
  },
  {
    what: 'a profile of a data type',
    type: 'Observation',
    elements: [
      {
        id: 'Observation.value[x]',
        type: [
          { code: 'Quantity', profile: ['http://hl7.org/fhir/StructureDefinition/SimpleQuantity'] },
          { code: 'string' },
        ],
      },
    ],
    good: { ...observation, valueQuantity: { value: 1 } },
    bad: { ...observation, valueQuantity: { value: 1, comparator: '<' } },
    at: 'Observation.value.comparator',
    names: 'http://hl7.org/fhir/StructureDefinition/SimpleQuantity',
    says: /^must not be there/,
    code: 'structure',
  },
  {
    what: 'a required extension, by its url',
    type: 'Patient',
    elements: [
      {
        id: 'Patient.extension',
        slicing: { discriminator: [{ type: 'value', path: 'url' }], rules: 'open' },
      },
      {
        id: 'Patient.extension:birthPlace',
        sliceName: 'birthPlace',
        min: 1,
        type: [
          { code: 'Extension', profile: ['http://hl7.org/fhir/StructureDefinition/patient-birthPlace'] },
        ],
      },
    ],
    good: {
      ...patient,
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace', valueAddress: { city: 'x' } },
      ],
    },
    bad: { ...patient, extension: [{ url: 'urn:x', valueString: 'x' }] },
    at: 'Patient.extension',
    says: /^is required: one of the slice birthPlace/,
    code: 'required',
  },
  {
    what: 'an extension of a primitive',
    type: 'Patient',
    elements: [{ id: 'Patient.birthDate.extension', min: 1 }],
    good: { ...patient, birthDate: '2020', _birthDate: { extension: [{ url: 'urn:x', valueString: 'x' }] } },
    bad: { ...patient, birthDate: '2020' },
    at: 'Patient.birthDate.extension',
    says: /^is required/,
    code: 'required',
  },
];

const named = structure('Patient', [{ id: 'Patient.name', min: 1 }], {
  url: 'http://site.example/StructureDefinition/named',
});

describe('what a profile asks', () => {
  it.each(cases)('$what', async ({ type, elements, good, bad, at, says, code, severity, names = url }) => {
    const profile = structure(type, elements);
    expect(await problems(good, profile, named)).toEqual([]);
    const found = await problems(bad, profile, named);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ expression: at, code, ...(severity ? { severity } : {}) });
    expect(found[0]?.severity).toBe(severity);
    expect(found[0]?.text).toMatch(says);
    expect(found[0]?.text).toContain(names);
  });
});

const place = 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace';
const never = 'http://site.example/StructureDefinition/never';
const modifier = structure('Extension', [{ id: 'Extension.value[x]', min: 1, type: [{ code: 'boolean' }] }], {
  url: never,
  kind: 'complex-type',
  snapshot: {
    element: [
      { id: 'Extension', path: 'Extension', isModifier: true },
      { id: 'Extension.value[x]', path: 'Extension.value[x]', min: 1, type: [{ code: 'boolean' }] },
    ],
  },
});

describe('an extension, wherever it stands', () => {
  it.each<[what: string, resource: object, expected: [at: string, says: RegExp, severity?: string][]]>([
    [
      'is right by its definition',
      { ...patient, extension: [{ url: place, valueAddress: { city: 'x' } }] },
      [],
    ],
    ['is kept when nobody knows it', { ...patient, extension: [{ url: 'urn:x', valueString: 'x' }] }, []],
    [
      'has the type that its definition has',
      { ...patient, extension: [{ url: place, valueString: 'x' }] },
      [['Patient.extension[0].value', /^must be Address, not string/]],
    ],
    [
      'stands where its definition puts it',
      { ...observation, extension: [{ url: place, valueAddress: { city: 'x' } }] },
      [['Observation.extension[0]', /^is meant to be on Patient/, 'warning']],
    ],
    [
      'is checked in a contained resource too',
      {
        ...observation,
        contained: [{ ...person, extension: [{ url: place, valueString: 'x' }] }],
        subject: { reference: '#p' },
      },
      [['Observation.contained[0].extension[0].value', /^must be Address/]],
    ],
    ['is known as a modifier', { ...patient, modifierExtension: [{ url: never, valueBoolean: true }] }, []],
    [
      'is no modifier unless its definition says so',
      { ...patient, modifierExtension: [{ url: place, valueAddress: { city: 'x' } }] },
      [['Patient.modifierExtension[0]', /^must be in extension, as/]],
    ],
    [
      'is a modifier where its definition says so',
      { ...patient, extension: [{ url: never, valueBoolean: true }] },
      [['Patient.extension[0]', /^must be in modifierExtension, as/]],
    ],
    [
      'is refused as a modifier that nobody knows',
      { ...patient, modifierExtension: [{ url: 'http://x.example/not', valueBoolean: true }] },
      [['Patient.modifierExtension[0]', /^has a url that this hub does not know: .* so it is refused/]],
    ],
  ])('%s', async (_, resource, expected) => {
    const found = await problems(resource, structure('Patient', []), structure('Observation', []), modifier);
    const relevant = found.filter(
      one => !one.expression?.includes('meta') && !/must be a Observation/.test(one.text),
    );
    expect(relevant.map(one => [one.expression, one.severity])).toEqual(
      expected.map(([at, , severity]) => [at, severity]),
    );
    for (const [at, problem] of relevant.entries()) expect(problem.text).toMatch(expected[at]?.[1] ?? /^$/);
  });
});

describe('which profiles count', () => {
  const validator = (enforced?: ReadonlyMap<string, readonly string[]>, ...all: StructureDefinition[]) =>
    createProfileValidator({
      definitions,
      profiles: new Profiles(all.map(one => compileProfile(one, definitions.schema))),
      terminology: undefined,
      ...(enforced ? { enforced } : {}),
    });

  it('those a site enforces, also within a Bundle', async () => {
    const validate = validator(new Map([['Patient', [named.url]]]), named);
    expect(await validate(patient)).toMatchObject([{ expression: 'Patient.name', code: 'required' }]);
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient }] };
    expect(await validate(bundle)).toMatchObject([{ expression: 'Bundle.entry[0].resource.name' }]);
  });

  it('those a caller asks for, of the resource itself', async () => {
    const validate = validator(undefined, named);
    expect(await validate(patient, { profiles: [named.url] })).toHaveLength(1);
    const inside = { ...observation, contained: [person], subject: { reference: '#p' } };
    expect(await validate(inside, { profiles: [] })).toEqual([]);
    expect(await validate(inside, { profiles: [named.url] })).toMatchObject([
      { expression: 'Observation', text: expect.stringMatching(/^must be a Patient, not a Observation/) },
    ]);
    expect(await validate(patient, { profiles: ['urn:none'] })).toMatchObject([
      { text: 'must conform to urn:none, which this hub does not know', code: 'not-found' },
    ]);
  });

  it('those that a profile imposes', async () => {
    const imposing = structure('Patient', [], {
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile',
          valueCanonical: named.url,
        },
      ],
    });
    expect(await problems(patient, imposing, named)).toMatchObject([{ expression: 'Patient.name' }]);
    expect(await problems(patient, imposing)).toEqual([]);
  });

  it('one that is claimed and not known is a warning, and none to who only writes', async () => {
    const claimed = {
      ...patient,
      meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Patient', 'urn:none'] },
    };
    const validate = validator();
    expect(await validate(claimed)).toEqual([]);
    expect(await validate(claimed, { remarks: true })).toMatchObject([
      { severity: 'warning', expression: 'Patient.meta.profile[1]', code: 'not-found' },
    ]);
  });

  it('the version that is asked for', () => {
    const versions = ['1.0.0', '2.1.0'].map(version =>
      compileProfile({ ...named, version }, definitions.schema),
    );
    const profiles = new Profiles(versions);
    const found = (canonical: string) => profiles.find(canonical)?.version;
    expect(found(named.url)).toBe('2.1.0');
    expect(found(`${named.url}|1.0.0`)).toBe('1.0.0');
    expect(found(`${named.url}|2.1`)).toBe('2.1.0');
    expect(found(`${named.url}|3.0.0`)).toBeUndefined();
  });
});

it('the published profiles and extensions compile, and say what their types are', () => {
  const vitals = new Profiles(definitions.profiles).find('http://hl7.org/fhir/StructureDefinition/bp');
  expect(vitals).toMatchObject({ type: 'Observation', title: expect.any(String) });
  expect(definitions.profiles.length).toBeGreaterThan(400);
});

it('codes that have to be looked up are waited for, those that tell slices apart too', async () => {
  const sliced = cases.find(one => one.what === 'slices told apart by a bound code');
  const bound = cases.find(one => one.what === 'a required binding');
  for (const { elements = [], good = {}, bad = {}, at } of [sliced, bound].filter(one => one !== undefined)) {
    const profiles = new Profiles([compileProfile(structure('Observation', elements), definitions.schema)]);
    const asked: string[] = [];
    const member = async (valueSet: string, { code }: { code: string }) => {
      asked.push(code);
      return definitions.valueSet(valueSet)?.systemOf(code) ? 'in' : 'out';
    };
    const validate = createProfileValidator({ definitions, profiles, terminology: { member } });
    expect(await validate(good, { profiles: [url] })).toEqual([]);
    expect(await validate(bad, { profiles: [url] })).toMatchObject([{ expression: at }]);
    expect(new Set(asked).size).toBe(asked.length);
  }
});
