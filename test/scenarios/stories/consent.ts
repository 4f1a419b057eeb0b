import type { Condition, Consent, Procedure, ServiceRequest, Task } from '@medplum/fhirtypes';
import { expect } from 'vitest';
import { written } from '../../harness/consents.ts';
import { reference } from '../../harness/referral.ts';
import type { Stage } from '../stage.ts';

/** A person takes back their consent while the center is at work: what it opened is gone at once, the rest stays. */
export async function consentRevoked(stage: Stage): Promise<void> {
  const hospital = await stage.joins('hospital', 'hospital');
  const center = await stage.joins('center', 'center');
  await stage.joins('outsider', 'center');
  await stage.listens('center', 'ServiceRequest');
  await stage.comes(hospital);
  const opioid = { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'F11.20' }] };
  const condition = await hospital.makes<Condition>({
    resourceType: 'Condition',
    code: opioid,
    subject: reference(stage.person),
  });
  const { id: _id, ...agreed } = written();
  const consent = await hospital.makes<Consent>({ ...agreed, patient: reference(stage.person) });

  const { request } = await stage.refers(hospital, center, { reasonCode: [opioid] });
  await center.accepts();
  const note = await center.makes<Procedure>({
    resourceType: 'Procedure',
    status: 'completed',
    subject: reference(stage.person),
    code: { text: 'First contact' },
  });
  const sees = async () => ({
    request: (await center.reads<ServiceRequest>(`ServiceRequest/${request.id}`)) !== undefined,
    condition: (await center.reads(`Condition/${condition.id}`)) !== undefined,
    own: (await center.reads(`Procedure/${note.id}`)) !== undefined,
  });
  expect(await sees()).toEqual({ request: true, condition: true, own: true });
  await stage.settles();
  const requests = () => stage.receiver.received.filter(({ path }) => path.endsWith('/center/requests'));
  expect(requests().some(({ body }) => body.includes('F11.20'))).toBe(true);
  await stage.scene(
    'the center works with what the consent opens',
    {
      hospital: ['record', 'center: accepted 3.0 · center schedule by 03-05 09:00'],
      center: ['record', 'center: accepted 3.0 · center schedule by 03-05 09:00'],
    },
    {
      hospital: ['center: requested 2.0', 'center: accepted 3.0'],
      center: ['center: requested 2.0', 'center: accepted 3.0'],
    },
  );

  stage.receiver.answer(503);
  await hospital.puts(request, { note: [{ text: 'Written before the person changed their mind' }] });
  await stage.settles();
  expect(requests().some(({ body }) => body.includes('changed their mind'))).toBe(true);
  await hospital.client.update({
    resourceType: 'Consent',
    id: consent.id,
    body: { ...consent, status: 'inactive' } as never,
  });
  stage.receiver.received.length = 0;
  stage.receiver.answer(200);
  await stage.passes({ hours: 1 });
  expect(stage.receiver.received.map(({ body }) => body).join()).not.toMatch(/F11\.20|changed their mind/);
  expect(await sees()).toEqual({ request: false, condition: false, own: true });
  await stage.scene(
    'the person has taken the consent back',
    {
      hospital: ['record', 'center: accepted 3.0 · center schedule by 03-05 09:00'],
      center: ['record', 'center: accepted 3.0 · center schedule by 03-05 09:00'],
    },
    {},
  );

  await center.completes('What could be done without');
  await stage.scene(
    'the center ends its work',
    {
      hospital: ['record', 'center: completed 7.0 · hospital close-request by 03-09 09:00'],
      center: ['record', 'center: completed 7.0 · hospital close-request by 03-09 09:00'],
    },
    {
      hospital: ['center: completed 7.0'],
      center: ['center: completed 7.0'],
    },
  );
  const closed = await hospital.puts<Task | ServiceRequest>(request, { status: 'completed' });
  expect(closed.status).toBe('completed');
  await stage.scene(
    'the hospital closes the request',
    {
      hospital: ['record', 'center: completed 7.0'],
      center: ['record', 'center: completed 7.0'],
    },
    {},
  );
  await stage.ledger(
    hospital,
    {
      center: ['Condition', 'Observation', 'Patient', 'ServiceRequest', 'Task'],
    },
    {
      'client center': ['U Task'],
      'client hospital': ['C ServiceRequest', 'C Task', 'U ServiceRequest'],
      'hub hub': ['U Task'],
    },
  );
}
