import type { Bundle, Condition, Observation, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import {
  communityOrganization,
  type Referral,
  refer,
  reference,
  treatingOrganization,
} from '../harness/referral.ts';

const ids = (answer: Answer): string[] =>
  ((answer.json as Bundle).entry ?? [])
    .map(entry => `${entry.resource?.resourceType}/${entry.resource?.id}`)
    .sort();

eachDatabase('who sees what', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let shelter: Party;
  let stranger: Party;
  let referral: Referral;
  let attached: Condition & { id: string };
  let other: Condition & { id: string };
  let labelled: Observation & { id: string };

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    shelter = await hub.party('shelter', { organization: communityOrganization });
    stranger = await hub.party('stranger', { organization: treatingOrganization });
    const patient = await hospital.create({
      resourceType: 'Patient',
      identifier: [{ system: 'urn:mrn', value: 'secret-1' }],
      name: [{ family: 'Hidden' }],
    });
    const about = { subject: reference(patient) };
    attached = await hospital.create<Condition>({
      resourceType: 'Condition',
      code: { text: 'attached' },
      ...about,
    });
    other = await hospital.create<Condition>({
      resourceType: 'Condition',
      code: { text: 'not attached' },
      ...about,
    });
    labelled = await hospital.create<Observation>({
      resourceType: 'Observation',
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'SUD' }] },
      status: 'final',
      code: { text: 'substance use' },
      ...about,
    });
    referral = await refer(hospital, center.organization, {
      of: patient as never,
      request: { reasonReference: [reference(attached)] },
    });
  });
  afterAll(() => hub.stop());

  describe('a second hospital sees none of it', () => {
    it.each([
      ['a search', () => '/Task'],
      ['a search by id', () => `/Task?_id=${referral.task.id}`],
      ['a search by the patient', () => `/Task?patient=Patient/${referral.patient.id}`],
      ['a chain', () => '/ServiceRequest?subject:Patient.identifier=secret-1'],
      ['_has', () => '/Patient?_has:Task:patient:status=requested'],
      ['a sort', () => '/Patient?_sort=family'],
      ['an include', () => '/Task?_include=*'],
      ['a reverse include', () => '/Organization?_id=hospital&_revinclude=Task:requester'],
      ['a system search', () => '/?_type=Patient,Task,ServiceRequest'],
      ['a type history', () => '/Task/_history'],
    ])('%s', async (_name, path) => {
      expect(ids(await stranger.get(path())).filter(id => !id.startsWith('Organization/'))).toEqual([]);
    });

    it('the whole history', async () => {
      const seen = ids(await stranger.get('/_history?_count=1000'));
      expect(seen.filter(id => !id.startsWith('Organization/'))).toEqual([]);
    });

    it('counts', async () => {
      for (const path of [
        '/Task?_summary=count',
        '/Patient?_total=accurate',
        `/Condition?patient=${referral.patient.id}&_summary=count`,
      ]) {
        expect((await stranger.get(path)).json.total).toBe(0);
      }
    });

    it('a Bundle: reads, references and conditions find nothing', async () => {
      const entry = (method: string, url: string, resource?: object) => ({
        ...(resource ? { resource } : {}),
        request: { method, url },
      });
      const batch = await stranger.request('POST', '/', {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [
          entry('GET', `Patient/${referral.patient.id}`),
          entry('GET', 'Patient?identifier=secret-1'),
          entry('POST', 'Condition', { resourceType: 'Condition', subject: reference(referral.patient) }),
          entry('POST', 'Condition', {
            resourceType: 'Condition',
            subject: { reference: 'Patient?identifier=secret-1' },
          }),
          entry('DELETE', `Task/${referral.task.id}`),
        ],
      });
      const entries = batch.json.entry as { response: { status: string }; resource?: Bundle }[];
      expect(entries.map(one => one.response.status.slice(0, 3))).toEqual([
        '404',
        '200',
        '422',
        '422',
        '404',
      ]);
      expect(entries[1]?.resource?.entry).toBeUndefined();
    });

    it('absent and forbidden answer with the same bytes', async () => {
      const { id } = referral.patient;
      const absent = id.replace(/.$/, last => (last === '0' ? '1' : '0'));
      const same = async (
        method: string,
        path: (id: string) => string,
        body?: (id: string) => unknown,
        headers?: Record<string, string>,
      ) => {
        const one = await stranger.request(method, path(id), body?.(id), headers);
        const two = await stranger.request(method, path(absent), body?.(absent), headers);
        expect([one.status, one.text.replaceAll(id, '*')]).toEqual([
          two.status,
          two.text.replaceAll(absent, '*'),
        ]);
        // The tag of a search is a digest of its answer, which names what was asked for.
        if (!path('').includes('?')) expect(one.headers.get('etag')).toBe(two.headers.get('etag'));
      };
      const patient = (of: string) => ({ resourceType: 'Patient', id: of });
      await same('GET', of => `/Patient/${of}`);
      await same('GET', of => `/Patient/${of}/_history`);
      await same('GET', of => `/Patient/${of}/_history/1`);
      await same('PUT', of => `/Patient/${of}`, patient);
      await same('PUT', of => `/Patient/${of}`, patient, { 'If-Match': 'W/"1"' });
      await same(
        'PATCH',
        of => `/Patient/${of}`,
        () => [],
        { 'Content-Type': 'application/json-patch+json' },
      );
      await same('DELETE', of => `/Patient/${of}`);
      await same(
        'POST',
        () => '/Condition',
        of => ({ resourceType: 'Condition', subject: { reference: `Patient/${of}` } }),
      );
      await same('GET', of => `/Condition?patient=${of}`);
    });
  });

  describe('offered: the packet, and nothing else', () => {
    it('shows the request, the person and what was attached', async () => {
      const packet = [
        `Task/${referral.task.id}`,
        `ServiceRequest/${referral.request.id}`,
        `Patient/${referral.patient.id}`,
        `Condition/${attached.id}`,
      ];
      for (const path of packet) expect((await center.get(`/${path}`)).status, path).toBe(200);
      expect(
        ids(await center.get(`/Task?_id=${referral.task.id}&_include=Task:focus&_include=Task:patient`)),
      ).toEqual(
        [
          `Task/${referral.task.id}`,
          `ServiceRequest/${referral.request.id}`,
          `Patient/${referral.patient.id}`,
        ].sort(),
      );
    });

    it('does not show the rest of the record, by any path', async () => {
      expect((await center.get(`/Condition/${other.id}`)).status).toBe(404);
      expect(ids(await center.get(`/Condition?patient=${referral.patient.id}`))).toEqual([
        `Condition/${attached.id}`,
      ]);
      const reverse = ids(
        await center.get(`/Patient?_id=${referral.patient.id}&_revinclude=Condition:subject`),
      );
      expect(reverse).not.toContain(`Condition/${other.id}`);
    });

    it('does not let the one who is asked change the request or the person', async () => {
      expect((await center.update({ ...referral.request, status: 'revoked' })).status).toBe(403);
      expect((await center.update({ ...referral.patient, gender: 'other' })).status).toBe(403);
      expect((await center.request('DELETE', `/Task/${referral.task.id}`)).status).toBe(403);
    });
  });

  describe('accepted', () => {
    it('opens the record to a treating provider, but not what needs a consent', async () => {
      const task = (await center.get(`/Task/${referral.task.id}`)).json as Task;
      const accepted = await center.update({ ...task, status: 'accepted' });
      expect(accepted.status, accepted.text).toBe(200);
      expect((await center.get(`/Condition/${other.id}`)).status).toBe(200);
      expect((await center.get(`/Observation/${labelled.id}`)).status).toBe(404);
      expect(ids(await center.get(`/Observation?patient=${referral.patient.id}`))).toEqual([]);
      expect((await hospital.get(`/Observation/${labelled.id}`)).status).toBe(200);
    });

    it("does not open the center's later notes to the source", async () => {
      const note = await center.create({
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'progress' },
        subject: reference(referral.patient),
      });
      expect((await hospital.get(`/Observation/${note.id}`)).status).toBe(404);
    });

    it('opens only the packet to who does not treat', async () => {
      const bed = await refer(hospital, shelter.organization, { of: referral.patient as never });
      const task = (await shelter.get(`/Task/${bed.task.id}`)).json as Task;
      expect((await shelter.update({ ...task, status: 'accepted' })).status).toBe(200);
      expect((await shelter.get(`/Patient/${referral.patient.id}`)).status).toBe(200);
      expect(ids(await shelter.get(`/Condition?patient=${referral.patient.id}`))).toEqual([]);
    });

    it('ends a month after completion, and a later note does not begin the month anew', async () => {
      const brief = await hub.party(`brief-${database.name}`, { organization: communityOrganization });
      const bed = await refer(hospital, brief.organization, { of: referral.patient as never });
      const put = async (change: Partial<Task>) => {
        const task = (await hospital.get(`/Task/${bed.task.id}`)).json as Task;
        const again = await hub.party(`brief-${Math.random()}`, { of: brief.name });
        return { answer: await again.update({ ...task, ...change } as Task), again };
      };
      await put({ status: 'accepted' });
      await put({ status: 'completed', output: [{ type: { text: 'stay' }, valueString: 'two nights' }] });
      const start = hub.clock.now().toISOString();
      hub.clock.advance({ days: 20 });
      hospital = await hub.party(`hospital-later-${database.name}`, { of: 'hospital' });
      const noted = await put({ note: [{ text: 'A coat was left behind.' }] });
      expect(noted.answer.status, noted.answer.text).toBe(200);
      expect((await noted.again.get(`/Patient/${referral.patient.id}`)).status).toBe(200);
      hub.clock.advance({ days: 11 });
      const late = await hub.party(`brief-late-${database.name}`, { of: brief.name });
      expect((await late.get(`/Patient/${referral.patient.id}`)).status).toBe(404);
      hub.clock.set(start);
      hospital = await hub.party(`hospital-again-${database.name}`, { of: 'hospital' });
    });

    it('ends with a refusal: who declined keeps the Task, not the person', async () => {
      const declined = await refer(hospital, stranger.organization, { of: referral.patient as never });
      expect((await stranger.get(`/Patient/${referral.patient.id}`)).status).toBe(200);
      const task = (await stranger.get(`/Task/${declined.task.id}`)).json as Task;
      await stranger.update({ ...task, status: 'rejected', statusReason: { text: 'no capacity' } });
      expect((await stranger.get(`/Task/${declined.task.id}`)).status).toBe(200);
      expect((await stranger.get(`/Patient/${referral.patient.id}`)).status).toBe(404);
      expect((await stranger.get(`/ServiceRequest/${declined.request.id}`)).status).toBe(404);
    });
  });

  describe('passed on', () => {
    it('opens no more than the sender holds: a shelter’s own referral carries the packet, not the record', async () => {
      const clinic = await hub.party(`clinic-${database.name}`, { organization: treatingOrganization });
      const onward = await refer(shelter, clinic.organization, { of: referral.patient as never });
      const task = (await clinic.get(`/Task/${onward.task.id}`)).json as Task;
      expect((await clinic.update({ ...task, status: 'accepted' })).status).toBe(200);
      expect((await clinic.get(`/Patient/${referral.patient.id}`)).status).toBe(200);
      expect((await clinic.get(`/Condition/${other.id}`)).status).toBe(404);
    });

    it('offers a Task without an owner to those it names, and to nobody else', async () => {
      const open = await refer(hospital, '', {
        of: referral.patient as never,
        task: { owner: undefined, restriction: { recipient: [{ reference: center.organization }] } },
      });
      expect((await shelter.get(`/Task/${open.task.id}`)).status).toBe(404);
      const task = (await center.get(`/Task/${open.task.id}`)).json as Task;
      const claimed = await center.update({
        ...task,
        status: 'accepted',
        owner: { reference: center.organization },
      });
      expect([claimed.status, claimed.json.owner?.reference], claimed.text).toEqual([
        200,
        center.organization,
      ]);
    });
  });

  describe("in another's name", () => {
    it.each([
      [
        'ServiceRequest',
        () => ({
          status: 'active',
          intent: 'order',
          subject: reference(referral.patient),
          requester: { reference: hospital.organization },
        }),
      ],
      [
        'EpisodeOfCare',
        () => ({
          status: 'planned',
          patient: reference(referral.patient),
          managingOrganization: { reference: hospital.organization },
        }),
      ],
      ['HealthcareService', () => ({ providedBy: { reference: hospital.organization }, name: 'x' })],
    ])('%s is refused', async (resourceType, body) => {
      const answer = await center.request('POST', `/${resourceType}`, { resourceType, ...body() });
      expect(answer.status, answer.text).toBe(403);
      expect(answer.json.issue[0].details.text).toContain('name your own organization');
    });

    it('a relationship cannot be taken: an own episode opens nobody’s record', async () => {
      const thief = await hub.party(`thief-${database.name}`, { organization: treatingOrganization });
      const offer = await refer(hospital, thief.organization, { of: referral.patient as never });
      expect((await thief.get(`/Task/${offer.task.id}`)).status).toBe(200);
      const episode = {
        resourceType: 'EpisodeOfCare',
        status: 'active',
        patient: reference(referral.patient),
        managingOrganization: { reference: thief.organization },
      };
      await thief.request('POST', '/EpisodeOfCare', episode);
      const team = {
        resourceType: 'CareTeam',
        status: 'active',
        subject: reference(referral.patient),
        participant: [{ member: { reference: thief.organization } }],
      };
      await thief.request('POST', '/CareTeam', team);
      expect((await thief.get(`/Condition/${other.id}`)).status).toBe(404);
    });
  });
});
