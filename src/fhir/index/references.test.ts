import type { Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { testDefinitions } from '../definitions/test-definitions.ts';
import { createReferences } from './references.ts';

const definitions = await testDefinitions();
const references = createReferences(definitions.schema);

const request = {
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  contained: [{ resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/1' } }],
  extension: [{ url: 'urn:site', valueReference: { reference: 'Location/9' } }],
  _intent: { extension: [{ url: 'urn:by', valueReference: { reference: 'Practitioner/2' } }] },
  identifier: [{ value: '1', assigner: { reference: 'Organization/3' } }],
  subject: { reference: 'Patient/1', display: 'Ana' },
  encounter: { identifier: { value: 'e' } },
  reasonReference: [{ reference: '#c' }, { reference: 'urn:uuid:1' }],
  supportingInfo: [{ reference: 'https://ehr.example/fhir/Observation/5' }],
} as unknown as Resource;

describe('references', () => {
  it('finds every literal reference, with its place and the types allowed there', () => {
    expect(references(request)).toEqual([
      { path: 'ServiceRequest.contained[0].subject', reference: 'Patient/1', targets: ['Patient', 'Group'] },
      { path: 'ServiceRequest.extension[0].value', reference: 'Location/9', targets: [] },
      { path: 'ServiceRequest.intent.extension[0].value', reference: 'Practitioner/2', targets: [] },
      {
        path: 'ServiceRequest.identifier[0].assigner',
        reference: 'Organization/3',
        targets: ['Organization'],
      },
      {
        path: 'ServiceRequest.subject',
        reference: 'Patient/1',
        targets: ['Patient', 'Group', 'Location', 'Device'],
      },
      {
        path: 'ServiceRequest.reasonReference[0]',
        reference: '#c',
        targets: ['Condition', 'Observation', 'DiagnosticReport', 'DocumentReference'],
      },
      {
        path: 'ServiceRequest.reasonReference[1]',
        reference: 'urn:uuid:1',
        targets: ['Condition', 'Observation', 'DiagnosticReport', 'DocumentReference'],
      },
      {
        path: 'ServiceRequest.supportingInfo[0]',
        reference: 'https://ehr.example/fhir/Observation/5',
        targets: [],
      },
    ]);
  });

  it('leaves out what a Bundle carries', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: request }],
    } as unknown as Resource;
    expect(references(bundle)).toEqual([]);
  });

  it('goes into parts that are defined by reference to others', () => {
    const response = {
      resourceType: 'QuestionnaireResponse',
      item: [
        { linkId: '1', item: [{ linkId: '2', answer: [{ valueReference: { reference: 'Patient/1' } }] }] },
      ],
    } as unknown as Resource;
    expect(references(response)).toEqual([
      { path: 'QuestionnaireResponse.item[0].item[0].answer[0].value', reference: 'Patient/1', targets: [] },
    ]);
  });

  it.each([null, true, 7, [], {}, [[]], { resourceType: 'Nothing' }])('finds nothing in %j', value => {
    expect(
      references({
        resourceType: 'Task',
        owner: value,
        input: value,
        note: value,
        for: { reference: value },
      } as unknown as Resource),
    ).toEqual([]);
    expect(
      references({ resourceType: 'Nothing', owner: { reference: 'Patient/1' } } as unknown as Resource),
    ).toEqual([]);
  });
});
