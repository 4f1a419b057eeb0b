import type { Bundle, Provenance } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type Referral, refer, treatingOrganization } from '../harness/referral.ts';

const provenances = (answer: Answer): Provenance[] =>
  ((answer.json as Bundle).entry ?? []).flatMap(entry =>
    entry.resource?.resourceType === 'Provenance' ? [entry.resource] : [],
  );
const brief = ({ target, activity, agent }: Provenance) => [
  target[0]?.reference,
  activity?.coding?.[0]?.code,
  agent[0]?.who?.identifier?.value,
  agent[0]?.onBehalfOf?.reference,
];

eachDatabase('who wrote what', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let stranger: Party;
  let referral: Referral;
  let task: string;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    stranger = await hub.party('stranger');
    referral = await refer(hospital, center.organization);
    task = `Task/${referral.task.id}`;
    const { json } = await center.get(`/${task}`);
    expect((await center.update({ ...json, status: 'accepted' })).status).toBe(200);
  });
  afterAll(() => hub.stop());

  it('is told of every version, newest first', async () => {
    const found = provenances(await hospital.get(`/Provenance?target=${task}`));
    expect(found.map(brief)).toEqual([
      [`${task}/_history/2`, 'UPDATE', 'center', 'Organization/center'],
      [`${task}/_history/1`, 'CREATE', 'hospital', 'Organization/hospital'],
    ]);
    for (const one of found) expect(await hub.hub.parts.validate(one)).toEqual([]);
    const [first] = found;
    expect((await hospital.get(`/Provenance/${first?.id}`)).json).toEqual(first);
    expect((await hospital.get(`/Provenance/${first?.id}/_history/1`)).json).toEqual(first);
  });

  it('comes with a search', async () => {
    const answer = await center.get(`/Task?_id=${referral.task.id}&_revinclude=Provenance:target`);
    expect(provenances(answer)).toHaveLength(2);
    const modes = (answer.json as Bundle).entry?.map(entry => entry.search?.mode);
    expect(modes).toEqual(['match', 'include', 'include']);
  });

  it('names the patient as a target by itself', async () => {
    const found = provenances(await hospital.get(`/Provenance?patient=${referral.patient.id}`));
    expect(found.map(one => one.target[0]?.reference)).toEqual([`Patient/${referral.patient.id}/_history/1`]);
  });

  it('is nothing to who does not see the target, or may not see its type', async () => {
    expect(provenances(await stranger.get(`/Provenance?target=${task}`))).toEqual([]);
    const [first] = provenances(await hospital.get(`/Provenance?target=${task}`));
    expect((await stranger.get(`/Provenance/${first?.id}`)).status).toBe(404);
    const narrow = await hub.party('narrow', { of: 'hospital', scope: 'system/Provenance.rs' });
    expect(provenances(await narrow.get(`/Provenance?target=${task}`))).toEqual([]);
    expect((await narrow.get(`/Provenance/${first?.id}`)).status).toBe(404);
    const without = await hub.party('without', { of: 'hospital', scope: 'system/Task.rs' });
    expect((await without.get(`/Provenance/${first?.id}`)).status).toBe(403);
  });

  it('stands beside what clients write, in pages that miss nothing', async () => {
    const own = await hospital.create<Provenance>({
      resourceType: 'Provenance',
      target: [{ reference: task }],
      recorded: '2026-03-02T09:00:00Z',
      agent: [{ who: { reference: hospital.organization } }],
    });
    const whole = provenances(await hospital.get(`/Provenance?target=${task}`)).map(one => one.id);
    expect(whole).toHaveLength(3);
    expect(whole[0]).toBe(own.id);
    const paged: (string | undefined)[] = [];
    let path: string | undefined = `/Provenance?target=${task}&_count=1`;
    for (let page = 0; path && page < 10; page++) {
      const answer: Answer = await hospital.get(path);
      paged.push(...provenances(answer).map(one => one.id));
      path = (answer.json as Bundle).link?.find(link => link.relation === 'next')?.url?.split('/fhir')[1];
    }
    expect(paged).toEqual(whole);
    expect(provenances(await hospital.get(`/Provenance?_id=${own.id}`)).map(one => one.id)).toEqual([own.id]);
  });

  it('tells of a deletion too', async () => {
    const note = await hospital.create({
      resourceType: 'Flag',
      status: 'active',
      code: { text: 'x' },
      subject: { reference: `Patient/${referral.patient.id}` },
    });
    await hospital.request('DELETE', `/Flag/${note.id}`);
    const found = provenances(await hospital.get(`/Provenance?target=Flag/${note.id}`));
    expect(found.map(one => one.activity?.coding?.[0]?.code)).toEqual(['DELETE', 'CREATE']);
  });
});
