import type { Appointment, Bundle, Encounter, HealthcareService, Patient, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { standingOf } from '../src/care/follow-up/assess.ts';
import { typeOf } from '../src/care/follow-up/facts.ts';
import { onSqlite } from '../test/harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../test/harness/hub.ts';
import { refer, reference, treatingOrganization } from '../test/harness/referral.ts';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const service = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code }],
});
const planned = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate';

onSqlite('somebody leaves a psychiatric stay', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    const timezone = {
      url: 'http://hl7.org/fhir/StructureDefinition/timezone',
      valueCode: 'America/Chicago',
    };
    hospital = await hub.party('hospital', {
      organization: { ...treatingOrganization, extension: [timezone] },
    });
    center = await hub.party('center', { organization: treatingOrganization });
  });
  afterAll(() => hub.stop());

  type Person = Patient & { id: string };
  const person = () => hospital.create<Patient>({ resourceType: 'Patient', name: [{ family: 'Rivera' }] });

  const stay = (of: Person, more: Partial<Encounter> = {}) =>
    hospital.create<Encounter>({
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: actCode, code: 'IMP' },
      serviceType: service('138'),
      subject: reference(of),
      period: { start: '2026-02-20T15:00:00Z', end: hub.clock.now().toISOString() },
      serviceProvider: { reference: hospital.organization },
      ...more,
    });

  const visit = (of: Person, more: Partial<Appointment>): Appointment => ({
    resourceType: 'Appointment',
    status: 'booked',
    serviceType: [service('141')],
    participant: [{ actor: reference(of), status: 'accepted' }],
    ...more,
    ...(more.start ? { end: more.start } : {}),
  });

  /** When it is so many days later; tokens do not outlive it. */
  async function later(days: number): Promise<void> {
    hub.clock.advance({ days });
    await hub.settle();
    hospital = await hub.party(`hospital-${hub.clock.now().getTime()}`, { of: 'hospital' });
    center = await hub.party(`center-${hub.clock.now().getTime()}`, { of: 'center' });
  }
  const ahead = (days: number) => new Date(hub.clock.now().getTime() + days * 86_400_000).toISOString();

  async function followUps(of: Person, party = hospital): Promise<Task[]> {
    const query = `/Task?code=follow-up-after-discharge&patient=Patient/${of.id}`;
    const { entry = [] } = (await party.get(query)).json as Bundle<Task>;
    return entry.flatMap(({ resource }) => (resource ? [resource] : []));
  }
  const facts = ({ output = [] }: Task) => output.map(({ type }) => type.coding?.[0]?.code);
  const prompts = (task: Task | undefined) =>
    task ? facts(task).filter(one => one === 'attempt-due').length : -1;

  it('without an appointment: attempts from the first day on, told of once a day, until the windows are over', async () => {
    const who = await person();
    const { id } = await stay(who);
    await hub.settle();
    const [task] = await followUps(who);
    expect(task).toMatchObject({
      owner: { reference: 'Organization/hospital' },
      focus: { reference: `Encounter/${id}` },
    });
    expect(prompts(task)).toBe(1);
    await hub.settle();
    expect(prompts((await followUps(who))[0])).toBe(1);
    await later(1);
    const [second] = await followUps(who);
    expect(prompts(second)).toBe(2);
    const attempt = { type: typeOf('contact-attempt'), valueDateTime: hub.clock.now().toISOString() };
    const recorded = await hospital.update({
      ...(second as Task),
      output: [...(second?.output ?? []), attempt],
    });
    expect(recorded.status, recorded.text).toBe(200);
    hub.clock.advance({ hours: 12 });
    await hub.settle();
    expect(prompts((await followUps(who))[0])).toBe(2);
    await later(7);
    const [week] = await followUps(who);
    expect(week?.output?.map(({ id: key }) => key)).toContain('window-7-day');
    await later(23);
    await hub.settle();
    const [over] = await followUps(who);
    expect(over).toMatchObject({ status: 'failed' });
    expect(await followUps(who, center)).toEqual([]);
  });

  it('with an appointment in time nobody has to be reached, until it is missed; a qualifying visit ends it', async () => {
    const who = await person();
    const clinic = await hospital.create<HealthcareService>({
      resourceType: 'HealthcareService',
      providedBy: { reference: 'Organization/hospital' },
    });
    const participant = [
      { actor: reference(who), status: 'accepted' as const },
      { actor: reference(clinic), status: 'accepted' as const },
    ];
    const booked = await hospital.create(visit(who, { start: ahead(3), participant }));
    await stay(who);
    await hub.settle();
    const [waits] = await followUps(who);
    expect(waits && facts(waits)).toEqual(['booked-visit']);
    await later(3);
    expect((await hospital.update({ ...booked, status: 'noshow' })).status).toBe(200);
    hub.clock.advance({ minutes: 15 });
    await hub.settle();
    expect(prompts((await followUps(who))[0])).toBe(1);
    const meeting = {
      ...visit(who, { start: ahead(0), status: 'fulfilled' }),
      serviceType: [service('136')],
    };
    await hospital.create(meeting);
    const [shown] = await followUps(who);
    expect(shown?.status).toBe('requested');
    expect(shown && facts(shown)).toContain('case-manager-contact');
    await hospital.create(visit(who, { start: ahead(1), status: 'fulfilled' }));
    expect((await followUps(who))[0]).toMatchObject({
      status: 'completed',
      businessStatus: { text: 'Followed up: 7-day, 30-day' },
    });
  });

  it('to a center that has accepted the referral: its visit counts; without a referral nothing is told', async () => {
    const who = await person();
    await stay(who);
    const fulfilled = visit(who, { start: ahead(5), status: 'fulfilled' });
    const { task } = await refer(hospital, center.organization, { of: who });
    expect((await center.update({ ...task, status: 'accepted' })).status).toBe(200);
    const secret = { security: [{ system: actCode, code: 'SUD' }] };
    await center.create({ ...fulfilled, meta: secret });
    expect((await followUps(who))[0]?.status).toBe('requested');
    await center.create(fulfilled);
    expect((await followUps(who))[0]?.status).toBe('completed');
  });

  it('and comes back, or dies: the follow-up ends; a stay for something else has none', async () => {
    const [back, dead, other] = [await person(), await person(), await person()];
    for (const one of [back, dead]) await stay(one);
    const start = { period: { start: ahead(2) } };
    await stay(back, { ...start, status: 'in-progress' });
    expect((await followUps(back))[0]).toMatchObject({
      status: 'cancelled',
      statusReason: { coding: [{ code: 'hospitalized' }] },
    });
    expect((await hospital.update({ ...dead, deceasedBoolean: true })).status).toBe(200);
    expect((await followUps(dead))[0]?.statusReason?.coding?.[0]?.code).toBe('deceased');
    await stay(other, { serviceType: service('117') });
    expect(await followUps(other)).toEqual([]);
  });

  it('soon, and nothing is booked: that is told before', async () => {
    const who = await person();
    const extension = [{ url: planned, valueDateTime: ahead(10) }];
    await stay(who, { status: 'in-progress', period: { start: ahead(-2) }, extension });
    await hub.settle();
    const told = async () => (await followUps(who)).flatMap(facts);
    expect(await told()).toEqual([]);
    await later(4);
    await hub.settle();
    expect(await told()).toEqual(['not-booked']);
  });
});

// A discharge on 1 March, in the evening at the facility; the days are the facility's.
it.each([
  ['2026-03-01T23:00:00-06:00', []],
  ['2026-03-02T00:10:00-06:00', ['7-day', '30-day']],
  ['2026-03-08T23:50:00-05:00', ['7-day', '30-day']],
  ['2026-03-09T00:10:00-05:00', ['30-day']],
  ['2026-03-31T23:50:00-05:00', ['30-day']],
  ['2026-04-01T00:10:00-05:00', []],
])('a qualifying visit at %s meets %j', (at, met) => {
  const task = {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    input: [{ type: typeOf('discharge'), valueDateTime: '2026-03-01T20:00:00-06:00' }],
    output: [{ type: typeOf('qualifying-visit'), valueDateTime: at }],
  } as Task;
  expect(standingOf(task, 'America/Chicago', new Date('2026-04-02T12:00:00Z'))?.met).toEqual(met);
});
