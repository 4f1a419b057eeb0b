import type { Bundle, Location, Parameters, Schedule, ServiceRequest, Slot, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { communityOrganization, refer, treatingOrganization } from '../harness/referral.ts';
import { call, code, codeOf, openActions, ref, text } from './calls.ts';

/** The same, as something new. */
function fresh<R extends ServiceRequest | Task>(resource: R): R {
  const { id: _id, meta: _meta, extension: _extension, ...rest } = resource;
  return rest as R;
}

onSqlite('a referral with several organizations', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let clinic: Party;
  let shelter: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    clinic = await hub.party('clinic', { organization: treatingOrganization });
    shelter = await hub.party('shelter', { organization: communityOrganization });
  });
  afterAll(() => hub.stop());

  const tasks = async (party: Party, query: string): Promise<(Task & { id: string })[]> =>
    (((await party.get(`/Task?${query}`)).json as Bundle).entry ?? []).map(
      one => one.resource as Task & { id: string },
    );
  const read = async (party: Party, id: string): Promise<Task> =>
    (await party.get(`/Task/${id}`)).json as Task;

  it('redirected: the sender finds a draft, and nobody else learns of the person before it is sent', async () => {
    const { task, request } = await refer(hospital, center.organization);
    const answer = await call(center, task.id, 'redirect', ref('to', clinic.organization));
    expect([answer.status, answer.json.status, answer.json.statusReason.coding[0].code]).toEqual([
      200,
      'rejected',
      'redirected',
    ]);
    const again = await call(center, task.id, 'redirect', ref('to', clinic.organization));
    expect([again.status, again.json.meta.versionId]).toEqual([200, answer.json.meta.versionId]);
    const [draft, ...more] = await tasks(hospital, `focus=ServiceRequest/${request.id}&status=draft`);
    expect(more).toEqual([]);
    expect(draft?.owner?.reference).toBe(clinic.organization);
    expect(codeOf(draft as Task, 'next-step')).toEqual(['hospital', 'send']);
    // One turn: the Task that has ended does not ask the sender to choose again.
    expect(codeOf(await read(hospital, task.id), 'next-step')).toEqual([undefined, undefined]);
    expect(await tasks(clinic, 'status=draft,requested')).toEqual([]);
    expect((await clinic.get(`/ServiceRequest/${request.id}`)).status).toBe(404);
    expect((await call(hospital, draft?.id ?? '', 'send')).status).toBe(200);
    expect(codeOf(await read(clinic, draft?.id ?? ''), 'next-step')).toEqual(['clinic', 'answer']);
  });

  it('given back and redirected after acceptance, by a plain PUT, is the same', async () => {
    const { task, request } = await refer(hospital, center.organization);
    const accepted = (await call(center, task.id, 'accept')).json as Task & { id: string };
    const output = [
      {
        type: {
          coding: [
            { system: 'https://warmhandoff.example/fhir/CodeSystem/referral-output', code: 'redirected-to' },
          ],
        },
        valueReference: { reference: clinic.organization },
      },
    ];
    const put = await center.update({ ...accepted, status: 'cancelled', output } as Task & { id: string });
    expect(put.status, put.text).toBe(200);
    const [draft] = await tasks(hospital, `focus=ServiceRequest/${request.id}&status=draft`);
    expect(draft?.owner?.reference).toBe(clinic.organization);
  });

  it('transferred: an own request of who has accepted, which the sender sees to its outcome', async () => {
    const { task, patient } = await refer(hospital, center.organization);
    await call(center, task.id, 'accept');
    const answer = await call(center, task.id, 'transfer', ref('to', clinic.organization));
    expect(answer.status, answer.text).toBe(200);
    const [onward] = await tasks(hospital, `part-of=Task/${task.id}`);
    const id = onward?.id ?? '';
    expect([onward?.requester?.reference, onward?.owner?.reference]).toEqual([
      center.organization,
      clinic.organization,
    ]);
    const request = (await hospital.get(`/${onward?.focus?.reference}`)).json as ServiceRequest;
    expect(request.basedOn).toEqual([{ reference: task.focus?.reference }]);
    expect((await call(clinic, id, 'accept')).status).toBe(200);
    expect((await clinic.get(`/Patient/${patient.id}`)).status).toBe(200);
    await call(clinic, id, 'complete', code('closure', 'enrolled'), code('received', 'yes'));
    expect((await read(hospital, id)).status).toBe('completed');
    expect(codeOf(await read(center, task.id), 'next-step')[0]).toBe('center');
    expect((await shelter.get(`/Task/${id}`)).status).toBe(404);
  });

  it('through the hub: a question reaches the sender, its answer the receiver, and nobody beside', async () => {
    const organization = `Organization/${hub.hub.parts.hubOrganization}`;
    const { task: root, request, patient } = await refer(hospital, organization);
    const itself = hub.hub.repository(hub.hub.hubActor);
    const stored = (await itself.read('Task', root.id)).resource() as Task;
    await itself.write([
      { kind: 'update', type: 'Task', id: root.id, resource: { ...stored, status: 'accepted' } },
    ]);
    const filler = await itself.write([
      {
        kind: 'create',
        resource: {
          ...fresh(request),
          intent: 'filler-order',
          requester: { reference: organization },
          basedOn: [{ reference: `ServiceRequest/${request.id}` }],
        },
      },
    ]);
    const offers = await itself.write(
      [center, shelter].map(({ organization: owner }) => ({
        kind: 'create' as const,
        resource: {
          ...fresh(root),
          status: 'requested' as const,
          partOf: [{ reference: `Task/${root.id}` }],
          focus: { reference: `ServiceRequest/${filler[0]?.stored?.id}` },
          for: { reference: `Patient/${patient.id}` },
          requester: { reference: organization },
          owner: { reference: owner },
        },
      })),
    );
    const [child = '', other = ''] = offers.map(one => one.stored?.id ?? '');
    const asked = await call(center, child, 'ask', text('text', 'Which medication?'));
    expect(asked.status, asked.text).toBe(200);
    expect(codeOf(asked.json as Task, 'next-step')).toEqual(['hospital', 'provide-information']);
    expect(await openActions(hospital, root.id)).toContain('answer');
    const question = (await hospital.get(`/Communication?based-on=Task/${child}`)).json as Bundle;
    expect(question.entry?.length).toBe(1);
    const answered = await call(hospital, root.id, 'answer', text('text', 'Sertraline.'));
    expect(answered.status, answered.text).toBe(200);
    expect(codeOf(await read(center, child), 'next-step')).toEqual(['center', 'answer']);
    const thread = (await center.get(`/Communication?based-on=Task/${child}`)).json as Bundle;
    expect(thread.entry?.length).toBe(2);
    const beside = (await shelter.get(`/Communication?based-on=Task/${child},Task/${other}`)).json as Bundle;
    expect(beside.entry ?? []).toEqual([]);
  });

  it('a Slot has one winner of twenty', async () => {
    const location = await center.create<Location>({
      resourceType: 'Location',
      name: 'Main Street',
      managingOrganization: { reference: center.organization },
    });
    const schedule = await center.create<Schedule>({
      resourceType: 'Schedule',
      actor: [{ reference: `Location/${location.id}` }],
    });
    const slot = await center.create<Slot>({
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${schedule.id}` },
      status: 'free',
      start: '2026-03-09T15:00:00Z',
      end: '2026-03-09T16:00:00Z',
    });
    const referrals = await Promise.all(
      Array.from({ length: 20 }, () => refer(hospital, center.organization)),
    );
    await Promise.all(referrals.slice(10).map(({ task }) => call(center, task.id, 'accept')));
    const answers = await Promise.all(
      referrals.map(({ task }, index) =>
        call(center, task.id, index < 10 ? 'accept' : 'schedule', ref('slot', `Slot/${slot.id}`)),
      ),
    );
    const won = answers.filter(one => one.status === 200);
    expect(won.length, answers.map(one => one.text).join('\n')).toBe(1);
    for (const lost of answers.filter(one => one.status !== 200)) {
      expect([lost.status, lost.json.issue[0].details.text]).toEqual([
        409,
        expect.stringMatching(/^(Slot\/\S+ is busy: choose a Slot that is free\.|Others keep changing)/),
      ]);
    }
    const booked = (await center.get(`/Appointment?slot=Slot/${slot.id}`)).json as Bundle;
    expect(booked.entry?.length).toBe(1);
    const stands = await tasks(center, 'business-status=5.1.1&owner=Organization/center');
    expect(stands.map(one => one.id)).toEqual(won.map(one => one.json.id));
  });

  it('a waiting list has an order, counted at each call', async () => {
    const place = async (id: string) => {
      const { parameter } = (await shelter.get(`/Task/${id}/$available-actions`)).json as Parameters;
      return ['waitlist-position', 'waitlist-length'].map(
        name => parameter?.find(one => one.name === name)?.valuePositiveInt,
      );
    };
    const ids: string[] = [];
    for (const priority of ['routine', 'routine', 'urgent'] as const) {
      hub.clock.advance({ minutes: 5 });
      const { task } = await refer(hospital, shelter.organization, { task: { priority } });
      await call(shelter, task.id, 'accept');
      await call(shelter, task.id, 'hold', code('reason', 'waitlist'));
      ids.push(task.id);
    }
    const [first = '', second = '', urgent = ''] = ids;
    expect([await place(first), await place(second), await place(urgent)]).toEqual([
      [2, 3],
      [3, 3],
      [1, 3],
    ]);
    await call(shelter, urgent, 'resume');
    expect([await place(first), await place(second), await place(urgent)]).toEqual([
      [1, 2],
      [2, 2],
      [undefined, undefined],
    ]);
  });
});
