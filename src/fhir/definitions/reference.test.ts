import { describe, expect, it } from 'vitest';
import { parseReference } from './reference.ts';

describe('parseReference', () => {
  it.each([
    ['Patient/1', { kind: 'local', type: 'Patient', id: '1' }],
    ['Patient/a-B.9/_history/3', { kind: 'local', type: 'Patient', id: 'a-B.9' }],
    ['http://ehr.example/fhir/Patient/1', { kind: 'absolute', type: 'Patient', id: '1' }],
    ['https://ehr.example/r4/Task/7/_history/2', { kind: 'absolute', type: 'Task', id: '7' }],
    ['#med', { kind: 'contained', id: 'med' }],
    ['#', { kind: 'contained', id: '' }],
    ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520', { kind: 'uri' }],
    ['http://example.org/some/page', { kind: 'uri' }],
    ['Patient?identifier=urn:mrn|7', { kind: 'conditional', type: 'Patient' }],
  ])('%s', (text, target) => {
    expect(parseReference(text)).toEqual(target);
  });

  it.each([
    '',
    '1',
    'patient/1',
    'Patient',
    'Patient/',
    'Patient/a b',
    'Patient/1/2',
    '/Patient/1',
    `Patient/${'x'.repeat(65)}`,
  ])('%j is none', text => {
    expect(parseReference(text)).toBeUndefined();
  });
});
