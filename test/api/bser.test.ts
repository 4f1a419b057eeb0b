import type { Bundle, Composition, Procedure, Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type Referral, refer, reference, treatingOrganization } from '../harness/referral.ts';

const bser = 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS';
const business = (code: string) => ({ coding: [{ system: bser, code }] });
const shown = (task: Task): string =>
  `${task.status} ${task.businessStatus?.coding?.find(one => one.system === bser)?.code ?? ''}`.trim();
const tasksIn = (answer: Answer): Task[] =>
  ((answer.json as Bundle).entry ?? [])
    .map(one => one.resource as Task)
    .filter(one => one.resourceType === 'Task');

eachDatabase('BSeR', database => {
  let hub: TestHub;
  let clinic: Party;
  let program: Party;
  beforeAll(async () => {
    hub = await startTestHub(database);
    clinic = await hub.party('clinic', { organization: treatingOrganization });
    program = await hub.party('program', { organization: treatingOrganization });
  });
  afterAll(() => hub.stop());

  const view = async (party: Party, { task }: Referral): Promise<Task> =>
    (await party.get(`/Task/${task.id}?view=bser`)).json;
  const stored = async (party: Party, { task }: Referral): Promise<Task> =>
    (await party.get(`/Task/${task.id}`)).json;
  const move = async (party: Party, referral: Referral, change: Partial<Task>): Promise<Answer> =>
    party.update({ ...(await stored(party, referral)), ...change } as Task);
  const reason = { text: 'no room' };

  it.each([
    ['requested', [], 'received 2.0'],
    ['accepted', [{ status: 'accepted' }], 'accepted 3.0'],
    ['started', [{ status: 'accepted' }, { status: 'in-progress' }], 'in-progress 3.0'],
    [
      'scheduled',
      [{ status: 'accepted' }, { status: 'in-progress', businessStatus: business('5.1.1') }],
      'in-progress 5.1.1',
    ],
    ['waiting', [{ status: 'accepted' }, { status: 'on-hold', statusReason: reason }], 'in-progress 3.0'],
    ['withdrawn', [{ status: 'accepted' }, { status: 'cancelled', statusReason: reason }], 'rejected 4.0'],
    ['failed', [{ status: 'accepted' }, { status: 'failed', statusReason: reason }], 'rejected 4.0'],
  ] as [string, Partial<Task>[], string][])(
    'shows what is %s in its words, by read, search and include',
    async (_, steps, words) => {
      const referral = await refer(clinic, program.organization);
      for (const step of steps) expect((await move(program, referral, step)).status).toBe(200);
      const { id } = referral.task;
      expect(shown(await view(clinic, referral))).toBe(words);
      const pages = await Promise.all([
        clinic.get(`/Task?_id=${id}&view=bser`),
        clinic.get(`/Task/${id}/_history?_count=1&view=bser`),
        clinic.get(`/ServiceRequest?_id=${referral.request.id}&_revinclude=Task:focus&view=bser`),
      ]);
      for (const page of pages) expect(tasksIn(page).map(shown)).toEqual([words]);
      // All else is as it is stored.
      const [seen, kept] = [await view(clinic, referral), await stored(clinic, referral)];
      expect({ ...seen, status: kept.status, businessStatus: kept.businessStatus }).toEqual(kept);
      const [status] = words.split(' ');
      const found = await clinic.get(`/Task?view=bser&status=${status}&_id=${id}`);
      expect(tasksIn(found).map(one => one.id)).toEqual([id]);
      const other = status === 'accepted' ? 'received' : 'accepted';
      expect(tasksIn(await clinic.get(`/Task?view=bser&status=${other}&_id=${id}`))).toEqual([]);
    },
  );

  it('pages through a search by its words', async () => {
    const first = await clinic.get('/Task?view=bser&status=rejected&_count=1');
    const next = (first.json as Bundle).link?.find(one => one.relation === 'next')?.url;
    expect(next).toBeDefined();
    const second = await clinic.get((next ?? '').replace(/^.*\/fhir/, ''));
    expect(second.status, second.text).toBe(200);
    expect([...tasksIn(first), ...tasksIn(second)].map(shown)).toEqual(['rejected 4.0', 'rejected 4.0']);
  });

  it.each([
    ['an unknown view', '/Task?view=hl7'],
    ['an unknown view of one', '/Task/x?view=hl7', 404],
    ['a list with what stands for several', '/Task?view=bser&status=rejected,accepted'],
  ])('refuses %s', async (_, path, status = 400) => {
    expect((await clinic.get(path)).status).toBe(status);
  });

  it('takes what it has shown for unchanged', async () => {
    const referral = await refer(clinic, program.organization);
    const note = (text: string) => ({ note: [{ text }] });
    expect((await program.update({ ...(await view(program, referral)), ...note('seen') })).status).toBe(200);
    await move(program, referral, { status: 'accepted' });
    await move(program, referral, { status: 'in-progress' });
    const started = await stored(program, referral);
    const seen = await view(program, referral);
    const answer = await program.update({ ...seen, note: [...(seen.note ?? []), { text: 'called' }] });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({ status: 'in-progress', businessStatus: started.businessStatus });
    expect(answer.json.note).toHaveLength(2);
    const byAsker = await clinic.update({
      ...(await view(clinic, referral)),
      note: [...answer.json.note, { text: 'thanks' }],
    });
    expect(byAsker.status, byAsker.text).toBe(200);
  });

  describe('$bser-feedback', () => {
    it('is a document about what came of the referral', async () => {
      const referral = await refer(clinic, program.organization);
      await move(program, referral, { status: 'accepted' });
      const procedure = await program.create<Procedure>({
        resourceType: 'Procedure',
        status: 'completed',
        code: { text: 'Food <boxes> & advice' },
        subject: reference(referral.patient) as Procedure['subject'],
      });
      const output: Task['output'] = [{ type: { text: 'Result' }, valueReference: reference(procedure) }];
      const early = await clinic.get(`/Task/${referral.task.id}/$bser-feedback`);
      expect([early.status, early.json.issue[0].details.text]).toEqual([
        422,
        'This referral is accepted: there is feedback when it is completed.',
      ]);
      await move(program, referral, {
        status: 'completed',
        output,
        note: [{ text: 'Took <all> of it & more' }],
      });
      const answer = await clinic.get(`/Task/${referral.task.id}/$bser-feedback`);
      expect(answer.status, answer.text).toBe(200);
      const document = answer.json as Bundle;
      const resources = (document.entry ?? []).map(one => one.resource as Resource);
      expect(document.type).toBe('document');
      expect(resources.map(one => one.resourceType)).toEqual([
        'Composition',
        'Observation',
        'Task',
        'ServiceRequest',
        'Patient',
        'Organization',
        'Organization',
        'Procedure',
      ]);
      const composition = resources[0] as Composition;
      expect(composition.section?.[0]).toMatchObject({
        code: { coding: [{ code: 'RSRFS' }] },
        focus: reference(referral.request),
      });
      expect(composition.section?.[0]?.text?.div).toContain('Took &lt;all&gt; of it &amp; more');
      expect(composition.section?.[1]?.entry).toEqual([reference(procedure)]);
      expect(resources[1]).toMatchObject({
        valueString: 'completed: Service Request Fulfillment Completed (7.0)',
      });
      // Every part of the document is a valid resource, and every reference of the Composition is in it.
      for (const resource of [document, ...resources]) {
        const told = await clinic.request(
          'POST',
          `/${resource.resourceType}/$validate?mode=profile`,
          resource,
        );
        const errors = told.json.issue.filter((one: { severity: string }) => one.severity === 'error');
        expect(errors, resource.resourceType).toEqual([]);
      }
      const urls = (document.entry ?? []).map(one => one.fullUrl?.replace(`${hub.hub.parts.baseUrl}/`, ''));
      for (const named of JSON.stringify(composition).matchAll(/"reference":"([^"]+)"/g))
        expect(urls).toContain(named[1]);
      expect((await clinic.get(`/Task/${referral.task.id}/$bser-feedback`)).text).toBe(answer.text);
    });
  });
});
