import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  CarePlan,
  CareTeam,
  Condition,
  Coverage,
  EpisodeOfCare,
  Goal,
  Parameters,
  Patient,
  PlanDefinition,
  RelatedPerson,
} from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { refer, reference, treatingOrganization } from '../harness/referral.ts';

const packs = ['case-completeness', 'case-completeness-ccbhc'];

onSqlite('the start of a case', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let person: Patient & { id: string };
  let episode: EpisodeOfCare & { id: string };
  let plan: CarePlan;
  let attached: Record<'open' | 'secret' | 'goal' | 'coverage' | 'sister', { reference: string }>;

  const first = async <R>(party: Party, path: string): Promise<R> =>
    (await party.get(path)).json.entry?.[0]?.resource;
  const completeness = async (party: Party, program = '') => {
    const answer = await party.get(`/EpisodeOfCare/${episode.id}/$completeness${program}`);
    const { parameter = [] } = answer.json as Parameters;
    return {
      status: answer.status,
      percent: parameter.find(({ name }) => name === 'percent')?.valueInteger,
      missing: parameter.flatMap(({ name, part }) => (name === 'missing' ? [part?.[0]?.valueCode] : [])),
    };
  };

  beforeAll(async () => {
    hub = await startTestHub(database);
    const texts = packs.map(id =>
      readFile(join(import.meta.dirname, `../../terminology/plan-${id}.json`), 'utf8'),
    );
    const resources = (await Promise.all(texts)).map(
      text => JSON.parse(text) as PlanDefinition & { id: string },
    );
    const publish = resources.map(
      resource => ({ kind: 'update', type: 'PlanDefinition', id: resource.id, resource }) as const,
    );
    await hub.hub.repository(hub.hub.hubActor).write(publish);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    person = await hospital.create<Patient>({
      resourceType: 'Patient',
      address: [{ city: 'Duluth' }],
      telecom: [{ system: 'phone', value: '555-0100' }],
    });
    const subject = reference(person);
    const illness = (code: string, text: string): Condition => ({
      resourceType: 'Condition',
      code: { text, coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }] },
      subject,
    });
    attached = {
      open: reference(await hospital.create(illness('F31.30', 'Bipolar disorder'))),
      secret: reference(await hospital.create(illness('F11.20', 'Opioid dependence'))),
      goal: reference(
        await hospital.create<Goal>({
          resourceType: 'Goal',
          lifecycleStatus: 'accepted',
          description: { text: 'Back to the bakery' },
          subject,
        }),
      ),
      coverage: reference(
        await hospital.create<Coverage>({
          resourceType: 'Coverage',
          status: 'active',
          beneficiary: subject,
          payor: [{ display: 'Medicaid' }],
        }),
      ),
      sister: reference(
        await hospital.create<RelatedPerson>({ resourceType: 'RelatedPerson', patient: subject }),
      ),
    };
    const { open, secret, goal, coverage, sister } = attached;
    const status = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
    const denied = await hospital.create({
      ...illness('F20.9', 'Schizophrenia'),
      verificationStatus: { coding: [{ system: status, code: 'refuted' }] },
    });
    const other = await hospital.create({ resourceType: 'Patient' });
    const mixedUp = await hospital.create({ ...illness('F42.9', 'Compulsion'), subject: reference(other) });
    const { task } = await refer(hospital, center.organization, {
      of: person as never,
      request: {
        reasonReference: [open, secret, reference(denied)] as never,
        supportingInfo: [goal, sister, reference(mixedUp)],
        insurance: [coverage],
      },
    });
    const offer = (await center.get(`/Task/${task.id}`)).json;
    expect((await center.update({ ...offer, status: 'accepted' })).status).toBe(200);
    episode = await first(center, `/EpisodeOfCare?patient=${person.id}`);
    plan = await first(center, `/CarePlan?patient=${person.id}`);
  });
  afterAll(() => hub.stop());

  it('is filled from the packet: problems that are so and this person’s, coverage, goals, and who is close to the person', async () => {
    const { open, secret, goal, coverage, sister } = attached;
    expect(episode.diagnosis?.map(({ condition }) => condition)).toEqual([open, secret]);
    expect(plan.addresses).toEqual([open, secret]);
    expect(plan.supportingInfo).toEqual([coverage]);
    expect(plan.goal).toContainEqual(goal);
    const team = await first<CareTeam>(center, `/CareTeam?patient=${person.id}`);
    expect(team.participant?.map(one => [one.role?.[0]?.coding?.[0]?.code, one.member?.reference])).toEqual([
      ['referrer', hospital.organization],
      ['intake-contact', center.organization],
      ['family', sister.reference],
    ]);
  });

  it('proposes a goal for each problem, but puts no restricted words into what the center owns', async () => {
    const goals = (await center.get(`/Goal?patient=${person.id}&lifecycle-status=proposed`)).json.entry;
    expect(
      goals.map(({ resource }: { resource: Goal }) => [resource.description.text, resource.addresses]),
    ).toEqual([['To be agreed: Bipolar disorder', [attached.open]]]);
    const [{ resource: goal }] = goals;
    expect(plan.goal).toContainEqual(reference(goal));
    expect(JSON.stringify([goals, plan, episode])).not.toContain('Opioid');
    // The center writes on in its own goal.
    const agreed = { ...goal, lifecycleStatus: 'active', description: { text: 'Sleep through the night' } };
    expect((await center.update(agreed)).status).toBe(200);
  });

  it('is so much complete, and says what is missing; a program counts facts of its own', async () => {
    const before = await completeness(center);
    // Ten facts: address, telephone, problems, coverage, goals and team are there.
    expect(before).toEqual({
      status: 200,
      percent: 60,
      missing: ['language', 'plan', 'case-manager', 'consent'],
    });
    await center.update({ ...plan, status: 'active' });
    expect(await completeness(center)).toMatchObject({ percent: 70 });
    const clinic = await completeness(center, '?program=ccbhc');
    expect([clinic.percent, clinic.missing.slice(-3)]).toEqual([
      53,
      ['depression-screening', 'alcohol-screening', 'suicide-screening'],
    ]);
    for (const program of ['nothing', 'x,case-completeness'])
      expect((await completeness(center, `?program=${program}`)).status, program).toBe(404);
  });

  it('counts what the caller may see, and is nothing to who may not see the case', async () => {
    const stranger = await hub.party('stranger', { organization: treatingOrganization });
    expect((await completeness(stranger)).status).toBe(404);
  });
});
