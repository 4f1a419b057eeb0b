import type { HealthcareService, Parameters, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, reference, treatingOrganization } from '../harness/referral.ts';

const base = 'https://warmhandoff.example/fhir';
const type = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code }],
});
const needing = (code: string): HealthcareService['extension'] => [
  {
    url: `${base}/StructureDefinition/packet-need`,
    extension: [
      {
        url: 'item',
        valueCodeableConcept: { coding: [{ system: `${base}/CodeSystem/packet-item`, code }] },
      },
    ],
  },
];

/** The names of the services that a referral was compared with. */
const compared = ({ json }: { json: unknown }) =>
  ((json as Parameters).parameter ?? []).map(
    ({ part }) => part?.find(({ name }) => name === 'reference')?.valueReference?.display,
  );

onSqlite('$packet-check', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let patient: Patient & { id: string };

  const offer = (name: string, code: string) =>
    center.create<HealthcareService>({
      resourceType: 'HealthcareService',
      active: true,
      name,
      type: [type(code)],
      providedBy: { reference: center.organization },
      extension: needing('risk'),
    });
  const draft = (owner: string) =>
    refer(hospital, owner, { of: patient, request: { status: 'draft' }, task: { status: 'draft' } });

  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_LOG: 'silent' });
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    patient = await hospital.create<Patient>({ resourceType: 'Patient' });
    await offer('Case management', '136');
    await offer('Food', '548');
  });
  afterAll(() => hub.stop());

  it('compares with what the organization asked offers, as sending does', async () => {
    const { request, task } = await draft(center.organization);
    expect(compared(await hospital.get(`/ServiceRequest/${request.id}/$packet-check`))).toEqual([
      'Case management',
    ]);
    const sent = await hospital.request('POST', `/Task/${task.id}/$send`, { resourceType: 'Parameters' });
    expect([sent.status, sent.text]).toEqual([422, expect.stringContaining('\\"risk\\" is missing')]);
  });

  it('answers without an empty list where nobody is asked who needs anything', async () => {
    const { request } = await draft(hospital.organization);
    const answer = await hospital.get(`/ServiceRequest/${request.id}/$packet-check`);
    expect([answer.status, answer.json]).toEqual([200, { resourceType: 'Parameters' }]);
  });

  it.each([
    ['nothing in a list', { reasonReference: [null] }, 'ServiceRequest.reasonReference[0]'],
    ['no list where one is due', { supportingInfo: {} }, 'ServiceRequest.supportingInfo'],
    ['a number as a reference', { subject: { reference: 7 } }, 'ServiceRequest.subject.reference'],
  ])('says where a request that is not there yet is wrong: %s', async (_what, wrong, place) => {
    const request = {
      resourceType: 'ServiceRequest',
      status: 'draft',
      intent: 'order',
      subject: reference(patient),
      ...wrong,
    };
    const answer = await hospital.request('POST', '/ServiceRequest/$packet-check', {
      resourceType: 'Parameters',
      parameter: [{ name: 'request', resource: request }],
    });
    expect([answer.status, answer.json.issue?.[0].expression]).toEqual([400, [place]]);
  });
});
