import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Condition, Encounter, GuidanceResponse, Parameters } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { factsOf } from '../../src/referral/eligibility/read-answer.ts';
import { eachDatabase } from '../harness/databases.ts';
import { outcome } from '../harness/eligibility.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type Referral, refer, reference, treatingOrganization } from '../harness/referral.ts';

const ids = ['eligibility-minnesota-like', 'eligibility-ccbhc'];

const coded = (code: string): Condition['code'] => ({
  coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }],
});

eachDatabase('an answer about eligibility', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;

  const people = () =>
    refer(hospital, center.organization, { patient: { address: [{ state: 'MN', city: 'Duluth' }] } });
  const ask = async (party: Party, { patient, request }: Referral, program: string) => {
    const body: Parameters = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'program', valueString: program },
        { name: 'request', valueString: `ServiceRequest/${request.id}` },
      ],
    };
    const answer = await party.request('POST', `/Patient/${patient.id}/$check-eligibility`, body);
    expect(answer.status, answer.text).toBe(200);
    return answer.json as GuidanceResponse & { id: string };
  };
  const illness = ({ patient }: Referral, code: string) =>
    hospital.create<Condition>({
      resourceType: 'Condition',
      code: coded(code),
      subject: reference(patient),
    });
  const kept = async (id: string): Promise<GuidanceResponse> =>
    (await hospital.get(`/GuidanceResponse/${id}`)).json;

  beforeAll(async () => {
    hub = await startTestHub(database, { HUB_LOG: 'silent' });
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    const plans = ids.map(async id =>
      JSON.parse(await readFile(join(import.meta.dirname, `../../terminology/plan-${id}.json`), 'utf8')),
    );
    const operations = (await Promise.all(plans)).map(
      resource => ({ kind: 'update', type: 'PlanDefinition', id: resource.id, resource }) as const,
    );
    await hub.hub.repository(hub.hub.hubActor).write(operations);
  });
  afterAll(() => hub.stop());

  it('is kept from who may not see what it names, also where that only speaks against a criterion', async () => {
    const referral = await people();
    const secret = await illness(referral, 'F11.20');
    const answer = await ask(hospital, referral, 'eligibility-minnesota-like');
    expect(factsOf(answer)).toContain(`Condition/${secret.id}`);
    expect(answer.meta?.security?.map(({ code }) => code)).toContain('SUD');
    expect((await center.get(`/Condition/${secret.id}`)).status).toBe(404);
    expect((await center.get(`/GuidanceResponse/${answer.id}`)).status).toBe(404);
  });

  it('is followed to the diagnosis by which a stay counts, and asked again when that is denied', async () => {
    const referral = await people();
    const why = await illness(referral, 'F41.1');
    for (const [start, end] of [
      ['2025-05-01', '2025-05-20'],
      ['2025-08-01', '2025-08-20'],
    ] as const)
      await hospital.create<Encounter>({
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
        subject: reference(referral.patient),
        period: { start, end },
        diagnosis: [{ condition: reference(why) }],
      });
    const answer = await ask(hospital, referral, 'eligibility-minnesota-like');
    const episodes = answer.contained?.[0] as Parameters;
    const [found] = (episodes.parameter ?? []).filter(
      ({ part }) => part?.[0]?.valueCode === 'inpatient-episodes',
    );
    const facts = found?.part?.filter(({ name }) => name === 'fact') ?? [];
    expect(facts.map(({ valueReference }) => valueReference?.reference)).toContain(
      `Condition/${why.id}/_history/1`,
    );
    expect(outcome(answer)).toBe('eligible');
    const refuted = { coding: [{ code: 'refuted', system: ver }] };
    expect((await hospital.update({ ...why, verificationStatus: refuted })).status).toBe(200);
    expect((await kept(answer.id)).status).toBe('in-progress');
    expect(outcome(await ask(hospital, referral, 'eligibility-minnesota-like'))).toBe('needs-data');
  });

  it('is in step with facts that change while it is worked out', async () => {
    const referral = await people();
    let fact = await illness(referral, 'F41.1');
    for (let round = 0; round < rounds; round++) {
      const code = round % 2 ? 'F41.1' : 'J45.9';
      const change = async () => {
        // At another point of the asking in every round.
        for (let pause = 0; pause < round % 12; pause++)
          await hospital.get(`/Patient/${referral.patient.id}`);
        fact = (await hospital.update({ ...fact, code: coded(code) })).json;
      };
      const [answer] = await Promise.all([ask(hospital, referral, 'eligibility-ccbhc'), change()]);
      const now = await kept(answer.id);
      if (now.status === 'in-progress') continue;
      expect([round, outcome(now)]).toEqual([round, code === 'F41.1' ? 'eligible' : 'needs-data']);
    }
  });

  it('is one for a request, however many ask at once', async () => {
    const referral = await people();
    await illness(referral, 'F41.1');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => ask(hospital, referral, 'eligibility-ccbhc')),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const request = (await hospital.get(`/ServiceRequest/${referral.request.id}`)).json;
    expect(request.supportingInfo).toEqual([{ reference: `GuidanceResponse/${answers[0]?.id}` }]);
  });
});

const ver = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
const rounds = process.env.CHECK_FULL ? 200 : 24;
