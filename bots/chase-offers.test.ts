import type { Communication, PractitionerRole, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { system } from '../src/fhir/canonical.ts';
import { onSqlite } from '../test/harness/databases.ts';
import { type RoutedWorld, startRoutedWorld } from '../test/harness/routed-world.ts';
import { rungsOf } from '../test/harness/two-parties.ts';

onSqlite('offers that nobody answers', database => {
  let world: RoutedWorld;
  beforeAll(async () => {
    world = await startRoutedWorld(database);
  });
  afterAll(() => world.hub.stop());

  it('are reminded of at half of the time, end at its end, and go on to the next', async () => {
    const referral = await world.send();
    await world.hub.settle();
    await world.later({ hours: 11 });
    const reminders = async () =>
      ((await world.offersOf(referral))[0]?.note ?? []).filter(({ text }) => text?.startsWith('Reminder'));
    expect(await reminders()).toHaveLength(0);
    await world.later({ hours: 1 });
    await world.hub.settle();
    expect(await reminders()).toHaveLength(1);
    await world.later({ hours: 12 });
    const [first, second] = await world.offersOf(referral);
    expect(first).toMatchObject({
      status: 'cancelled',
      statusReason: { coding: [{ code: 'offer-expired' }] },
    });
    expect(second).toMatchObject({ status: 'requested', owner: { reference: world.far.organization } });
    expect((await world.hospital.get(`/ServiceRequest/${referral.request.id}`)).json.status).toBe('active');
    await world.later({ days: 5 });
    expect((await world.current(referral)).status).toBe('failed');
    expect(await world.told(referral)).toMatch(
      /Tried:\n- near, .*: The offer ended on .* \(No answer came in time\)/,
    );
  });

  it('are told to the supervisors of who is asked, once, at three quarters of the time', async () => {
    const supervisor: PractitionerRole = {
      resourceType: 'PractitionerRole',
      active: true,
      organization: { reference: world.near.organization },
      code: [{ coding: [{ system: system.personRole, code: 'supervisor' }] }],
    };
    const { id } = await world.near.create(supervisor);
    const others = await world.near.create({ ...supervisor, code: [{ text: 'Receptionist' }] });
    const referral = await world.send();
    await world.hub.settle();
    const offer = async () => (await world.offersOf(referral))[0] as Task;
    const notices = async () => {
      const repository = world.hub.hub.repository(world.hub.hub.hubActor);
      const { entries } = await repository.search('Communication', new URLSearchParams({ _count: '200' }));
      const all = entries.map(({ stored }) => stored.resource() as Communication);
      return all.flatMap(({ recipient = [] }) => recipient.map(({ reference }) => reference));
    };
    await world.later({ hours: 17 });
    expect(rungsOf(await offer())).not.toContain('supervisor');
    expect(await notices()).not.toContain(`PractitionerRole/${id}`);
    await world.later({ hours: 1 });
    await world.hub.settle();
    expect(rungsOf(await offer())).toEqual(['supervisor']);
    const told = (await notices()).filter(one => one === `PractitionerRole/${id}`);
    expect(told).toHaveLength(1);
    expect(await notices()).not.toContain(`PractitionerRole/${others.id}`);
    await world.later({ hours: 1 });
    expect((await notices()).filter(one => one === `PractitionerRole/${id}`)).toHaveLength(1);
    expect((await offer()).status).toBe('requested');
  });
});
