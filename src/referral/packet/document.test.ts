import type { Composition, Resource, ServiceRequest } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { type PacketSources, packetDocument } from './document.ts';

const resource = (content: object): Resource => content as Resource;
const about = { subject: { reference: 'Patient/p' } };
const request: ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'r',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p' },
};
const diagnosis = (id: string, text: string, verification: string): Resource =>
  resource({
    resourceType: 'Condition',
    id,
    code: { text },
    verificationStatus: { coding: [{ code: verification }] },
    ...about,
  });

/** What the sections of the document say, by their titles. */
function said(sources: Partial<PacketSources>): Record<string, string> {
  const document = packetDocument({
    request,
    attached: [request],
    known: [],
    leftOut: 0,
    gaps: [],
    notices: [],
    security: [],
    author: 'Organization/hospital',
    base: 'https://hub.example/fhir',
    uuid: '00000000-0000-8000-8000-000000000000',
    now: new Date('2026-03-02T12:00:00Z'),
    ...sources,
  });
  const section = (document.entry?.[0]?.resource as Composition | undefined)?.section ?? [];
  const all = section.flatMap(one => [one, ...(one.section ?? [])]);
  return Object.fromEntries(all.map(({ title = '', text }) => [title, text?.div ?? '']));
}

it('says who pays and what is taken by name, also where a reference does not', () => {
  const document = said({
    attached: [
      request,
      resource({
        resourceType: 'Coverage',
        id: 'c',
        beneficiary: { reference: 'Patient/p' },
        payor: [
          { reference: 'Organization/payer' },
          { reference: 'Organization/x', display: 'As it was told' },
        ],
      }),
      resource({
        resourceType: 'MedicationRequest',
        id: 'm',
        medicationReference: { reference: 'Medication/s' },
        ...about,
      }),
    ],
    known: [
      resource({ resourceType: 'Organization', id: 'payer', name: 'Prairie Medicaid' }),
      resource({ resourceType: 'Organization', id: 'x', name: 'Another name' }),
      resource({ resourceType: 'Medication', id: 's', code: { text: 'Sertraline 50 mg' } }),
    ],
  });
  expect(document.Coverage).toContain('<b>Payer</b>: Prairie Medicaid; As it was told');
  expect(document.Medications).toContain('<b>Medication</b>: Sertraline 50 mg');
});

it('says codes in words, where it is known which, and as the sender said them where it did', () => {
  const service = { system: 'urn:services', code: '136' };
  const displays = new Map([['urn:services|136', 'Case management']]);
  const asked = { ...request, code: { coding: [service] } };
  expect(said({ request: asked, attached: [asked], displays })['Reason for referral']).toContain(
    'Request: Case management',
  );
  const told = { ...request, code: { coding: [{ ...service, display: 'Somebody who cares' }] } };
  expect(said({ request: told, attached: [told], displays })['Reason for referral']).toContain(
    'Request: Somebody who cares',
  );
});

it('says what is contained', () => {
  const contained = [{ resourceType: 'Medication', id: 'm', code: { text: 'Lithium 300 mg' } }];
  const given = { medicationReference: { reference: '#m' }, ...about };
  const order = resource({ resourceType: 'MedicationRequest', id: 'x', contained, ...given });
  expect(said({ attached: [request, order] }).Medications).toContain('<b>Medication</b>: Lithium 300 mg');
});

it('rests medical necessity on facts that are so, whichever version of them is named', () => {
  const reasons = ['Condition/so/_history/1', 'Condition/denied', 'Condition/wrong'];
  const document = said({
    request: { ...request, reasonReference: reasons.map(reference => ({ reference })) },
    attached: [
      request,
      diagnosis('so', 'Depression', 'confirmed'),
      diagnosis('denied', 'Schizophrenia', 'refuted'),
      diagnosis('wrong', 'Mania', 'entered-in-error'),
    ],
  });
  const necessity = document['Medical necessity: the facts that support it'];
  expect(necessity).toContain('Depression');
  expect(necessity).not.toMatch(/Schizophrenia|Mania/);
});
