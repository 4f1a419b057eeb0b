import type { Appointment, Bundle, Slot, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { system } from '../../src/fhir/canonical.ts';
import { concept, serviceType } from '../../src/referral/routing/codes.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, treatingOrganization } from '../harness/referral.ts';
import { call, code, ref, text } from './calls.ts';

onSqlite('a visit that is booked', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let schedule: string;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    const providedBy = { reference: center.organization };
    const type = [serviceType('136', 'Case management')];
    const resource = { resourceType: 'HealthcareService', active: true, providedBy, type } as const;
    const service = await center.create(resource);
    const actor = [{ reference: `HealthcareService/${service.id}` }];
    schedule = `Schedule/${(await center.create({ resourceType: 'Schedule', actor })).id}`;
  });
  afterAll(() => hub.stop());

  /** A Task of the center's with a visit in a Slot. */
  async function booked(owner = center.organization, start = '2026-03-09T15:00:00Z') {
    const slot = await center.create<Slot>({
      resourceType: 'Slot',
      schedule: { reference: schedule },
      status: 'free',
      start,
      end: start.replace('T15', 'T16'),
    });
    const { task } = await refer(hospital, owner);
    await hub.settle();
    const found = (await center.get(`/Task?owner=${center.organization}&status=requested&_sort=-authored-on`))
      .json as Bundle<Task>;
    const own = found.entry?.[0]?.resource?.id ?? '';
    const answer = await call(center, own, 'accept', ref('slot', `Slot/${slot.id}`));
    expect(answer.status, answer.text).toBe(200);
    await hub.settle();
    return { sent: task.id, own, slot: slot.id };
  }

  async function standing({ own, slot }: { own: string; slot: string }) {
    const visits = (await center.get(`/Appointment?supporting-info=Task/${own}`)).json as Bundle<Appointment>;
    const { status } = (await center.get(`/Slot/${slot}`)).json as Slot;
    return [...(visits.entry ?? []).map(one => one.resource?.status), status];
  }

  const current = async (party: Party, id: string) => (await party.get(`/Task/${id}`)).json as Task;
  const put = async (party: Party, id: string, change: Partial<Task>) => {
    const { status, text } = await party.update({ ...(await current(party, id)), ...change });
    expect(status, text).toBe(200);
  };
  const atOnce = { name: 'at-once', valueBoolean: true };
  const step = (value: string) => concept(system.bserStatus, value, value);

  it.each<[string, (of: { sent: string; own: string }) => Promise<unknown>]>([
    [
      'the sender cancels at once',
      ({ sent }) => call(hospital, sent, 'cancel', text('comment', 'Moved'), atOnce),
    ],
    ['the sender cancels by a plain PUT', ({ sent }) => put(hospital, sent, { status: 'cancelled' })],
    ['the center gives it back', ({ own }) => call(center, own, 'withdraw', code('reason', 'no-capacity'))],
    [
      'the center says by a plain PUT that it failed',
      ({ own }) => put(center, own, { status: 'failed', statusReason: { text: 'No answer' } }),
    ],
    ['the center calls the visit off', ({ own }) => call(center, own, 'cancel-appointment')],
    [
      'the center calls the visit off by a plain PUT',
      ({ own }) => put(center, own, { businessStatus: step('5.1.3') }),
    ],
    [
      'the center advises another',
      ({ own }) => call(center, own, 'redirect', ref('to', hospital.organization)),
    ],
  ])('is cancelled and its Slot free again when %s', async (_name, act) => {
    const visit = await booked();
    expect(await standing(visit)).toEqual(['booked', 'busy']);
    await act(visit);
    expect(await standing(visit)).toEqual(['cancelled', 'free']);
  });

  it('is cancelled through the hub, where the sender cancels what it has sent to the hub', async () => {
    const visit = await booked(`Organization/${hub.hub.parts.hubOrganization}`);
    expect(visit.own).not.toBe(visit.sent);
    await put(hospital, visit.sent, { status: 'cancelled' });
    expect(await standing(visit)).toEqual(['cancelled', 'free']);
  });

  it('stays while the center has not confirmed, and goes when it does', async () => {
    const visit = await booked();
    await call(hospital, visit.sent, 'cancel', text('comment', 'Moved'));
    expect(await standing(visit)).toEqual(['booked', 'busy']);
    await put(center, visit.own, { status: 'cancelled', businessStatus: step('6.0') });
    expect(await standing(visit)).toEqual(['cancelled', 'free']);
  });

  it('whose time has come stays as it is: the hub does not know whether somebody was there', async () => {
    const visit = await booked(center.organization, '2026-03-02T15:00:00Z');
    hub.clock.advance({ hours: 8 });
    await call(hospital, visit.sent, 'cancel', text('comment', 'Moved'), atOnce);
    expect(await standing(visit)).toEqual(['booked', 'busy']);
  });
});
