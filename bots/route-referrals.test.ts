import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { concept } from '../src/referral/routing/codes.ts';
import { eachDatabase } from '../test/harness/databases.ts';
import { refer, reference } from '../test/harness/referral.ts';
import { hubsOwn, type RoutedWorld, startRoutedWorld } from '../test/harness/routed-world.ts';

eachDatabase('referrals sent to the hub', database => {
  let world: RoutedWorld;
  beforeAll(async () => {
    world = await startRoutedWorld(database);
  });
  afterAll(() => world.hub.stop());

  it('are accepted and offered to the nearest organization that fits, with reasons the sender can read', async () => {
    const referral = await world.send();
    await world.hub.settle();
    expect((await world.current(referral)).status).toBe('accepted');
    const [asked, ...others] = await world.offersOf(referral);
    expect(others).toEqual([]);
    expect(asked).toMatchObject({
      status: 'requested',
      owner: { reference: world.near.organization },
      requester: { reference: hubsOwn },
      restriction: { period: { end: '2026-03-03T09:00:00.000Z' } },
    });
    const text = await world.told(referral);
    expect(text).toMatch(/Asked \*\*near, Case management near \(/);
    expect(text).toMatch(/Serves Travis County, where the home is\..*Less than a mile away\./);
    expect(text).toMatch(/Next in line:\n- far, Case management far \(.*About 23 miles away/);
    expect(text).toMatch(
      /Not asked:\n- elsewhere, Case management elsewhere: Serves Hays County only, and the home is elsewhere\./,
    );
    const [seen] = await world.found<Task>(world.near, `/Task?_id=${asked?.id}`);
    expect(seen?.description).toContain(
      'The hub asks near, Case management near because: Offers the service asked for.',
    );
    expect(JSON.stringify(seen)).not.toMatch(/far|elsewhere/);
    const [filler] = await world.found(
      world.near,
      `/ServiceRequest?_id=${asked?.focus?.reference?.split('/')[1]}`,
    );
    expect(filler).toMatchObject({
      intent: 'filler-order',
      basedOn: [{ reference: `ServiceRequest/${referral.request.id}` }],
      requester: { reference: hubsOwn },
    });
  });

  it('are routed once, however often the bots run', async () => {
    const referral = await world.send();
    for (let again = 0; again < 3; again++) {
      await world.hub.settle();
      world.hub.clock.advance({ minutes: 1 });
    }
    expect(await world.ownersOf(referral)).toEqual([world.near.organization]);
    expect(
      await world.found(world.hospital, `/ServiceRequest?based-on=ServiceRequest/${referral.request.id}`),
    ).toHaveLength(1);
    expect((await world.told(referral)).match(/Asked \*\*/g)).toHaveLength(1);
  });

  it('go to the next organization after a refusal, and back to the sender when nobody is left', async () => {
    const referral = await world.send();
    await world.hub.settle();
    await world.answer(world.near, referral, {
      status: 'rejected',
      statusReason: { text: 'no psychiatrist this month' },
    });
    expect(await world.ownersOf(referral)).toEqual([world.near.organization, world.far.organization]);
    expect(await world.told(referral)).toMatch(
      /Not asked:[\s\S]*near, Case management near: Declined on March 2, 2026 \(no psychiatrist this month\)\./,
    );
    await world.answer(world.far, referral, { status: 'rejected', statusReason: { text: 'no room' } });
    const back = await world.current(referral);
    expect(back).toMatchObject({
      status: 'failed',
      statusReason: { coding: [{ code: 'candidates-exhausted' }] },
    });
    expect(await world.told(referral)).toMatch(
      /Tried:\n- near, .*: Declined on March 2, 2026 \(no psychiatrist this month\)\.\n- far, .*: Declined .* \(no room\)\./,
    );
    const step = back.extension?.find(({ url }) => url.endsWith('next-step'))?.extension;
    expect(step?.find(({ url }) => url === 'turn')?.valueReference?.reference).toBe(
      world.hospital.organization,
    );
    expect(
      (await world.found<Task>(world.hospital, `/Task?part-of=Task/${referral.task.id}`)).every(
        ({ status }) => status === 'rejected',
      ),
    ).toBe(true);
  });

  it('do not ask again who has refused, when the sender sends the same request again', async () => {
    const referral = await world.send();
    await world.hub.settle();
    await world.answer(world.near, referral, { status: 'rejected', statusReason: { text: 'no room' } });
    await world.answer(world.far, referral, { status: 'rejected', statusReason: { text: 'no room' } });
    const { id: _id, meta: _meta, status: _status, ...again } = referral.task;
    const second = await world.hospital.create<Task>({
      ...again,
      status: 'requested',
      note: undefined,
      extension: undefined,
      businessStatus: undefined,
    } as Task);
    await world.hub.settle();
    expect((await world.current({ ...referral, task: second })).status).toBe('rejected');
  });

  it('stay with who has accepted, and are offered again when it gives up', async () => {
    const referral = await world.send();
    await world.hub.settle();
    await world.answer(world.near, referral, { status: 'accepted' });
    expect(await world.ownersOf(referral)).toEqual([world.near.organization]);
    const [mine] = await world.offersOf(referral);
    const gaveUp = await world.near.update({
      ...(mine as Task),
      status: 'failed',
      statusReason: { text: 'moved out of our area' },
    });
    expect(gaveUp.status, gaveUp.text).toBe(200);
    await world.hub.settle();
    expect(await world.ownersOf(referral)).toEqual([world.near.organization, world.far.organization]);
    expect((await world.current(referral)).status).toBe('in-progress');
  });

  it('are offered to nobody once the sender has cancelled', async () => {
    const referral = await world.send();
    await world.hub.settle();
    const cancelled = await world.hospital.update({
      ...(await world.current(referral)),
      status: 'cancelled',
    });
    expect(cancelled.status, cancelled.text).toBe(200);
    await world.hub.settle();
    await world.later({ days: 3 });
    expect((await world.offersOf(referral)).map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('pass on what the hub itself may not see: the stay, and an attachment that needs a consent', async () => {
    const patient = await world.hospital.create({
      resourceType: 'Patient' as const,
      birthDate: '1990-05-05',
      address: [{ state: 'TX', district: 'Travis' }],
    });
    const stay = await world.hospital.create({
      resourceType: 'Encounter' as const,
      status: 'in-progress' as const,
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
      subject: reference(patient),
    });
    const use = await world.hospital.create({
      resourceType: 'Condition' as const,
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }] },
      subject: reference(patient),
    });
    const request = { encounter: reference(stay), reasonReference: [reference(use)] };
    const referral = await refer(world.hospital, hubsOwn, { of: patient, request });
    await world.hub.settle();
    expect(await world.ownersOf(referral)).toHaveLength(1);
    const [asked] = await world.offersOf(referral);
    const party = asked?.owner?.reference === world.near.organization ? world.near : world.far;
    const filler = asked?.focus?.reference ?? '';
    expect((await party.get(`/${filler}`)).json).toMatchObject(request);
    for (const hidden of [stay, use]) {
      expect((await party.get(`/${hidden.resourceType}/${hidden.id}`)).status).toBe(404);
    }
  });

  it('respect who is not to be asked', async () => {
    const referral = await world.send({
      input: [
        {
          type: concept('https://warmhandoff.example/fhir/CodeSystem/routing-input', 'avoid', 'Do not ask'),
          valueReference: { reference: world.near.organization },
        },
      ],
    });
    await world.hub.settle();
    expect(await world.ownersOf(referral)).toEqual([world.far.organization]);
  });

  it('come back at once where the hub may not see what is asked for', async () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }];
    const referral = await refer(world.hospital, hubsOwn, { request: { meta: { security } } });
    await world.hub.settle();
    expect(await world.current(referral)).toMatchObject({
      status: 'rejected',
      statusReason: { text: 'The consent to see the request is missing' },
    });
    expect(await world.offersOf(referral)).toEqual([]);
  });

  it('are the only ones routed: a referral to another organization, and a request alone, start nothing', async () => {
    const direct = await world.send({}, world.near.organization);
    const { status } = await world.hospital.request('POST', '/ServiceRequest', {
      ...direct.request,
      id: undefined,
      meta: undefined,
    });
    expect(status).toBe(201);
    await world.hub.settle();
    expect(await world.offersOf(direct)).toEqual([]);
    expect(
      (await world.found<Task>(world.hospital, `/Task?patient=Patient/${direct.patient.id}`)).map(
        ({ id }) => id,
      ),
    ).toEqual([direct.task.id]);
  });

  it('without a failure', async () => {
    const repository = world.hub.hub.repository(world.hub.hub.hubActor);
    const parked = await repository.search('Task', new URLSearchParams({ code: 'investigate' }));
    expect(parked.entries.map(({ stored }) => (stored.resource() as Task).description)).toEqual([]);
  });
});
