import type { Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf, type Role } from '../../src/access/roles.ts';
import { runOperation } from '../../src/http/fhir-operations.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { reference, treatingOrganization } from '../harness/referral.ts';

const sensitive = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' };

eachDatabase('what a role includes beside its scopes', database => {
  let hub: TestHub;
  let hospital: Party;
  let patient: Patient & { id: string };

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    await hub.party('center', { organization: treatingOrganization });
    patient = await hospital.create<Patient>({ resourceType: 'Patient', name: [{ family: 'Rivera' }] });
  });
  afterAll(() => hub.stop());

  const as = (role: Role, organization = 'hospital') =>
    hub.hub.repository(actorOf({ account: `the-${role}`, organization, role }));
  const call = (role: Role, organization: string, request: object) =>
    runOperation(hub.hub.parts, as(role, organization), {
      method: 'GET',
      query: new URLSearchParams(),
      ...request,
    } as Parameters<typeof runOperation>[2]);
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      error => error.kind,
    );

  it.each([
    ['auditor', 'done'],
    ['supervisor', 'forbidden'],
    ['case-manager', 'forbidden'],
    ['organization-administrator', 'forbidden'],
  ] as const)('AuditEvents: %s %s', async (role, expected) => {
    expect(await outcome(as(role).search('AuditEvent', new URLSearchParams()))).toBe(expected);
    const found = await as('auditor').search('AuditEvent', new URLSearchParams({ _count: '1' }));
    expect(await outcome(as(role).read('AuditEvent', found.entries[0]?.stored.id ?? ''))).toBe(expected);
  });

  it.each([
    ['auditor', 'done'],
    ['supervisor', 'done'],
    ['case-manager', 'forbidden'],
    ['utilization-reviewer', 'forbidden'],
  ] as const)('$disclosures: %s %s', async (role, expected) => {
    const request = { name: '$disclosures', type: 'Patient', id: patient.id };
    expect(await outcome(call(role, 'hospital', request))).toBe(expected);
  });

  it.each([
    ['intake', 'done'],
    ['case-manager', 'done'],
    ['auditor', 'forbidden'],
    ['utilization-reviewer', 'forbidden'],
    ['organization-administrator', 'forbidden'],
  ] as const)('$break-glass: %s %s', async (role, expected) => {
    const query = new URLSearchParams({ purpose: 'ETREAT', reason: 'unconscious in the emergency room' });
    const request = { method: 'POST', name: '$break-glass', type: 'Patient', id: patient.id, query };
    expect(await outcome(call(role, 'center', request))).toBe(expected);
  });

  it.each([
    ['case-manager', 'forbidden'],
    ['supervisor', 'done'],
  ] as const)('$meta-delete of a restricted label: %s %s', async (role, expected) => {
    const observation = await hospital.create({
      resourceType: 'Observation',
      meta: { security: [sensitive] },
      status: 'final',
      code: { text: 'an observation' },
      subject: reference(patient),
    });
    const body = {
      resourceType: 'Parameters',
      parameter: [{ name: 'meta', valueMeta: { security: [sensitive] } }],
    };
    const query = new URLSearchParams({ reason: 'was labelled by mistake' });
    const request = {
      method: 'POST',
      name: '$meta-delete',
      type: 'Observation',
      id: observation.id,
      query,
      body,
    };
    expect(await outcome(call(role, 'hospital', request))).toBe(expected);
  });
});
