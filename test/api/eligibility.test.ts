import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  Condition,
  Encounter,
  GuidanceResponse,
  Observation,
  Parameters,
  ParametersParameter,
  Patient,
  PlanDefinition,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type Referral, refer, reference, treatingOrganization } from '../harness/referral.ts';

const terminology = join(import.meta.dirname, '../../terminology');

async function publishPacks(hub: TestHub, ...more: PlanDefinition[]): Promise<void> {
  const ids = ['eligibility-minnesota-like', 'eligibility-ccbhc', 'case-completeness'];
  const shipped = ids.map(async id =>
    JSON.parse(await readFile(join(terminology, `plan-${id}.json`), 'utf8')),
  );
  const operations = [...(await Promise.all(shipped)), ...more].map(
    resource => ({ kind: 'update', type: 'PlanDefinition', id: resource.id, resource }) as const,
  );
  await hub.hub.repository(hub.hub.hubActor).write(operations);
}

const answerIn = (response: GuidanceResponse): ParametersParameter[] =>
  (response.contained?.[0] as Parameters | undefined)?.parameter ?? [];
const outcomeOf = (response: GuidanceResponse) =>
  answerIn(response).find(({ name }) => name === 'answer')?.valueCode;
const criterion = (response: GuidanceResponse, code: string) => {
  const found = answerIn(response).find(({ part }) => part?.[0]?.valueCode === code)?.part ?? [];
  return {
    finding: found.find(({ name }) => name === 'finding')?.valueCode,
    facts: found.flatMap(({ name, valueReference }) => (name === 'fact' ? [valueReference?.reference] : [])),
    missing: found.find(({ name }) => name === 'missing')?.valueString,
  };
};
const ask = (program: string, request?: string): Parameters => ({
  resourceType: 'Parameters',
  parameter: [
    { name: 'program', valueString: program },
    ...(request ? [{ name: 'request', valueString: request }] : []),
  ],
});
const illness = (patient: Patient, code: string): Condition => ({
  resourceType: 'Condition',
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] },
  subject: reference(patient),
});
const stay = (patient: Patient, start: string, end: string): Encounter => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
  serviceType: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/service-type', code: '141' }] },
  subject: reference(patient),
  period: { start, end },
});

eachDatabase('eligibility', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let stranger: Party;
  let referral: Referral;
  const check = async (party: Party, program: string, request?: string): Promise<GuidanceResponse> =>
    (await party.request('POST', `/Patient/${referral.patient.id}/$check-eligibility`, ask(program, request)))
      .json;
  const tasksOf = async (party: Party, answer: string): Promise<Task[]> =>
    ((await party.get(`/Task?focus=GuidanceResponse/${answer}`)).json.entry ?? []).map(
      (entry: { resource: Task }) => entry.resource,
    );
  const kept = async (party: Party, id: string): Promise<GuidanceResponse> =>
    (await party.get(`/GuidanceResponse/${id}`)).json;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    stranger = await hub.party('stranger', { organization: treatingOrganization });
    referral = await refer(hospital, center.organization, {
      patient: { address: [{ state: 'MN', city: 'Duluth' }] },
    });
    await publishPacks(hub);
  });
  afterAll(() => hub.stop());

  it('answers with the facts of each criterion, each at its version, and what is missing', async () => {
    const answer = await check(hospital, 'eligibility-minnesota-like');
    expect([outcomeOf(answer), answer.status, answer.id]).toEqual(['needs-data', 'data-required', undefined]);
    expect(criterion(answer, 'residency')).toMatchObject({
      finding: 'met',
      facts: [`Patient/${referral.patient.id}/_history/1`],
    });
    expect(criterion(answer, 'inpatient-episodes').missing).toMatch(/stays of the last 24 months/);
    expect(answer.dataRequirement?.map(({ type }) => type)).toContain('Encounter');
  });

  it('keeps the answer with the referral, where who is asked sees it, and nobody else', async () => {
    const answer = await check(
      hospital,
      'eligibility-minnesota-like',
      `ServiceRequest/${referral.request.id}`,
    );
    const request = (await center.get(`/ServiceRequest/${referral.request.id}`)).json;
    expect(request.supportingInfo).toEqual([{ reference: `GuidanceResponse/${answer.id}` }]);
    expect(outcomeOf(await kept(center, answer.id ?? ''))).toBe('needs-data');
    expect((await stranger.get(`/GuidanceResponse/${answer.id}`)).status).toBe(404);
  });

  it('is asked again when a fact changes, and the next answer takes the place of the one before', async () => {
    const request = `ServiceRequest/${referral.request.id}`;
    const first = await check(hospital, 'eligibility-minnesota-like', request);
    const id = first.id ?? '';
    const one = await hospital.create(stay(referral.patient, '2026-01-03', '2026-01-09'));
    const [asked, ...more] = await tasksOf(hospital, id);
    expect([more, (await kept(hospital, id)).status]).toEqual([[], 'in-progress']);
    expect(asked).toMatchObject({ status: 'requested', owner: { reference: hospital.organization } });
    expect(Date.parse(asked?.restriction?.period?.end ?? '')).toBeGreaterThan(hub.clock.now().getTime());
    await hospital.create(stay(referral.patient, '2026-02-10', '2026-02-20'));
    expect(await tasksOf(hospital, id)).toHaveLength(1);

    const second = await check(hospital, 'eligibility-minnesota-like', request);
    expect([second.id, outcomeOf(second)]).toEqual([id, 'eligible']);
    expect(criterion(second, 'inpatient-episodes').facts).toContain(`Encounter/${one.id}/_history/1`);
    expect((await tasksOf(hospital, id)).map(({ status }) => status)).toEqual(['completed']);

    expect((await hospital.update({ ...one, status: 'entered-in-error' })).status).toBe(200);
    expect((await kept(hospital, id)).status).toBe('in-progress');
    const third = await check(hospital, 'eligibility-minnesota-like', request);
    expect(criterion(third, 'inpatient-episodes').finding).toBe('not-met');
    // What changes no fact re-opens nothing.
    const person = (await hospital.get(`/Patient/${referral.patient.id}`)).json;
    await hospital.update({ ...person, meta: { ...person.meta, tag: [{ system: 'urn:t', code: 'x' }] } });
    expect((await kept(hospital, id)).status).toBe('data-required');
  });

  it('decides on what the caller may see, and keeps what carries a label from who may not', async () => {
    const secret = await hospital.create<Condition>({
      ...illness(referral.patient, 'F11.20'),
    });
    const own = await check(hospital, 'eligibility-ccbhc', `ServiceRequest/${referral.request.id}`);
    expect(criterion(own, 'behavioral-health-condition').facts).toEqual([
      `Condition/${secret.id}/_history/1`,
    ]);
    expect(own.meta?.security?.map(({ code }) => code)).toContain('SUD');
    await hospital.update({ ...referral.task });
    const accepted = await center.update({
      ...(await center.get(`/Task/${referral.task.id}`)).json,
      status: 'accepted',
    });
    expect(accepted.status).toBe(200);
    const theirs = await check(center, 'eligibility-ccbhc');
    expect(theirs.resourceType).toBe('GuidanceResponse');
    expect(criterion(theirs, 'behavioral-health-condition').finding).toBe('missing');
    expect((await center.get(`/GuidanceResponse/${own.id}`)).status).toBe(404);
  });

  it('keeps the answer of who was asked to itself, and re-opens it by what it writes itself', async () => {
    const theirs = await check(center, 'eligibility-minnesota-like', `ServiceRequest/${referral.request.id}`);
    expect(outcomeOf(theirs)).toBe('needs-data');
    const id = theirs.id ?? '';
    expect((await hospital.get(`/GuidanceResponse/${id}`)).status).toBe(404);
    const request = (await center.get(`/ServiceRequest/${referral.request.id}`)).json;
    expect(JSON.stringify(request.supportingInfo)).not.toContain(id);
    await hospital.create(illness(referral.patient, 'J45.9'));
    expect((await kept(center, id)).status).toBe('data-required');
    await center.create(illness(referral.patient, 'F20.9'));
    expect((await kept(center, id)).status).toBe('in-progress');
    expect((await tasksOf(center, id)).map(({ owner }) => owner?.reference)).toEqual([center.organization]);
    expect(await tasksOf(hospital, id)).toEqual([]);
  });

  it('asks again of somebody who was refused, when something new could turn it', async () => {
    const { patient, request } = await refer(hospital, center.organization);
    const observed = (code: string, value: object) =>
      hospital.create<Observation>({
        resourceType: 'Observation',
        status: 'final',
        code: { coding: [{ system: 'http://loinc.org', code }] },
        subject: reference(patient),
        effectiveDateTime: hub.clock.now().toISOString(),
        ...value,
      });
    await observed('44261-6', { valueQuantity: { value: 3 } });
    await observed('93374-7', { valueCodeableConcept: { text: 'none' } });
    await hospital.create(illness(patient, 'J45.9'));
    const body = ask('eligibility-ccbhc', `ServiceRequest/${request.id}`);
    const answer = (await hospital.request('POST', `/Patient/${patient.id}/$check-eligibility`, body)).json;
    expect(outcomeOf(answer)).toBe('ineligible');
    await hospital.create(illness(patient, 'F41.1'));
    expect((await kept(hospital, answer.id)).status).toBe('in-progress');
  });

  it('is asked again when a fact of it is deleted, and says then that it is missing', async () => {
    const { patient, request } = await refer(hospital, center.organization);
    const fact = await hospital.create(illness(patient, 'F41.1'));
    const body = ask('eligibility-ccbhc', `ServiceRequest/${request.id}`);
    const again = async () =>
      (await hospital.request('POST', `/Patient/${patient.id}/$check-eligibility`, body)).json;
    const first = await again();
    expect(outcomeOf(first)).toBe('eligible');
    expect((await hospital.request('DELETE', `/Condition/${fact.id}`)).status).toBe(204);
    expect((await kept(hospital, first.id)).status).toBe('in-progress');
    expect((await tasksOf(hospital, first.id)).map(({ status }) => status)).toEqual(['requested']);
    expect(outcomeOf(await again())).toBe('needs-data');
  });

  it('takes the pack of a site as its own, and refuses what is none', async () => {
    const site = JSON.parse(
      await readFile(join(import.meta.dirname, '../../profiles/examples/example-criteria.json'), 'utf8'),
    ) as PlanDefinition;
    const url = 'https://site.example/PlanDefinition/housing';
    const [root] = site.action ?? [];
    const broken = {
      ...site,
      id: 'broken',
      url: `${url}-x`,
      action: [{ ...root, selectionBehavior: 'any' }],
    };
    await publishPacks(hub, { ...site, id: 'housing', url, status: 'active' }, broken as PlanDefinition);
    expect(outcomeOf(await check(hospital, url))).toBe('needs-data');
    await hospital.create({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '71802-3' }] },
      subject: reference(referral.patient),
      effectiveDateTime: hub.clock.now().toISOString(),
      valueCodeableConcept: { coding: [{ system: 'http://loinc.org', code: 'LA31995-6' }] },
    });
    expect(outcomeOf(await check(hospital, url))).toBe('eligible');
    const refused = async (party: Party, body: Parameters) => {
      const path = `/Patient/${referral.patient.id}/$check-eligibility`;
      const answer = await party.request('POST', path, body);
      return [answer.status, answer.json.issue?.[0].expression?.[0]];
    };
    expect(await refused(hospital, ask('broken'))).toEqual([
      422,
      'PlanDefinition.action[0].selectionBehavior',
    ]);
    for (const program of ['nothing', 'housing,broken', `${url},x`, 'n'.repeat(65)])
      expect(await refused(hospital, ask(program)), program).toEqual([404, 'Parameters.parameter']);
    expect(await refused(hospital, ask(url, 'Patient/1'))).toEqual([422, 'Parameters.parameter']);
    expect((await refused(stranger, ask(url)))[0]).toBe(404);
  });

  it('lets nobody name another organization as the one that is to check again', async () => {
    const answer: GuidanceResponse = {
      resourceType: 'GuidanceResponse',
      status: 'success',
      moduleUri: 'urn:x',
      subject: reference(referral.patient),
      note: [{ authorReference: { reference: center.organization }, text: 'Eligible' }],
    };
    const refused = await hospital.request('POST', '/GuidanceResponse', answer);
    expect([refused.status, refused.json.issue[0].expression]).toEqual([
      422,
      ['GuidanceResponse.note[0].author'],
    ]);
  });
});
