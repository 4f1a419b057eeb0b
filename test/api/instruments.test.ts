import type {
  Observation,
  Patient,
  Practitioner,
  PractitionerRole,
  QuestionnaireResponse,
  Task,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { instruments } from '../../src/care/instruments/scoring.ts';
import { canonical } from '../../src/fhir/canonical.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, reference, treatingOrganization } from '../harness/referral.ts';

type Response = QuestionnaireResponse & { id: string };

/** A response with the option at this place for each item; by linkId another place, or none. */
function respond(
  name: string,
  patient: Patient,
  place: number,
  { but = {}, ...more }: Partial<QuestionnaireResponse> & { but?: Record<string, number | undefined> } = {},
): QuestionnaireResponse {
  const url = `${canonical}/Questionnaire/${name}`;
  const questions = instruments.get(url)?.questionnaire.item ?? [];
  const item = questions.flatMap(({ linkId, answerOption }) => {
    const { extension: _weight, ...valueCoding } =
      answerOption?.[linkId in but ? (but[linkId] ?? -1) : place]?.valueCoding ?? {};
    return valueCoding.code ? [{ linkId, answer: [{ valueCoding }] }] : [];
  });
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: `${url}|1.0.0`,
    status: 'completed',
    subject: reference(patient),
    authored: '2026-03-02T10:00:00Z',
    item,
    ...more,
  };
}

eachDatabase('instruments', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let person: Patient & { id: string };
  let nurse: Practitioner & { id: string };

  const observations = async (party: Party, response: Response): Promise<Observation[]> =>
    (
      await party.get(`/Observation?derived-from=QuestionnaireResponse/${response.id}&_sort=code`)
    ).json.entry?.map((entry: { resource: Observation }) => entry.resource) ?? [];
  const tasks = async (party: Party, response: Response): Promise<Task[]> =>
    (await party.get(`/Task?focus=QuestionnaireResponse/${response.id}`)).json.entry?.map(
      (entry: { resource: Task }) => entry.resource,
    ) ?? [];
  const shown = (all: readonly Observation[]) =>
    all.map(({ code, status, valueQuantity, interpretation, meta }) =>
      [
        code.coding?.[0]?.code,
        status,
        valueQuantity?.value,
        interpretation?.[0]?.coding?.[0]?.code,
        `v${meta?.versionId}`,
      ].join(' '),
    );

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    person = await hospital.create<Patient>({ resourceType: 'Patient', gender: 'male' });
    nurse = await hospital.create<Practitioner>({ resourceType: 'Practitioner', name: [{ family: 'Roe' }] });
  });
  afterAll(() => hub.stop());

  it('become Observations in the same commit, and new versions of them when they are amended', async () => {
    const response = (await hospital.create(respond('gad-7', person, 1))) as Response;
    const [total] = await observations(hospital, response);
    expect(total).toMatchObject({
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '70274-6' }] },
      subject: reference(person),
      effectiveDateTime: '2026-03-02T10:00:00Z',
      valueQuantity: { value: 7, code: '{score}' },
      interpretation: [{ text: 'Mild anxiety' }],
    });
    const versions = await hospital.get(`/_history?_count=2`);
    const at = versions.json.entry.map((one: { resource: Observation }) => one.resource.meta?.lastUpdated);
    expect(new Set(at).size).toBe(1);

    const amended = { ...respond('gad-7', person, 3), id: response.id, status: 'amended' } as const;
    expect((await hospital.update(amended)).status).toBe(200);
    expect(shown(await observations(hospital, response))).toEqual(['70274-6 amended 21 severe v2']);
    await hospital.update({ ...amended, language: 'en' });
    expect(shown(await observations(hospital, response))).toEqual(['70274-6 amended 21 severe v2']);
    const open = { ...respond('gad-7', person, 3, { but: { '69725-0': undefined } }), id: response.id };
    await hospital.update({ ...open, status: 'amended' });
    expect(shown(await observations(hospital, response))).toEqual(['70274-6 entered-in-error 21 severe v3']);
    await hospital.update(amended);
    await hospital.update({ ...amended, status: 'entered-in-error' });
    expect((await observations(hospital, response)).map(({ status }) => status)).toEqual([
      'entered-in-error',
    ]);
    expect((await hospital.request('DELETE', `/QuestionnaireResponse/${response.id}`)).status).toBe(204);
    expect((await hospital.get(`/Observation/${total?.id}`)).status).toBe(410);
  });

  it('give no total while an item is open, nor while they are in progress', async () => {
    const open = respond('phq-9', person, 0, { but: { '44254-1': undefined, '69722-7': undefined } });
    const response = (await hospital.create(open)) as Response;
    expect(shown(await observations(hospital, response))).toEqual(['44260-8 final   v1']);
    const begun = (await hospital.create(respond('phq-9', person, 2, { status: 'in-progress' }))) as Response;
    expect([await observations(hospital, begun), await tasks(hospital, begun)]).toEqual([[], []]);
    await hospital.update({ ...respond('phq-9', person, 2), id: begun.id });
    expect(shown(await observations(hospital, begun))).toContain('44261-6 final 18 moderately-severe v1');
  });

  it('ask for a screening at thoughts of death, once, and call it off when the answer was wrong', async () => {
    const author = reference(nurse);
    const first = respond('phq-9', person, 0, { but: { '44260-8': 1 }, author });
    const response = (await hospital.create(first)) as Response;
    const [asked, ...more] = await tasks(hospital, response);
    expect(more).toEqual([]);
    expect(asked).toMatchObject({
      status: 'requested',
      priority: 'urgent',
      owner: author,
      for: reference(person),
    });
    const due = Date.parse(asked?.restriction?.period?.end ?? '') - Date.parse(asked?.authoredOn ?? '');
    expect(due).toBe(4 * 3_600_000);
    await hospital.update({ ...first, id: response.id, status: 'amended', language: 'en' });
    expect(await tasks(hospital, response)).toHaveLength(1);
    await hospital.update({ ...respond('phq-9', person, 0, { author }), id: response.id, status: 'amended' });
    expect((await tasks(hospital, response)).map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('put a high risk before a named person at once: the case manager, else who asked, else a supervisor', async () => {
    const high = (author: object, of: Patient) =>
      respond('c-ssrs', of, 1, { but: { '93247-5': 0, '93250-9': 0 }, author: author as never });
    const byNurse = (await hospital.create(high(reference(nurse), person))) as Response;
    const [task] = await tasks(hospital, byNurse);
    expect(task).toMatchObject({ status: 'requested', priority: 'stat', owner: reference(nurse) });
    expect(Date.parse(task?.restriction?.period?.end ?? '')).toBe(hub.clock.now().getTime() + 15 * 60_000);
    const [risk] = await observations(hospital, byNurse);
    expect(risk?.valueCodeableConcept).toMatchObject({ coding: [{ code: 'high' }], text: 'High risk' });

    const { request } = await refer(hospital, center.organization, { of: person as never });
    const offer = (await center.get(`/Task?focus=ServiceRequest/${request.id}`)).json.entry[0].resource;
    expect((await center.update({ ...offer, status: 'accepted' })).status).toBe(200);
    const episode = (await center.get(`/EpisodeOfCare?patient=${person.id}`)).json.entry[0].resource;
    const manager = await center.create<Practitioner>({ resourceType: 'Practitioner' });
    await center.update({ ...episode, careManager: reference(manager) });
    const asker = await center.create<Practitioner>({ resourceType: 'Practitioner' });
    const inCase = (await center.create(high(reference(asker), person))) as Response;
    expect((await tasks(center, inCase))[0]?.owner).toEqual(reference(manager));

    const supervisor = await center.create<PractitionerRole>({
      resourceType: 'PractitionerRole',
      active: true,
      organization: { reference: center.organization },
      practitioner: reference(manager),
      code: [{ coding: [{ system: `${canonical}/CodeSystem/person-role`, code: 'supervisor' }] }],
    });
    const other = await center.create<Patient>({ resourceType: 'Patient' });
    const alone = (await center.create(
      respond('phq-9', other, 3, { author: reference(other) as never }),
    )) as Response;
    expect((await tasks(center, alone))[0]?.owner).toEqual(reference(supervisor));

    // Where nobody is named it is the organization’s, and still there at once.
    const stranger = await hospital.create<Patient>({ resourceType: 'Patient' });
    const nobody = (await hospital.create(
      respond('phq-9', stranger, 3, { author: reference(stranger) as never }),
    )) as Response;
    expect((await tasks(hospital, nobody))[0]?.owner).toEqual({ reference: hospital.organization });
  });

  it('are refused where they are no answers, and where an interview was not one', async () => {
    const refused = async (response: QuestionnaireResponse) => {
      const answer = await hospital.request('POST', '/QuestionnaireResponse', response);
      return [answer.status, answer.json.issue?.[0].expression?.[0]];
    };
    const numbers = {
      ...respond('gad-7', person, 0),
      item: [{ linkId: '69725-0', answer: [{ valueInteger: 1 }] }],
    };
    expect(await refused(numbers)).toEqual([422, 'QuestionnaireResponse.item[0].answer']);
    // The last question says how great the danger is; it is named otherwise here.
    const grave = respond('phq-9', person, 3);
    const item = grave.item?.map(one => ({ ...one, linkId: one.linkId.replace('44260-8', '/44260-8') }));
    expect(await refused({ ...grave, item: item ?? [] })).toEqual([
      422,
      'QuestionnaireResponse.item[8].linkId',
    ]);
    const { subject: _nobody, ...ofNobody } = grave;
    expect(await refused(ofNobody)).toEqual([422, 'QuestionnaireResponse.subject']);
    for (const author of [undefined, reference(person)]) {
      const response = respond('c-ssrs', person, 1, author ? { author: author as never } : {});
      expect(await refused(response)).toEqual([422, 'QuestionnaireResponse.author']);
    }
  });

  it('about alcohol are labelled, with all that was made of them', async () => {
    const response = (await hospital.create(respond('audit-c', person, 2))) as Response;
    const labels = ({ meta }: { meta?: { security?: { code?: string }[] } }) =>
      meta?.security?.map(({ code }) => code) ?? [];
    expect(labels(response)).toContain('ETHUD');
    const [total] = await observations(hospital, response);
    expect(shown(total ? [total] : [])).toEqual(['75626-2 final 6 positive v1']);
    expect(labels(total ?? {})).toContain('ETHUD');
    expect(await observations(center, response)).toEqual([]);
    expect((await center.get(`/QuestionnaireResponse/${response.id}`)).status).toBe(404);
  });

  it('leave other questionnaires alone', async () => {
    const own = { ...respond('gad-7', person, 0), questionnaire: 'https://site.example/Questionnaire/own' };
    const response = (await hospital.create(own)) as Response;
    expect(await observations(hospital, response)).toEqual([]);
  });
});
