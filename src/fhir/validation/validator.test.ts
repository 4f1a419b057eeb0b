import { describe, expect, it } from 'vitest';
import type { Problem } from '../../errors.ts';
import { testDefinitions } from '../definitions/test-definitions.ts';
import { generate } from '../definitions/test-resources.ts';
import { createValidator } from './validator.ts';

const definitions = await testDefinitions();
const validate = createValidator(definitions);

const task = { resourceType: 'Task', status: 'requested', intent: 'order' };
const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
const condition = { resourceType: 'Condition', subject: { reference: 'Patient/1' } };
const request = {
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/1' },
};
const patient = { resourceType: 'Patient' };
const absent = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};
const system = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

function deep(levels: number): unknown {
  let item: unknown = { linkId: 'x' };
  for (let level = 0; level < levels; level += 1) item = { linkId: 'x', item: [item] };
  return { resourceType: 'QuestionnaireResponse', status: 'completed', item: [item] };
}

describe('what is valid', () => {
  it.each<[string, unknown]>([
    ['the least Task', task],
    ['a resource with nothing but its type', patient],
    ['an extension instead of a value', { ...patient, _birthDate: absent, _active: absent }],
    ['a required primitive with an extension only', { ...observation, status: undefined, _status: absent }],
    [
      'gaps in a list of primitives',
      { ...patient, name: [{ given: [null, 'Ana'], _given: [absent, null] }] },
    ],
    [
      'nested extensions',
      { ...patient, extension: [{ url: 'urn:a', extension: [{ url: 'b', valueString: 'x' }] }] },
    ],
    ['a choice', { ...observation, valueQuantity: { value: 7 } }],
    [
      'a contained resource that is referred to',
      { ...task, contained: [{ resourceType: 'Patient', id: 'p' }], for: { reference: '#p' } },
    ],
    [
      'a contained resource that refers to its container',
      {
        ...task,
        contained: [
          {
            resourceType: 'Provenance',
            target: [{ reference: '#' }],
            recorded: '2024-03-07T13:28:17Z',
            agent: [{ who: { display: 'x' } }],
          },
        ],
      },
    ],
    [
      'a contained resource that another refers to',
      {
        ...task,
        contained: [
          { resourceType: 'Patient', id: 'p', managingOrganization: { reference: '#o' } },
          { resourceType: 'Organization', id: 'o', name: 'x' },
        ],
        for: { reference: '#p' },
      },
    ],
    [
      'references of every form',
      {
        ...task,
        for: { reference: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' },
        owner: { reference: 'https://ehr.example/fhir/Organization/1' },
        requester: { reference: 'Organization?identifier=x|y' },
        basedOn: [{ reference: 'CarePlan/1/_history/2' }, { display: 'x' }, { identifier: { value: '7' } }],
      },
    ],
    [
      'an absolute reference to a type of another world',
      { ...task, focus: { reference: 'https://x.example/fhir/Bot/1' } },
    ],
    [
      'a required code in a CodeableConcept, with others beside it',
      {
        ...condition,
        clinicalStatus: {
          coding: [
            { system: 'urn:x', code: 'x' },
            { system, code: 'active' },
          ],
        },
      },
    ],
    [
      'a MIME type with a parameter',
      { ...patient, photo: [{ contentType: 'image/png; charset=binary', url: 'http://x.example' }] },
    ],
    ['items 40 levels deep', deep(40)],
    [
      'a Bundle',
      {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ resource: task, request: { method: 'POST', url: 'Task' } }],
      },
    ],
    [
      'periods of different precision',
      { ...patient, name: [{ family: 'x', period: { start: '2024-03-07', end: '2024-03' } }] },
    ],
    [
      'ranges of different units',
      {
        ...observation,
        valueRange: { low: { value: 2, unit: 'weeks' }, high: { value: 1, unit: 'months' } },
      },
    ],
  ])('%s', (_, resource) => {
    expect(validate(JSON.parse(JSON.stringify(resource)))).toEqual([]);
  });

  it('is every generated resource, but for rules between elements', () => {
    const problems = [...definitions.resourceTypes].flatMap(type =>
      [1, 2, 3].flatMap(seed =>
        validate(generate(type, seed, definitions)).map(problem => ({ type, ...problem })),
      ),
    );
    expect(problems.filter(problem => problem.code !== 'invariant')).toEqual([]);
  });
});

describe('what is refused, and how', () => {
  it.each<
    [what: string, resource: unknown, expression: string | undefined, text: RegExp, code: Problem['code']]
  >([
    ['a string', 'Patient', undefined, /must be a resource: a JSON object/, 'structure'],
    ['null', null, undefined, /must be a resource/, 'structure'],
    ['an array', [patient], undefined, /must be a resource/, 'structure'],
    ['no type', {}, undefined, /needs a resourceType/, 'required'],
    ['a type that is no string', { resourceType: 7 }, undefined, /needs a resourceType/, 'required'],
    [
      'a type that does not exist',
      { resourceType: 'Nothing' },
      undefined,
      /"Nothing" is not a resource type of FHIR R4/,
      'not-supported',
    ],
    [
      'an abstract type',
      { resourceType: 'DomainResource' },
      undefined,
      /not a resource type/,
      'not-supported',
    ],
    ['a data type', { resourceType: 'Quantity' }, undefined, /not a resource type/, 'not-supported'],
    [
      'a property of every object',
      { ...patient, constructor: 1 },
      'Patient',
      /has no element "constructor" in Patient/,
      'structure',
    ],
    [
      'an unknown element',
      { ...patient, nme: [] },
      'Patient',
      /has no element "nme" in Patient/,
      'structure',
    ],
    [
      'a type within a data type',
      { ...patient, name: [{ resourceType: 'HumanName', family: 'x' }] },
      'Patient.name[0]',
      /has no element "resourceType"/,
      'structure',
    ],
    [
      'a choice without its type',
      { ...patient, deceased: true },
      'Patient',
      /write deceased with its type, deceasedBoolean or deceasedDateTime/,
      'structure',
    ],
    [
      'two types of a choice',
      { ...patient, deceasedBoolean: true, deceasedDateTime: '2024' },
      'Patient.deceased',
      /only one of its types/,
      'structure',
    ],
    [
      'a type that the choice has not',
      { ...patient, deceasedString: 'x' },
      'Patient',
      /has no element "deceasedString"/,
      'structure',
    ],
    [
      'a missing element',
      { ...task, status: undefined },
      'Task.status',
      /is required: Task needs it/,
      'required',
    ],
    [
      'a missing element within',
      { ...patient, link: [{ type: 'seealso' }] },
      'Patient.link[0].other',
      /is required/,
      'required',
    ],
    [
      'a missing choice',
      { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { display: 'x' } },
      'MedicationRequest.medication',
      /as medicationCodeableConcept or medicationReference/,
      'required',
    ],
    [
      'an object where there are many',
      { ...patient, name: { family: 'x' } },
      'Patient.name',
      /must be an array/,
      'structure',
    ],
    [
      'many where there is one',
      { ...patient, birthDate: ['1990'] },
      'Patient.birthDate',
      /a single value, not an array/,
      'structure',
    ],
    [
      'a string for an object',
      { ...patient, maritalStatus: 'M' },
      'Patient.maritalStatus',
      /must be an object: a CodeableConcept/,
      'structure',
    ],
    [
      'an object for a string',
      { ...patient, birthDate: { value: '1990' } },
      'Patient.birthDate',
      /must be a JSON string, not an object/,
      'structure',
    ],
    ['null', { ...patient, birthDate: null }, 'Patient.birthDate', /must not be null/, 'structure'],
    ['null in a list', { ...patient, name: [null] }, 'Patient.name[0]', /must not be null/, 'structure'],
    [
      'null in a list of primitives',
      { ...patient, name: [{ given: ['a', null] }] },
      'Patient.name[0].given[1]',
      /must not be null/,
      'structure',
    ],
    ['an empty list', { ...patient, name: [] }, 'Patient.name', /must not be an empty array/, 'structure'],
    ['an empty object', { ...patient, name: [{}] }, 'Patient.name[0]', /must not be empty/, 'structure'],
    [
      'an object with an id only',
      { ...patient, name: [{ id: 'x' }] },
      'Patient.name[0]',
      /must not be empty/,
      'structure',
    ],
    [
      'an empty string',
      { ...patient, name: [{ family: '' }] },
      'Patient.name[0].family',
      /must not be empty/,
      'value',
    ],
    [
      'extensions beside an object',
      { ...patient, _name: [absent] },
      'Patient.name',
      /must not have _name: only primitive elements do/,
      'structure',
    ],
    [
      'extensions that are none',
      { ...patient, _birthDate: { value: 'x' } },
      'Patient.birthDate',
      /has no element "value" in Element/,
      'structure',
    ],
    [
      'extensions of a list that are no list',
      { ...patient, name: [{ family: 'x', _given: absent }] },
      'Patient.name[0].given',
      /must have an array with an element in _given/,
      'structure',
    ],
    ['an invalid id', { ...patient, id: 'a b' }, 'Patient.id', /an id of 1 to 64 letters/, 'value'],
    [
      'an invalid date',
      { ...patient, birthDate: '1990-02-30' },
      'Patient.birthDate',
      /a date that exists/,
      'value',
    ],
    [
      'an extension with a value and extensions',
      {
        ...patient,
        extension: [{ url: 'u', valueString: 'x', extension: [{ url: 'v', valueString: 'y' }] }],
      },
      'Patient.extension[0]',
      /either a value .* or extensions, not both/,
      'invariant',
    ],
    [
      'an extension with neither',
      { ...patient, extension: [{ url: 'u' }] },
      'Patient.extension[0]',
      /either a value/,
      'invariant',
    ],
    [
      'an extension without url',
      { ...patient, extension: [{ valueString: 'x' }] },
      'Patient.extension[0].url',
      /is required/,
      'required',
    ],
    [
      'a comparator in a SimpleQuantity',
      { ...observation, referenceRange: [{ low: { value: 1, comparator: '<' } }] },
      'Observation.referenceRange[0].low.comparator',
      /must not be there/,
      'structure',
    ],
    [
      'an unknown code',
      { ...patient, gender: 'bogus' },
      'Patient.gender',
      /^must be one of male, female, other, unknown \(http:\/\/hl7.org\/fhir\/ValueSet\/administrative-gender\)$/,
      'code-invalid',
    ],
    [
      'an unknown code among many',
      {
        ...task,
        focus: { reference: 'Patient/1' },
        input: [{ type: { text: 'x' }, valueParameterDefinition: { use: 'in', type: 'Nothing' } }],
      },
      'Task.input[0].value.type',
      /must be one of .* or \d+ more/,
      'code-invalid',
    ],
    [
      'a very long code',
      { ...patient, gender: 'x'.repeat(500) },
      'Patient.gender',
      /^must be one of/,
      'code-invalid',
    ],
    [
      'an unknown code in a concept',
      { ...condition, clinicalStatus: { coding: [{ system, code: 'gone' }] } },
      'Condition.clinicalStatus',
      /must be one of active, /,
      'code-invalid',
    ],
    [
      'a code of another system',
      { ...condition, clinicalStatus: { coding: [{ system: 'urn:x', code: 'active' }] } },
      'Condition.clinicalStatus',
      /"active" needs the system http:\/\/terminology.hl7.org\/CodeSystem\/condition-clinical/,
      'code-invalid',
    ],
    [
      'a concept of text where a code is required',
      { ...condition, clinicalStatus: { text: 'better' } },
      'Condition.clinicalStatus',
      /needs a coding that is one of active/,
      'code-invalid',
    ],
    [
      'a MIME type that is none',
      { ...patient, photo: [{ contentType: 'png', url: 'http://x.example' }] },
      'Patient.photo[0].contentType',
      /must be a MIME type such as/,
      'code-invalid',
    ],
    [
      'a currency that is none',
      { resourceType: 'Invoice', status: 'issued', totalNet: { value: 1, currency: 'dollars' } },
      'Invoice.totalNet.currency',
      /ISO 4217/,
      'code-invalid',
    ],
    [
      'a reference to another type',
      { ...request, subject: { reference: 'Encounter/1' } },
      'ServiceRequest.subject.reference',
      /^must refer to Patient, Group, Location or Device, not to Encounter$/,
      'value',
    ],
    [
      'the same elsewhere',
      { ...request, subject: { reference: 'http://ehr.example/fhir/Encounter/1' } },
      'ServiceRequest.subject.reference',
      /not to Encounter/,
      'value',
    ],
    [
      'the same contained',
      {
        ...request,
        contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }],
        subject: { reference: '#o' },
      },
      'ServiceRequest.subject.reference',
      /not to Organization/,
      'value',
    ],
    [
      'the same by its type',
      { ...request, subject: { type: 'Encounter', identifier: { value: '1' } } },
      'ServiceRequest.subject.type',
      /not to Encounter/,
      'value',
    ],
    [
      'a reference whose type contradicts it',
      { ...request, subject: { reference: 'Patient/1', type: 'Group' } },
      'ServiceRequest.subject.type',
      /must be Patient, as the reference is/,
      'value',
    ],
    [
      'a reference to a type that does not exist',
      { ...task, focus: { reference: 'Nothing/1' } },
      'Task.focus.reference',
      /"Nothing" is not a resource type of FHIR R4/,
      'value',
    ],
    [
      'a reference that is none',
      { ...request, subject: { reference: 'Ana Rivera' } },
      'ServiceRequest.subject.reference',
      /^must be a reference: Type\/id, /,
      'value',
    ],
    [
      'a reference that says nothing',
      { ...request, subject: { type: 'Patient' } },
      'ServiceRequest.subject',
      /needs a reference, an identifier or a display/,
      'required',
    ],
    [
      'a reference to what is not contained',
      { ...request, subject: { reference: '#p' } },
      'ServiceRequest.subject.reference',
      /the id of a contained resource/,
      'value',
    ],
    [
      'a contained resource nobody refers to',
      { ...task, contained: [{ resourceType: 'Patient', id: 'p' }] },
      'Task.contained[0]',
      /an id that the resource refers to/,
      'invariant',
    ],
    [
      'a contained resource that contains',
      {
        ...task,
        contained: [
          {
            resourceType: 'Patient',
            id: 'p',
            contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }],
          },
        ],
        for: { reference: '#p' },
      },
      'Task.contained[0]',
      /must not contain/,
      'invariant',
    ],
    [
      'a contained resource with a version',
      {
        ...task,
        contained: [{ resourceType: 'Patient', id: 'p', meta: { versionId: '1' } }],
        for: { reference: '#p' },
      },
      'Task.contained[0].meta',
      /no versionId/,
      'invariant',
    ],
    [
      'a contained resource with a label',
      {
        ...task,
        contained: [{ resourceType: 'Patient', id: 'p', meta: { security: [{ code: 'R' }] } }],
        for: { reference: '#p' },
      },
      'Task.contained[0].meta',
      /no security/,
      'invariant',
    ],
    [
      'a contained type that does not exist',
      { ...task, contained: [{ resourceType: 'Nothing', id: 'p' }], for: { display: 'x' } },
      'Task.contained[0]',
      /"Nothing" is not a resource type/,
      'not-supported',
    ],
    [
      'a fault within a contained resource',
      { ...task, contained: [{ resourceType: 'Patient', id: 'p', gender: 'x' }], for: { reference: '#p' } },
      'Task.contained[0].gender',
      /must be one of male/,
      'code-invalid',
    ],
    [
      'a fault within a Bundle',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { ...patient, gender: 'x' } }] },
      'Bundle.entry[0].resource.gender',
      /must be one of male/,
      'code-invalid',
    ],
    [
      'a resource in a Bundle that is none',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: 7 }] },
      'Bundle.entry[0].resource',
      /must be a resource/,
      'structure',
    ],
    [
      'a script in the narrative',
      {
        ...patient,
        text: {
          status: 'generated',
          div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>',
        },
      },
      'Patient.text.div',
      /without <script>/,
      'value',
    ],
    [
      'an invariant of the resource',
      { ...observation, valueString: 'x', dataAbsentReason: { text: 'x' } },
      'Observation',
      /\(obs-6\)$/,
      'invariant',
    ],
    [
      'an invariant that looks elsewhere',
      {
        ...observation,
        code: { coding: [{ code: 'a' }] },
        valueString: 'x',
        component: [{ code: { coding: [{ code: 'a' }] }, valueString: 'y' }],
      },
      'Observation',
      /\(obs-7\)$/,
      'invariant',
    ],
    [
      'an invariant of a part',
      { ...patient, contact: [{ gender: 'female' }] },
      'Patient.contact[0]',
      /\(pat-1\)$/,
      'invariant',
    ],
    [
      'an invariant of a data type',
      { ...patient, name: [{ family: 'x', period: { start: '2024-03', end: '2024-01' } }] },
      'Patient.name[0].period',
      /\(per-1\)$/,
      'invariant',
    ],
    [
      'an invariant of an element',
      {
        resourceType: 'Organization',
        name: 'x',
        telecom: [
          { system: 'phone', value: '1' },
          { system: 'phone', value: '2', use: 'home' },
        ],
      },
      'Organization.telecom[1]',
      /\(org-3\)$/,
      'invariant',
    ],
    [
      'a contact point without a system',
      { ...patient, telecom: [{ value: '555-0100' }] },
      'Patient.telecom[0]',
      /\(cpt-2\)$/,
      'invariant',
    ],
    [
      'nesting that has no end',
      deep(150),
      'QuestionnaireResponse.item',
      /must not nest deeper than 100 elements/,
      'too-costly',
    ],
  ])('%s', (_, resource, expression, text, code) => {
    const problems = validate(JSON.parse(JSON.stringify(resource)));
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect(problem?.text).toMatch(text);
    expect(problem?.code).toBe(code);
    if (code === 'too-costly') expect(problem?.expression?.startsWith(expression ?? '')).toBe(true);
    else expect(problem?.expression).toBe(expression);
  });

  it('all at once, up to a number that still helps', () => {
    const problems = validate({
      ...patient,
      gender: 'x',
      birthDate: 'y',
      foo: 1,
      name: Array.from({ length: 200 }, () => ({})),
    });
    expect(problems.length).toBe(50);
    expect(problems.slice(0, 3).map(problem => problem.expression)).toEqual([
      'Patient.gender',
      'Patient.birthDate',
      'Patient',
    ]);
  });
});
