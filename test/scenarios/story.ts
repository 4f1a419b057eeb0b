import type {
  Bundle,
  CarePlan,
  CareTeam,
  EpisodeOfCare,
  Patient,
  Procedure,
  Resource,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import { expect } from 'vitest';
import { fulfill, reference } from '../harness/referral.ts';

const serviceType = 'http://terminology.hl7.org/CodeSystem/service-type';
const bser = 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS';

/** One organization's EHR, as a plain FHIR client. */
export interface Ehr {
  organization: string;
  client: Client;
}

export const ehr = (url: string, organization: string, token: string): Ehr => ({
  organization,
  client: new Client({ baseUrl: `${url}/fhir`, customHeaders: { Authorization: `Bearer ${token}` } }),
});

export interface Cast {
  hospital: Ehr;
  /** Two centers that could take the person; which one is asked first is the ranking's to say. */
  centers: readonly [Ehr, Ehr];
  patient: Patient;
  /** Lets the bots do what is to be done. */
  settle(): Promise<void>;
  /** Called between the steps: a hub may be killed and started again here. */
  between(step: string): Promise<void>;
}

/** A service of the center, open to anyone, with the day its capacity was confirmed. */
export async function offerService(center: Ehr, name: string): Promise<void> {
  await make(center, {
    resourceType: 'HealthcareService',
    active: true,
    name,
    providedBy: { reference: center.organization },
    type: [{ coding: [{ system: serviceType, code: '136' }] }],
  });
}

/** The whole loop of an indirect referral, every step by plain FHIR calls, each seen by the hospital in its own Task. */
export async function playLoop(cast: Cast): Promise<void> {
  const { hospital, centers, patient } = cast;
  const { request, task } = await sendReferral(hospital, patient);
  await cast.between('sent');
  await cast.settle();

  const { center: first, offer } = await offerTo(centers, patient, cast);
  const others = centers.filter(center => center !== first);
  await cast.between('offered');
  await change(first, offer, {
    status: 'rejected',
    statusReason: {
      text: 'No opening before April',
      coding: [{ system: 'https://warmhandoff.example/fhir/CodeSystem/decline-reason', code: 'no-capacity' }],
    },
  });
  await cast.between('declined');
  await cast.settle();
  await seen(hospital, task, { status: 'accepted', note: /declined/i });

  const { center: second, offer: next } = await offerTo(others, patient, cast);
  let work = await change(second, next, { status: 'accepted' });
  await cast.between('accepted');
  await seen(hospital, task, { status: 'in-progress', step: '3.0', note: /accepted/i });
  await caseStarted(second, hospital, patient);

  for (const [step, note] of [
    ['5.1.1', /scheduled/i],
    ['5.1.2', /missed/i],
    ['5.1.1', /scheduled/i],
    ['5.1.4', /kept/i],
  ] as const) {
    work = await change(second, work, {
      status: 'in-progress',
      businessStatus: { coding: [{ system: bser, code: step }] },
    });
    await cast.between(step);
    await seen(hospital, task, { status: 'in-progress', step, note });
  }

  const procedure = await make<Procedure>(second, {
    resourceType: 'Procedure',
    status: 'completed',
    subject: reference(patient),
    code: { text: 'Case management intake' },
    performedDateTime: '2026-03-10',
  });
  await cast.between('output made');
  await change(second, work, {
    status: 'completed',
    output: [{ type: { text: 'resulting activity' }, valueReference: reference(procedure) }],
  });
  await cast.between('completed');
  const done = await seen(hospital, task, { status: 'completed', step: '7.0', note: /completed/i });
  const outputs = (done.output ?? []).map(output => output.valueReference?.reference);
  expect(outputs).toContain(`Procedure/${procedure.id}`);
  const read = await hospital.client.read({ resourceType: 'Procedure', id: procedure.id as string });
  expect(read).toMatchObject({ resourceType: 'Procedure', status: 'completed' });

  const latest = (await hospital.client.read({
    resourceType: 'ServiceRequest',
    id: request.id as string,
  })) as unknown as ServiceRequest;
  const closed = (await hospital.client.update({
    resourceType: 'ServiceRequest',
    id: request.id as string,
    body: { ...latest, status: 'completed' } as never,
  })) as unknown as ServiceRequest;
  expect(closed.status).toBe('completed');
}

async function sendReferral(
  hospital: Ehr,
  patient: Patient,
): Promise<{ request: ServiceRequest; task: Task }> {
  const request = await make<ServiceRequest>(hospital, {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    priority: 'routine',
    code: { coding: [{ system: serviceType, code: '136', display: 'Mental Health Case Management' }] },
    subject: reference(patient),
    requester: { reference: hospital.organization },
    authoredOn: '2026-03-02T09:00:00Z',
  });
  const task = await make<Task>(hospital, {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: fulfill as Task['code'],
    focus: reference(request),
    for: reference(patient),
    requester: { reference: hospital.organization },
    owner: { reference: 'Organization/hub' },
  });
  return { request, task };
}

export async function make<R extends Resource>(by: Ehr, resource: R): Promise<R> {
  return (await by.client.create({
    resourceType: resource.resourceType,
    body: resource as never,
  })) as unknown as R;
}

async function search<R extends Resource>(
  by: Ehr,
  resourceType: R['resourceType'],
  searchParams: Record<string, string>,
): Promise<R[]> {
  const bundle = (await by.client.search({ resourceType, searchParams })) as unknown as Bundle<R>;
  return (bundle.entry ?? []).flatMap(entry =>
    entry.resource && entry.search?.mode === 'match' ? [entry.resource] : [],
  );
}

/** The offer that has reached one of the centers, as it finds it in its own list of Tasks. */
async function offerTo(
  centers: readonly Ehr[],
  patient: Patient,
  cast: Cast,
): Promise<{ center: Ehr; offer: Task }> {
  return eventually(async () => {
    for (const center of centers) {
      const query = { owner: center.organization, status: 'requested', patient: `Patient/${patient.id}` };
      const [offer] = await search<Task>(center, 'Task', query);
      if (offer) return { center, offer };
    }
    throw new Error('no center has been asked yet');
  }, cast.settle);
}

/** A plain client's change of its Task: read, change, PUT with If-Match. */
async function change(by: Ehr, task: Task, to: Partial<Task>): Promise<Task> {
  const id = task.id as string;
  const latest = (await by.client.read({ resourceType: 'Task', id })) as unknown as Task;
  const headers = { 'If-Match': `W/"${latest.meta?.versionId}"` };
  return (await by.client.update({
    resourceType: 'Task',
    id,
    body: { ...latest, ...to } as never,
    options: { headers },
  })) as unknown as Task;
}

/** The hospital polls its own Tasks, with what they are about, as its EHR does. */
async function seen(
  hospital: Ehr,
  task: Task,
  what: { status: string; step?: string; note: RegExp },
): Promise<Task> {
  return eventually(async () => {
    const bundle = (await hospital.client.search({
      resourceType: 'Task',
      searchParams: { requester: hospital.organization, _include: 'Task:focus' },
    })) as unknown as Bundle;
    const found = bundle.entry?.map(entry => entry.resource).find(resource => resource?.id === task.id) as
      | Task
      | undefined;
    expect(found?.status).toBe(what.status);
    if (what.step) expect(found?.businessStatus?.coding?.map(coding => coding.code)).toContain(what.step);
    expect((found?.note ?? []).map(note => note.text).join('\n')).toMatch(what.note);
    expect(bundle.entry?.some(entry => entry.resource?.resourceType === 'ServiceRequest')).toBe(true);
    return found as Task;
  });
}

/** On acceptance the three resources that the hub is about come together. */
async function caseStarted(center: Ehr, hospital: Ehr, patient: Patient): Promise<void> {
  const about = `Patient/${patient.id}`;
  const [episode] = await search<EpisodeOfCare>(center, 'EpisodeOfCare', { patient: about });
  expect(episode).toMatchObject({
    status: 'planned',
    managingOrganization: { reference: center.organization },
  });
  const [team] = await search<CareTeam>(center, 'CareTeam', { patient: about });
  const members = JSON.stringify(team?.participant ?? []);
  expect(members).toContain(center.organization);
  expect(members).toContain(hospital.organization);
  const [plan] = await search<CarePlan>(center, 'CarePlan', { patient: about, status: 'draft' });
  expect(plan?.activity?.[0]?.reference?.reference).toMatch(/^ServiceRequest\//);
}

/** Tries until it holds: bots need a moment, and after a crash until the lease of the dead process has ended. */
async function eventually<T>(
  check: () => Promise<T>,
  between: () => Promise<void> = async () => undefined,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (attempt >= 400) throw error;
      await between();
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
