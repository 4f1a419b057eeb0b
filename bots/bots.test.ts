import type { Bundle, HealthcareService, Location, Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concept, serviceType } from '../src/referral/routing/codes.ts';
import { ageRange, catchmentArea, serviceCapacity } from '../src/referral/routing/directory-entries.ts';
import { eachDatabase } from '../test/harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../test/harness/hub.ts';
import { type Referral, refer, reference, treatingOrganization } from '../test/harness/referral.ts';

const hubsOwn = 'Organization/hub';

eachDatabase('referrals sent to the hub', database => {
  let hub: TestHub;
  let hospital: Party;
  let near: Party;
  let far: Party;
  let elsewhere: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    const party = (name: string) => hub.party(name, { organization: treatingOrganization });
    [hospital, near, far, elsewhere] = [
      await party('hospital'),
      await party('near'),
      await party('far'),
      await party('elsewhere'),
    ];
    const county = async (center: Party, name: string) =>
      reference(
        await center.create<Location>(catchmentArea({ name: `${name} County`, state: 'TX', county: name })),
      );
    await offer(near, {
      coverageArea: [await county(near, 'Travis')],
      location: [await site(near, 30.27)],
      eligibility: [ageRange(18)],
    });
    await offer(far, { coverageArea: [await county(far, 'Travis')], location: [await site(far, 30.6)] });
    await offer(elsewhere, { coverageArea: [await county(elsewhere, 'Hays')] });
    await hub.settle();
  });
  afterAll(() => hub.stop());

  async function site(center: Party, latitude: number) {
    return reference(
      await center.create<Location>({
        resourceType: 'Location',
        status: 'active',
        position: { latitude, longitude: -97.74 },
      }),
    );
  }

  const offer = (center: Party, more: Partial<HealthcareService>) =>
    center.create<HealthcareService>({
      resourceType: 'HealthcareService',
      active: true,
      name: `Case management ${center.name}`,
      providedBy: { reference: center.organization },
      type: [serviceType('136', 'Mental Health Case Management')],
      extension: [serviceCapacity({ status: 'capacity', confirmed: '2026-03-01' })],
      ...more,
    });

  const position = (latitude: number) => ({
    url: 'http://hl7.org/fhir/StructureDefinition/geolocation',
    extension: [
      { url: 'latitude', valueDecimal: latitude },
      { url: 'longitude', valueDecimal: -97.74 },
    ],
  });

  function send(task: Partial<Task> = {}, owner = hubsOwn): Promise<Referral> {
    const address = [{ use: 'home' as const, state: 'TX', district: 'Travis', extension: [position(30.27)] }];
    return refer(hospital, owner, { patient: { address }, task });
  }

  async function found<R extends Resource>(party: Party, path: string): Promise<R[]> {
    const bundle = (await party.get(path)).json as Bundle<R>;
    return (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : []));
  }

  /** Time passes; tokens do not outlive it, so everybody signs in again. */
  async function later(by: { hours?: number; days?: number }): Promise<void> {
    hub.clock.advance(by);
    const again = ({ name, organization }: Party) =>
      hub.party(`${name}-again`, { of: organization.split('/')[1] ?? '' });
    [hospital, near, far] = [await again(hospital), await again(near), await again(far)];
    await hub.settle();
  }

  const offersOf = (referral: Referral) =>
    found<Task>(hospital, `/Task?part-of=Task/${referral.task.id}&_sort=authored-on`);
  const current = async (referral: Referral) =>
    (await hospital.get(`/Task/${referral.task.id}`)).json as Task;
  const told = async (referral: Referral) =>
    ((await current(referral)).note ?? []).map(({ text }) => text).join('\n\n');
  const ownersOf = async (referral: Referral) =>
    (await offersOf(referral)).map(({ owner }) => owner?.reference);

  async function answer(party: Party, referral: Referral, change: Partial<Task>): Promise<void> {
    const [mine] = await found<Task>(
      party,
      `/Task?owner=${party.organization}&status=requested&patient=Patient/${referral.patient.id}`,
    );
    const { status, text } = await party.update({ ...(mine as Task), ...change });
    expect(status, text).toBe(200);
    hub.clock.advance({ minutes: 1 });
    await hub.settle();
  }

  it('are accepted and offered to the nearest organization that fits, with reasons the sender can read', async () => {
    const referral = await send();
    await hub.settle();
    expect((await current(referral)).status).toBe('accepted');
    const [asked, ...others] = await offersOf(referral);
    expect(others).toEqual([]);
    expect(asked).toMatchObject({
      status: 'requested',
      owner: { reference: near.organization },
      requester: { reference: hubsOwn },
      restriction: { period: { end: '2026-03-03T09:00:00.000Z' } },
    });
    const text = await told(referral);
    expect(text).toMatch(/Asked \*\*near, Case management near \(/);
    expect(text).toMatch(/Serves Travis County, where the home is\..*Less than a mile away\./);
    expect(text).toMatch(/Next in line:\n- far, Case management far \(.*About 23 miles away/);
    expect(text).toMatch(
      /Not asked:\n- elsewhere, Case management elsewhere: Serves Hays County only, and the home is elsewhere\./,
    );
    const [seen] = await found<Task>(near, `/Task?_id=${asked?.id}`);
    expect(seen?.description).toContain(
      'The hub asks near, Case management near because: Offers the service asked for.',
    );
    expect(JSON.stringify(seen)).not.toMatch(/far|elsewhere/);
    const [filler] = await found(near, `/ServiceRequest?_id=${asked?.focus?.reference?.split('/')[1]}`);
    expect(filler).toMatchObject({
      intent: 'filler-order',
      basedOn: [{ reference: `ServiceRequest/${referral.request.id}` }],
      requester: { reference: hubsOwn },
    });
  });

  it('are routed once, however often the bots run', async () => {
    const referral = await send();
    for (let again = 0; again < 3; again++) {
      await hub.settle();
      hub.clock.advance({ minutes: 1 });
    }
    expect(await ownersOf(referral)).toEqual([near.organization]);
    expect(
      await found(hospital, `/ServiceRequest?based-on=ServiceRequest/${referral.request.id}`),
    ).toHaveLength(1);
    expect((await told(referral)).match(/Asked \*\*/g)).toHaveLength(1);
  });

  it('go to the next organization after a refusal, and back to the sender when nobody is left', async () => {
    const referral = await send();
    await hub.settle();
    await answer(near, referral, {
      status: 'rejected',
      statusReason: { text: 'no psychiatrist this month' },
    });
    expect(await ownersOf(referral)).toEqual([near.organization, far.organization]);
    expect(await told(referral)).toMatch(
      /Not asked:[\s\S]*near, Case management near: Declined on March 2, 2026 \(no psychiatrist this month\)\./,
    );
    await answer(far, referral, { status: 'rejected', statusReason: { text: 'no room' } });
    const back = await current(referral);
    expect(back).toMatchObject({
      status: 'failed',
      statusReason: { coding: [{ code: 'candidates-exhausted' }] },
    });
    expect(await told(referral)).toMatch(
      /Tried:\n- near, .*: Declined on March 2, 2026 \(no psychiatrist this month\)\.\n- far, .*: Declined .* \(no room\)\./,
    );
    const step = back.extension?.find(({ url }) => url.endsWith('next-step'))?.extension;
    expect(step?.find(({ url }) => url === 'turn')?.valueReference?.reference).toBe(hospital.organization);
    expect(
      (await found<Task>(hospital, `/Task?part-of=Task/${referral.task.id}`)).every(
        ({ status }) => status === 'rejected',
      ),
    ).toBe(true);
  });

  it('do not ask again who has refused, when the sender sends the same request again', async () => {
    const referral = await send();
    await hub.settle();
    await answer(near, referral, { status: 'rejected', statusReason: { text: 'no room' } });
    await answer(far, referral, { status: 'rejected', statusReason: { text: 'no room' } });
    const { id: _id, meta: _meta, status: _status, ...again } = referral.task;
    const second = await hospital.create<Task>({
      ...again,
      status: 'requested',
      note: undefined,
      extension: undefined,
      businessStatus: undefined,
    } as Task);
    await hub.settle();
    expect((await current({ ...referral, task: second })).status).toBe('rejected');
  });

  it('are reminded of at half of the time, end at its end, and go on to the next', async () => {
    const referral = await send();
    await hub.settle();
    await later({ hours: 11 });
    const reminders = async () =>
      ((await offersOf(referral))[0]?.note ?? []).filter(({ text }) => text?.startsWith('Reminder'));
    expect(await reminders()).toHaveLength(0);
    await later({ hours: 1 });
    await hub.settle();
    expect(await reminders()).toHaveLength(1);
    await later({ hours: 12 });
    const [first, second] = await offersOf(referral);
    expect(first).toMatchObject({
      status: 'cancelled',
      statusReason: { coding: [{ code: 'offer-expired' }] },
    });
    expect(second).toMatchObject({ status: 'requested', owner: { reference: far.organization } });
    expect((await hospital.get(`/ServiceRequest/${referral.request.id}`)).json.status).toBe('active');
    await later({ days: 5 });
    expect((await current(referral)).status).toBe('failed');
    expect(await told(referral)).toMatch(
      /Tried:\n- near, .*: The offer ended on .* \(No answer came in time\)/,
    );
  });

  it('stay with who has accepted, and are offered again when it gives up', async () => {
    const referral = await send();
    await hub.settle();
    await answer(near, referral, { status: 'accepted' });
    expect(await ownersOf(referral)).toEqual([near.organization]);
    const [mine] = await offersOf(referral);
    const gaveUp = await near.update({
      ...(mine as Task),
      status: 'failed',
      statusReason: { text: 'moved out of our area' },
    });
    expect(gaveUp.status, gaveUp.text).toBe(200);
    await hub.settle();
    expect(await ownersOf(referral)).toEqual([near.organization, far.organization]);
    expect((await current(referral)).status).toBe('in-progress');
  });

  it('are offered to nobody once the sender has cancelled', async () => {
    const referral = await send();
    await hub.settle();
    const cancelled = await hospital.update({ ...(await current(referral)), status: 'cancelled' });
    expect(cancelled.status, cancelled.text).toBe(200);
    await hub.settle();
    await later({ days: 3 });
    expect((await offersOf(referral)).map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('pass on what the hub itself may not see: the stay, and an attachment that needs a consent', async () => {
    const patient = await hospital.create({
      resourceType: 'Patient' as const,
      birthDate: '1990-05-05',
      address: [{ state: 'TX', district: 'Travis' }],
    });
    const stay = await hospital.create({
      resourceType: 'Encounter' as const,
      status: 'in-progress' as const,
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
      subject: reference(patient),
    });
    const use = await hospital.create({
      resourceType: 'Condition' as const,
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }] },
      subject: reference(patient),
    });
    const request = { encounter: reference(stay), reasonReference: [reference(use)] };
    const referral = await refer(hospital, hubsOwn, { of: patient, request });
    await hub.settle();
    expect(await ownersOf(referral)).toHaveLength(1);
    const [asked] = await offersOf(referral);
    const party = asked?.owner?.reference === near.organization ? near : far;
    const filler = asked?.focus?.reference ?? '';
    expect((await party.get(`/${filler}`)).json).toMatchObject(request);
    for (const hidden of [stay, use]) {
      expect((await party.get(`/${hidden.resourceType}/${hidden.id}`)).status).toBe(404);
    }
  });

  it('respect who is not to be asked', async () => {
    const referral = await send({
      input: [
        {
          type: concept('https://warmhandoff.example/fhir/CodeSystem/routing-input', 'avoid', 'Do not ask'),
          valueReference: { reference: near.organization },
        },
      ],
    });
    await hub.settle();
    expect(await ownersOf(referral)).toEqual([far.organization]);
  });

  it('come back at once where the hub may not see what is asked for', async () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }];
    const referral = await refer(hospital, hubsOwn, { request: { meta: { security } } });
    await hub.settle();
    expect(await current(referral)).toMatchObject({
      status: 'rejected',
      statusReason: { text: 'The consent to see the request is missing' },
    });
    expect(await offersOf(referral)).toEqual([]);
  });

  it('are the only ones routed: a referral to another organization, and a request alone, start nothing', async () => {
    const direct = await send({}, near.organization);
    const { status } = await hospital.request('POST', '/ServiceRequest', {
      ...direct.request,
      id: undefined,
      meta: undefined,
    });
    expect(status).toBe(201);
    await hub.settle();
    expect(await offersOf(direct)).toEqual([]);
    expect(
      (await found<Task>(hospital, `/Task?patient=Patient/${direct.patient.id}`)).map(({ id }) => id),
    ).toEqual([direct.task.id]);
  });

  describe('and nothing of it has been parked', () => {
    it('no bot failed', async () => {
      const repository = hub.hub.repository(hub.hub.hubActor);
      const parked = await repository.search('Task', new URLSearchParams({ code: 'investigate' }));
      expect(parked.entries.map(({ stored }) => (stored.resource() as Task).description)).toEqual([]);
    });
  });
});
