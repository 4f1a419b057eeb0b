import type { Bundle, HealthcareService, PractitionerRole, Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { system } from '../src/fhir/canonical.ts';
import { climbedOf } from '../src/referral/escalation/climbed.ts';
import { nextStepOf } from '../src/referral/lifecycle/next-step.ts';
import { serviceCapacity } from '../src/referral/routing/directory-entries.ts';
import { eachDatabase } from '../test/harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../test/harness/hub.ts';
import { refer, treatingOrganization } from '../test/harness/referral.ts';

const businessStatus = (code: string) => ({
  coding: [{ system: code.includes('.') ? system.bserStatus : system.referralStatus, code }],
});

eachDatabase('referrals that nobody moves', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
  });
  afterAll(() => hub.stop());

  /** Time passes, so many days at a time; tokens do not outlive it. */
  async function later(...steps: number[]): Promise<void> {
    for (const days of steps) {
      hub.clock.advance({ days });
      await hub.settle();
    }
    hospital = await hub.party(`hospital-${hub.clock.now().getTime()}`, { of: 'hospital' });
    center = await hub.party(`center-${hub.clock.now().getTime()}`, { of: 'center' });
  }

  /** The working week begins anew, so that days are business days. */
  async function monday(): Promise<void> {
    const day = hub.clock.now().getUTCDay();
    await later((8 - day) % 7 || 7);
  }

  async function accepted(): Promise<Task> {
    const { task } = await refer(hospital, center.organization);
    return answer(center, { ...task, status: 'accepted' });
  }

  async function answer(party: Party, task: Task): Promise<Task> {
    const { status, text, json } = await party.update(task);
    expect(status, text).toBe(200);
    return json as Task;
  }

  const current = async (task: Task) => (await hospital.get(`/Task/${task.id}`)).json as Task;
  const rungsOf = (task: Task) => climbedOf(task).map(({ rung }) => rung);
  const noticesOf = async () => found(await seen('Communication', 'status=preparation'));
  const found = <R extends Resource>({ entry = [] }: Bundle<R>): R[] =>
    entry.flatMap(({ resource }) => (resource ? [resource] : []));

  /** What the hub itself sees. */
  async function seen<R extends Resource>(type: R['resourceType'], query: string): Promise<Bundle<R>> {
    const { entries } = await hub.hub.repository(hub.hub.hubActor).search(type, new URLSearchParams(query));
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: entries.map(({ stored }) => ({ resource: stored.resource() as R })),
    };
  }

  it('are told of rung by rung, each once, until the sender decides and the operators know', async () => {
    await monday();
    const supervisor: PractitionerRole = {
      resourceType: 'PractitionerRole',
      active: true,
      organization: { reference: center.organization },
      code: [{ coding: [{ system: system.personRole, code: 'supervisor' }] }],
    };
    const { id } = await center.create(supervisor);
    const task = await accepted();
    await later(3);
    expect(rungsOf(await current(task))).toEqual(['reminder']);
    await later(1);
    expect(rungsOf(await current(task))).toEqual(['reminder', 'supervisor']);
    const notices = (await noticesOf()).map(one => JSON.stringify(one));
    expect(notices.filter(one => one.includes(`PractitionerRole/${id}`))).toHaveLength(1);
    await later(1, 3);
    const handed = await current(task);
    expect(nextStepOf(handed)).toMatchObject({ turn: 'hospital', action: 'decide' });
    expect(handed.status).toBe('accepted');
    await later(4, 4, 4);
    expect(rungsOf(await current(task))).toEqual([
      'reminder',
      'supervisor',
      'source',
      'reminder',
      'supervisor',
      'network',
    ]);
    const told = found(await seen<Task>('Task', `code=overdue&focus=Task/${task.id}`));
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('Rivera');
    const version = (await current(task)).meta?.versionId;
    await later(3);
    expect((await current(task)).meta?.versionId).toBe(version);
  });

  it('go back to who is at work when it moves, or when the sender says that it waits', async () => {
    await monday();
    const task = await accepted();
    await later(7, 3);
    const handed = await current(task);
    expect(nextStepOf(handed)?.action).toBe('decide');
    const waiting = await answer(hospital, {
      ...handed,
      note: [...(handed.note ?? []), { text: 'We wait.' }],
    });
    expect(nextStepOf(waiting)).toMatchObject({ turn: 'center', action: 'schedule' });
    expect(rungsOf(waiting)).toEqual([]);
    await later(7, 3);
    const moved = await answer(center, {
      ...(await current(task)),
      status: 'in-progress',
      businessStatus: businessStatus('5.1.1'),
      executionPeriod: { start: '2026-06-01T15:00:00Z' },
    });
    expect(nextStepOf(moved)).toMatchObject({ turn: 'center', action: 'record-visit' });
    expect(rungsOf(moved)).toEqual([]);
  });

  it('ask a question, whose answer the hub does not wait for without an end; the clock of the answer goes on', async () => {
    await monday();
    const { task } = await refer(hospital, center.organization);
    hub.clock.advance({ hours: 20 });
    const asked = await answer(center, { ...task, businessStatus: businessStatus('info-requested') });
    expect(nextStepOf(asked)).toMatchObject({
      turn: 'hospital',
      action: 'provide-information',
      waiting: 'answer',
    });
    await later(1);
    expect(rungsOf(await current(task))).toEqual(['reminder']);
    await later(1, 1, 1, 3);
    const back = await current(task);
    expect(back.status).not.toBe('requested');
    expect((back.note ?? []).map(({ text }) => text).join()).toMatch(/decides with what is there/);
  });

  it('rest on a list, from which the first is named when there is an opening', async () => {
    await monday();
    const service: HealthcareService = {
      resourceType: 'HealthcareService',
      active: true,
      providedBy: { reference: center.organization },
      extension: [serviceCapacity({ status: 'waitlist', confirmed: '2026-03-01' })],
    };
    const stored = await center.create(service);
    const hold = async (task: Task) =>
      answer(center, {
        ...task,
        status: 'on-hold',
        statusReason: { coding: [{ system: system.declineReason, code: 'no-capacity' }] },
      });
    const first = await hold(await accepted());
    hub.clock.advance({ minutes: 1 });
    const second = await hold(await accepted());
    await later(1);
    expect(rungsOf(await current(first))).toEqual([]);
    const open = { ...stored, extension: [serviceCapacity({ status: 'capacity', confirmed: '2026-04-01' })] };
    expect((await center.update(open)).status).toBe(200);
    await later(1);
    expect(rungsOf(await current(first))).toEqual(['opening']);
    expect(rungsOf(await current(second))).toEqual([]);
    const resumed = await answer(center, { ...(await current(first)), status: 'in-progress' });
    expect(nextStepOf(resumed)).toMatchObject({ action: 'schedule', since: nextStepOf(first)?.since });
    await later(1);
    expect(rungsOf(await current(second))).toEqual(['opening']);
    await later(14, 4);
    expect(nextStepOf(await current(second))).toMatchObject({ turn: 'hospital', action: 'decide' });
  });

  it('have people looked for who missed a visit, then ask the sender', async () => {
    await monday();
    const visit = { executionPeriod: { start: hub.clock.now().toISOString() } };
    const scheduled = await answer(center, {
      ...(await accepted()),
      ...visit,
      status: 'in-progress',
      businessStatus: businessStatus('5.1.1'),
    });
    const missed = await answer(center, { ...scheduled, businessStatus: businessStatus('5.1.2') });
    await later(1, 3);
    const outreach = (await center.get(`/Task?code=outreach&focus=Task/${missed.id}`)).json as Bundle<Task>;
    expect(found(outreach)).toHaveLength(1);
    expect(found(outreach)[0]).toMatchObject({
      owner: { reference: center.organization },
      status: 'requested',
    });
    await later(7, 5);
    expect(nextStepOf(await current(missed))).toMatchObject({ turn: 'hospital', action: 'decide' });
  });

  it('and no bot has failed', async () => {
    const parked = found(await seen<Task>('Task', 'code=investigate'));
    expect(parked.map(({ description }) => description)).toEqual([]);
  });
});
