import type { Bundle, Communication, Patient } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf, type Role } from '../../src/access/roles.ts';
import { runOperation } from '../../src/http/fhir-operations.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { reference, treatingOrganization } from '../harness/referral.ts';

const name = '$emergency-accesses';
const reason = 'unconscious in the emergency room';

eachDatabase('the emergency accesses', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let patient: Patient & { id: string };

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    await hub.party('stranger', { organization: treatingOrganization });
    patient = await hospital.create<Patient>({ resourceType: 'Patient', name: [{ family: 'Rivera' }] });
    await hospital.create({
      resourceType: 'Communication',
      status: 'completed',
      subject: reference(patient),
      payload: [{ contentString: 'a message between people' }],
    });
    const query = new URLSearchParams({ purpose: 'ETREAT', reason });
    await call('intake', 'center', { method: 'POST', name: '$break-glass', id: patient.id, query });
  });
  afterAll(() => hub.stop());

  const call = async (role: Role, organization: string, request: object = { name }) => {
    const actor = actorOf({ account: `the-${role}`, organization, role });
    const { json } = await runOperation(hub.hub.parts, hub.hub.repository(actor), {
      method: 'GET',
      type: 'Patient',
      query: new URLSearchParams(),
      ...request,
    } as Parameters<typeof runOperation>[2]);
    return JSON.parse(json) as Bundle<Communication>;
  };
  const reasons = ({ entry = [] }: Bundle<Communication>) =>
    entry.map(({ resource }) => resource?.payload?.[0]?.contentString);

  it.each(['hospital', 'center', 'hub'])(
    'are told, with the reason, to the auditor of %s',
    async organization => {
      const found = await call('auditor', organization);
      expect(reasons(found)).toEqual([reason]);
      expect(found.entry?.[0]?.resource).toMatchObject({
        subject: reference(patient),
        sender: { reference: 'Organization/center' },
        recipient: [{ reference: 'Organization/hospital' }],
      });
    },
  );

  it('are not told to an organization that has no part in them', async () => {
    expect(reasons(await call('auditor', 'stranger'))).toEqual([]);
  });

  it.each(['supervisor', 'intake', 'organization-administrator'] as const)(
    'are refused to %s',
    async role => {
      await expect(call(role, 'hospital')).rejects.toMatchObject({ kind: 'forbidden' });
    },
  );

  it('open no other Communication to an auditor', async () => {
    const auditor = hub.hub.repository(actorOf({ account: 'a', organization: 'hospital', role: 'auditor' }));
    await expect(auditor.search('Communication', new URLSearchParams())).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  it('can be asked for from a time on, and over HTTP', async () => {
    const later = new Date(hub.hub.parts.clock.now().getTime() + 1000).toISOString();
    expect(
      reasons(await call('auditor', 'hospital', { name, query: new URLSearchParams({ _since: later }) })),
    ).toEqual([]);
    const { json: over } = await center.get(`/Patient/${name}?_count=5`);
    expect(reasons(over)).toEqual([reason]);
    expect(over.link[0].url).toMatch(/\/Patient\/\$emergency-accesses\?_count=5$/);
    expect((await center.get(`/Patient/${name}?patient=1`)).status).toBe(400);
  });
});
