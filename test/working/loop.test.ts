import type { Appointment, Communication, Parameters, Slot, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, treatingOrganization } from '../harness/referral.ts';
import { call, code, codeOf, openActions, ref, text } from './calls.ts';

eachDatabase('a referral worked on by operations', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let stranger: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    stranger = await hub.party('stranger', { organization: treatingOrganization });
  });
  afterAll(() => hub.stop());

  const slot = async (start: string): Promise<Slot & { id: string }> => {
    const schedule = await center.create({
      resourceType: 'Schedule',
      actor: [{ reference: (await location()).reference }],
    });
    return center.create<Slot>({
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${schedule.id}` },
      status: 'free',
      start,
      end: start.replace('T15', 'T16'),
    });
  };
  const location = async () => {
    const made = await center.create({
      resourceType: 'Location',
      name: 'Main Street',
      managingOrganization: { reference: center.organization },
    });
    return { reference: `Location/${made.id}` };
  };
  const ok = (answer: Answer): Task => {
    expect(answer.status, answer.text).toBe(200);
    return answer.json as Task;
  };

  it('goes from a question to a kept visit and an outcome', async () => {
    const { task } = await refer(hospital, center.organization);
    expect(await openActions(hospital, task.id)).toEqual(['message', 'cancel', 'mark-error']);
    expect(await openActions(center, task.id)).toEqual(['accept', 'decline', 'ask', 'message', 'redirect']);

    const asked = ok(await call(center, task.id, 'ask', text('text', 'Is there a risk assessment?')));
    expect(codeOf(asked, 'next-step')).toEqual(['hospital', 'provide-information']);
    expect(await openActions(hospital, task.id)).toContain('answer');
    const answered = ok(await call(hospital, task.id, 'answer', text('text', 'Yes, attached.')));
    expect(codeOf(answered, 'next-step')).toEqual(['center', 'answer']);
    const thread = (await center.get(`/Communication?based-on=Task/${task.id}&_sort=sent`)).json.entry as {
      resource: Communication & { id: string };
    }[];
    const [question, answer] = thread.map(one => one.resource);
    expect(answer?.inResponseTo).toEqual([{ reference: `Communication/${question?.id}` }]);

    const first = await slot('2026-03-09T15:00:00Z');
    const accepted = ok(await call(center, task.id, 'accept', ref('slot', `Slot/${first.id}`)));
    expect([accepted.status, accepted.businessStatus?.coding?.[0]?.code]).toEqual(['in-progress', '5.1.1']);
    expect((await hospital.get(`/Slot/${first.id}`)).json.status).toBe('busy');
    expect(accepted.executionPeriod?.start).toBe('2026-03-09T15:00:00Z');

    const second = await slot('2026-03-10T15:00:00Z');
    ok(await call(center, task.id, 'schedule', ref('slot', `Slot/${second.id}`)));
    expect((await hospital.get(`/Slot/${first.id}`)).json.status).toBe('free');
    const visits = (await hospital.get(`/Appointment?supporting-info=Task/${task.id}`)).json.entry as {
      resource: Appointment;
    }[];
    expect(visits.map(one => [one.resource.status, one.resource.start])).toEqual([
      ['booked', '2026-03-10T15:00:00Z'],
    ]);
    expect((await stranger.get(`/Appointment?_summary=count`)).json.total).toBe(0);

    ok(await call(center, task.id, 'no-show'));
    const early = await call(
      center,
      task.id,
      'complete',
      code('closure', 'unable-to-contact'),
      code('received', 'no'),
    );
    expect([early.status, early.json.issue[0].details.text]).toEqual([
      422,
      '"unable-to-contact" needs 3 contact attempts, and 0 are recorded: record each with $contact-attempt.',
    ]);
    for (const outcome of ['no-answer', 'left-message', 'reached'])
      ok(await call(center, task.id, 'contact-attempt', code('medium', 'PHONE'), code('outcome', outcome)));
    const actions = (await center.get(`/Task/${task.id}/$available-actions`)).json as Parameters;
    expect(actions.parameter?.find(one => one.name === 'contact-attempts')?.valueInteger).toBe(3);
    ok(await call(center, task.id, 'schedule', { name: 'start', valueDateTime: '2026-03-11T15:00:00Z' }));
    ok(await call(center, task.id, 'keep'));
    const done = ok(
      await call(
        center,
        task.id,
        'complete',
        code('closure', 'engaged'),
        code('received', 'yes'),
        text('comment', 'Weekly visits have begun.'),
      ),
    );
    expect(done.status).toBe('completed');
    expect(done.output?.map(one => one.type.coding?.[0]?.code)).toEqual(['service-received', 'outcome']);
    const again = await call(
      center,
      task.id,
      'complete',
      code('closure', 'engaged'),
      code('received', 'yes'),
    );
    expect([again.status, again.json.meta.versionId]).toEqual([200, done.meta?.versionId]);
  });
});
