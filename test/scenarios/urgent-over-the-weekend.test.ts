import type { PractitionerRole, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { system } from '../../src/fhir/canonical.ts';
import { timeZoneExtension } from '../../src/network.ts';
import { nextStepOf } from '../../src/referral/lifecycle/next-step.ts';
import { onSqlite } from '../harness/databases.ts';
import type { Referral } from '../harness/referral.ts';
import { type RoutedWorld, startRoutedWorld } from '../harness/routed-world.ts';
import { rungsOf } from '../harness/two-parties.ts';

onSqlite('a referral of a Friday evening', database => {
  let world: RoutedWorld;
  let urgent: Referral;
  let asap: Referral;

  const offer = async (referral: Referral, at = 0) => (await world.offersOf(referral))[at] as Task;
  const reminders = ({ note = [] }: Task) => note.filter(({ text }) => text?.startsWith('Reminder'));
  const ends = (task: Task) => [nextStepOf(task)?.due, task.restriction?.period?.end];
  const until = async (at: string) => {
    await world.later({ hours: (Date.parse(at) - world.hub.clock.now().getTime()) / 3_600_000 });
    await world.hub.settle();
  };

  beforeAll(async () => {
    world = await startRoutedWorld(database);
    await world.near.create<PractitionerRole>({
      resourceType: 'PractitionerRole',
      active: true,
      organization: { reference: world.near.organization },
      code: [{ coding: [{ system: system.personRole, code: 'supervisor' }] }],
    });
    const far = (await world.far.get(`/${world.far.organization}`)).json;
    const moved = await world.far.update({ ...far, extension: [timeZoneExtension('Pacific/Honolulu')] });
    expect(moved.status, moved.text).toBe(200);
    // As those centers close that do not live in Honolulu.
    await until('2026-03-06T23:00:00Z');
    urgent = await world.send({ priority: 'urgent' });
    asap = await world.send({ priority: 'asap' });
    await world.hub.settle();
  });
  afterAll(() => world.hub.stop());

  it('stands until Monday noon where it is urgent, though the clocks change meanwhile', async () => {
    expect(ends(await offer(urgent))).toEqual(Array(2).fill('2026-03-09T17:00:00.000Z'));
    await until('2026-03-08T20:00:00Z');
    const waiting = await offer(urgent);
    expect([waiting.status, reminders(waiting), rungsOf(waiting)]).toEqual(['requested', [], []]);
  });

  it('does not wait for Monday where somebody is on call for it', async () => {
    const [first, second] = [await offer(asap), await offer(asap, 1)];
    expect(first.restriction?.period?.end).toBe('2026-03-07T00:00:00.000Z');
    expect([first.status, second.owner?.reference]).toEqual(['cancelled', world.far.organization]);
  });

  it('reminds at half of the hours at work, and tells supervisors at three quarters', async () => {
    await until('2026-03-09T14:59:00Z');
    expect(reminders(await offer(urgent))).toHaveLength(0);
    await until('2026-03-09T15:00:00Z');
    expect(reminders(await offer(urgent))).toHaveLength(1);
    await until('2026-03-09T15:59:00Z');
    expect(rungsOf(await offer(urgent))).toEqual([]);
    await until('2026-03-09T16:00:00Z');
    expect(rungsOf(await offer(urgent))).toEqual(['supervisor']);
  });

  it('goes to the next at noon, whose hours are those of its own time zone', async () => {
    await until('2026-03-09T17:00:00Z');
    expect((await offer(urgent)).status).toBe('cancelled');
    const next = await offer(urgent, 1);
    expect(next.owner?.reference).toBe(world.far.organization);
    // It is seven in the morning there: four hours from eight on.
    expect(ends(next)).toEqual(Array(2).fill('2026-03-09T22:00:00.000Z'));
  });
});
