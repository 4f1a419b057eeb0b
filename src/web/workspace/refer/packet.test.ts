import type { ServiceRequest } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { meaningOf, type Need } from '../../../referral/packet/needs.ts';
import { packetSystem } from '../../../referral/packet/rules.ts';
import { documentTypeOf, gapReasonOf, withAttached, withoutAttached } from './packet.ts';

const needed = (system: string, code: string): Need => {
  const meaning = meaningOf({ item: { coding: [{ system, code, display: code }] } });
  if (!meaning) throw new Error(`${code} means nothing`);
  return meaning;
};

describe('the reason for sending without', () => {
  it.each([
    ['', '', undefined],
    ['nonsense', 'words', undefined],
    ['other', '', undefined],
    ['to-follow', '', 'To follow'],
    ['to-follow', 'Tonight.', 'Tonight.'],
    ['other', 'The printer is broken.', 'The printer is broken.'],
  ])('%s, "%s"', (code, text, expected) => {
    expect(gapReasonOf(code, text)?.text).toBe(expected);
  });
});

describe('a file for something that is needed', () => {
  it.each([
    [packetSystem.item, 'discharge-summary', '18842-5'],
    [packetSystem.item, 'consent', '59284-0'],
    ['http://loinc.org', '34117-2', '34117-2'],
    [packetSystem.item, 'medications', undefined],
    [packetSystem.item, 'coverage', undefined],
  ])('%s %s is a document of the type %s', (system, code, type) => {
    expect(documentTypeOf(needed(system, code))?.code).toBe(type);
  });
});

describe('what is attached', () => {
  const request: ServiceRequest = {
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: 'order',
    subject: { reference: 'Patient/p' },
    supportingInfo: [{ reference: 'Encounter/e' }],
  };
  const added = ['Coverage/c', 'Condition/d', 'DocumentReference/f', 'Encounter/e', 'urn:uuid:document-0'];

  it('stands where FHIR has a place for it, once', () => {
    const attached = withAttached(withAttached(request, added), added);
    expect(attached).toMatchObject({
      insurance: [{ reference: 'Coverage/c' }],
      reasonReference: [{ reference: 'Condition/d' }],
      supportingInfo: [
        { reference: 'Encounter/e' },
        { reference: 'DocumentReference/f' },
        { reference: 'urn:uuid:document-0' },
      ],
    });
  });

  it('is left out again, and leaves no empty list', () => {
    const attached = withAttached(request, added);
    const left = added.reduce(withoutAttached, attached);
    const { supportingInfo: _, ...nothing } = request;
    expect(left).toEqual(nothing);
  });
});
