import type {
  Bundle,
  Condition,
  HealthcareService,
  Patient,
  PractitionerRole,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { communityOrganization, reference, treatingOrganization } from '../harness/referral.ts';
import {
  enrollment,
  output,
  polled,
  procedureFor,
  referralTask,
  serviceRequest,
  temporary,
  watched,
} from './gravity-traffic.ts';

const tasksIn = (answer: Answer): Task[] =>
  ((answer.json as Bundle).entry ?? []).map(one => one.resource as Task);

/** A client that keeps nothing of its own: what it reads it changes and sends back whole. */
async function put<R extends { resourceType: string; id?: string }>(
  party: Party,
  resource: R,
  change: Partial<R>,
) {
  const answer = await party.update({ ...resource, ...change } as never);
  expect(answer.status, answer.text).toBe(200);
  return answer.json as R;
}

eachDatabase('the reference clients of Gravity', database => {
  let hub: TestHub;
  let ehr: Party;
  let pantry: Party;
  let platform: Party;
  let role: PractitionerRole & { id: string };
  let patient: Patient & { id: string };
  let condition: Condition & { id: string };

  beforeAll(async () => {
    hub = await startTestHub(database);
    ehr = await hub.party('better-health', { organization: treatingOrganization });
    pantry = await hub.party('pantry', { organization: communityOrganization });
    platform = await hub.party('platform', { organization: communityOrganization });
    role = await ehr.create<PractitionerRole>({
      resourceType: 'PractitionerRole',
      organization: { reference: ehr.organization },
    });
    patient = await ehr.create<Patient>({
      resourceType: 'Patient',
      name: [{ family: 'Abbas', given: ['Colin'] }],
      gender: 'male',
      birthDate: '1987-02-20',
    });
    condition = await ehr.create<Condition>({
      resourceType: 'Condition',
      subject: reference(patient) as Condition['subject'],
      code: { text: 'Food insecurity' },
    });
    await pantry.create<HealthcareService>({
      resourceType: 'HealthcareService',
      active: true,
      providedBy: { reference: pantry.organization },
      name: 'Food pantry',
      type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '548' }] }],
    });
  });
  afterAll(() => hub.stop());

  /** The source's "create": first the request, then the Task. */
  async function send(
    owner: string,
    input?: string,
  ): Promise<{ request: ServiceRequest; task: Task & { id: string } }> {
    const reasonReference = [reference(condition)];
    const request = await ehr.create<ServiceRequest>(serviceRequest(patient.id, { reasonReference }));
    const task = await ehr.create<Task>(
      referralTask({
        request: request.id,
        patient: patient.id,
        role: role.id,
        owner,
        ...(input ? { input } : {}),
      }),
    );
    return { request, task };
  }

  async function poll(party: Party): Promise<Task[]> {
    const answer = await party.get(polled(party.organization));
    expect(answer.status, answer.text).toBe(200);
    return tasksIn(answer);
  }

  const read = async <R>(party: Party, path: string | undefined): Promise<R> => {
    const answer = await party.get(`/${path}`);
    expect(answer.status, `${path}: ${answer.text}`).toBe(200);
    return answer.json as R;
  };

  /** The recipient's "completed": Observation, Procedure, both as outputs of the Task it had read before. */
  async function complete(party: Party, task: Task): Promise<Task> {
    const request = await read<ServiceRequest>(party, task.focus?.reference);
    const observation = await party.create(enrollment(task, party.organization));
    const procedure = await party.create(procedureFor(request));
    return put(party, task, {
      status: 'completed',
      output: [
        output('resulting-activity', `Procedure/${procedure.id}`),
        output('additional-content', `Observation/${observation.id}`),
      ],
    });
  }

  it('direct, and direct light: the source asks, the recipient polls, works, and the outcome is at the source', async () => {
    const { task } = await send(pantry.organization, `Condition/${condition.id}`);
    const [found] = await poll(pantry);
    expect(found?.id).toBe(task.id);
    const request = await read<ServiceRequest>(pantry, found?.focus?.reference);
    await read(pantry, found?.for?.reference);
    await read(pantry, request.reasonReference?.[0]?.reference);
    await read(pantry, found?.input?.[0]?.valueReference?.reference);
    const accepted = await put(pantry, found as Task, { status: 'accepted' });
    const started = await put(pantry, accepted, { status: 'in-progress' });
    const completed = await complete(pantry, started);
    expect(completed.output?.[0]?.type.coding?.[0]).toMatchObject({
      system: temporary,
      code: 'resulting-activity',
    });

    const [seen] = tasksIn(await ehr.get(watched(patient.id, role.id)));
    expect(seen).toMatchObject({
      id: task.id,
      status: 'completed',
      meta: { profile: [expect.stringContaining('SDOHCC')] },
    });
    for (const one of seen?.output ?? []) await read(ehr, one.valueReference?.reference);
    await put(ehr, await read<ServiceRequest>(ehr, seen?.focus?.reference), { status: 'completed' });
  });

  it('a rejection says why in words alone', async () => {
    const { task } = await send(pantry.organization);
    const [found] = await poll(pantry);
    await put(pantry, found as Task, {
      status: 'rejected',
      statusReason: { text: 'No more boxes this month' },
    });
    const seen = await read<Task>(ehr, `Task/${task.id}`);
    expect(seen).toMatchObject({ status: 'rejected', statusReason: { text: 'No more boxes this month' } });
  });

  it.each([false, true])(
    'the source cancels: the Task, then the request (accepted before: %s)',
    async accepted => {
      const { task } = await send(pantry.organization);
      if (accepted) await put(pantry, (await poll(pantry))[0] as Task, { status: 'accepted' });
      await put(ehr, await read<Task>(ehr, `Task/${task.id}`), { status: 'cancelled' });
      await put(ehr, await read<ServiceRequest>(ehr, task.focus?.reference), { status: 'revoked' });
      const told = await read<Task>(pantry, `Task/${task.id}`);
      expect(told.status).toBe('cancelled');
    },
  );

  it('indirect, through the hub as coordination platform: the recipient finds its Task by the same search', async () => {
    const { task } = await send('Organization/hub');
    await hub.settle();
    const offer = (await poll(pantry)).find(one => one.partOf?.[0]?.reference === `Task/${task.id}`);
    expect(offer, 'the pantry is asked').toMatchObject({
      status: 'requested',
      requester: { reference: 'Organization/hub' },
    });
    const request = await read<ServiceRequest>(pantry, offer?.focus?.reference);
    expect(request).toMatchObject({
      intent: 'filler-order',
      meta: { profile: [expect.stringContaining('SDOHCC-ServiceRequest')] },
    });
    const accepted = await put(pantry, offer as Task, { status: 'accepted' });
    const started = await put(pantry, accepted, { status: 'in-progress' });
    const watching = async () =>
      tasksIn(await ehr.get(watched(patient.id, role.id))).find(one => one.id === task.id);
    expect((await watching())?.status).toBe('in-progress');
    await complete(pantry, started);
    const done = await watching();
    expect(done?.status).toBe('completed');
    expect(done?.output).toHaveLength(2);
    for (const one of done?.output ?? []) await read(ehr, one.valueReference?.reference);
  });

  it('indirect, through another coordination platform that keeps its referrals here', async () => {
    const { request, task } = await send(platform.organization);
    const [asked] = await poll(platform);
    const accepted = await put(platform, asked as Task, { status: 'accepted' });
    // It asks on with copies of what it has read, versions and all.
    const { id: _request, ...copied } = await read<ServiceRequest>(platform, `ServiceRequest/${request.id}`);
    const own = await platform.create<ServiceRequest>({
      ...copied,
      basedOn: [{ reference: `ServiceRequest/${request.id}` }],
      intent: 'original-order',
    });
    const { id: _task, ...taken } = accepted;
    const sub = await platform.create<Task>({
      ...(taken as Task),
      partOf: [{ reference: `Task/${task.id}` }],
      status: 'received',
      authoredOn: hub.clock.now().toISOString(),
      requester: { reference: platform.organization, display: 'ABC Coordination Platform' },
      owner: { reference: pantry.organization, display: 'Pantry' },
      focus: { reference: `ServiceRequest/${own.id}` },
    });
    expect(sub.status).toBe('requested');
    const found = (await poll(pantry)).find(one => one.id === sub.id);
    const working = await put(pantry, found as Task, { status: 'accepted' });
    const above = await put(platform, await read<Task>(platform, `Task/${task.id}`), {
      status: 'in-progress',
    });
    const done = await complete(pantry, working);
    // Its client sends the status alone: what came of it is what came of the Task below.
    await put(platform, above, { status: 'completed' });
    const seen = await read<Task>(ehr, `Task/${task.id}`);
    expect(seen).toMatchObject({ status: 'completed', output: done.output });
    expect(seen.output).toHaveLength(2);
    for (const one of seen.output ?? []) await read(ehr, one.valueReference?.reference);
  });

  it('what others ask under the same Task is no outcome of the platform’s', async () => {
    const { task } = await send(platform.organization);
    const accepted = await put(platform, await read<Task>(platform, `Task/${task.id}`), {
      status: 'accepted',
    });
    const other = await ehr.create<ServiceRequest>(serviceRequest(patient.id));
    const beside = await ehr.create<Task>({
      ...referralTask({ request: other.id, patient: patient.id, role: role.id, owner: pantry.organization }),
      partOf: [{ reference: `Task/${task.id}` }],
    });
    await complete(
      pantry,
      await put(pantry, await read<Task>(pantry, `Task/${beside.id}`), { status: 'accepted' }),
    );
    const answer = await platform.update({ ...accepted, status: 'completed' });
    expect(answer.status).toBe(422);
    expect(answer.json.issue[0].expression).toEqual(['Task.output']);
  });

  describe('what the guide has beside referrals', () => {
    it('takes a Task for the patient, which has no lifecycle of the hub’s', async () => {
      const task = await ehr.create<Task>({
        resourceType: 'Task',
        meta: {
          profile: ['http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForPatient'],
        },
        status: 'ready',
        intent: 'order',
        code: { coding: [{ system: temporary, code: 'make-contact', display: 'Make Contact' }] },
        for: reference(patient),
        requester: { reference: ehr.organization },
        owner: reference(patient) as NonNullable<Task['owner']>,
      });
      const done = await put(ehr, task as Task, {
        status: 'completed',
        output: [
          { type: { coding: [{ system: temporary, code: 'chosen-contact' }] }, valueString: 'pantry' },
        ],
      });
      expect(done.businessStatus).toBeUndefined();
    });
  });
});
