import type { Bundle, Communication, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Answer, type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type Referral, refer, treatingOrganization } from '../harness/referral.ts';
import { call, text } from './calls.ts';

type Message = Communication & { id: string };

eachDatabase('messages on a referral', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let stranger: Party;
  let referral: Referral;

  beforeAll(async () => {
    hub = await startTestHub(database);
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    stranger = await hub.party('stranger', { organization: treatingOrganization });
    referral = await refer(hospital, center.organization);
  });
  afterAll(() => hub.stop());

  const thread = async (party: Party, task = referral.task.id): Promise<Message[]> =>
    (
      ((await party.get(`/Communication?based-on=Task/${task}&_sort=sent,_id`)).json as Bundle).entry ?? []
    ).map(one => one.resource as Message);
  const words = (messages: Message[]) => messages.map(one => one.payload?.[0]?.contentString);
  const wrong = (answer: Answer) => [answer.status, answer.json.issue[0].details.text];

  it('are seen by both parties, and by nobody else', async () => {
    await call(hospital, referral.task.id, 'message', text('text', 'She speaks Spanish.'));
    hub.clock.advance({ minutes: 1 });
    await call(center, referral.task.id, 'message', text('text', 'We have an interpreter.'));
    const both = ['She speaks Spanish.', 'We have an interpreter.'];
    expect(words(await thread(hospital))).toEqual(both);
    expect(words(await thread(center))).toEqual(both);
    expect(await thread(stranger)).toEqual([]);
    for (const { id } of await thread(center)) {
      expect((await stranger.get(`/Communication/${id}`)).status).toBe(404);
      expect((await stranger.get(`/Communication/${id}/_history`)).status).toBe(404);
    }
    expect((await stranger.get('/Communication?_summary=count')).json.total).toBe(0);
  });

  it('are the same by POST, with who sends and when filled in', async () => {
    const made = await hospital.create<Communication>({
      resourceType: 'Communication',
      status: 'completed',
      about: [{ reference: `ServiceRequest/${referral.request.id}` }],
      payload: [{ contentString: 'The bus does not run on Sunday.' }],
    });
    expect([made.sender?.reference, made.sent]).toEqual([
      hospital.organization,
      hub.clock.now().toISOString(),
    ]);
    expect((await center.get(`/Communication/${made.id}`)).status).toBe(200);
    expect((await stranger.get(`/Communication/${made.id}`)).status).toBe(404);
  });

  it('one call is one message, by its identifier', async () => {
    const once = { name: 'identifier', valueIdentifier: { system: 'urn:ehr', value: 'm-1' } };
    const before = (await thread(hospital)).length;
    for (let i = 0; i < 2; i++)
      expect((await call(hospital, referral.task.id, 'message', text('text', 'Once.'), once)).status).toBe(
        200,
      );
    expect((await thread(hospital)).length).toBe(before + 1);
  });

  describe('a receipt', () => {
    let message: Message;
    beforeAll(async () => {
      message = await hospital.create<Communication>({
        resourceType: 'Communication',
        status: 'completed',
        basedOn: [{ reference: `Task/${referral.task.id}` }],
        recipient: [{ reference: center.organization }],
        payload: [{ contentString: 'Please call the ward.' }],
      });
    });
    const received = '2026-03-02T09:30:00Z';

    it('is not the sender’s to write', async () => {
      const answer = await hospital.update({ ...message, received });
      expect(wrong(answer)).toEqual([
        422,
        'Communication.received is said once, by an organization that the message is for: leave it out or as it is.',
      ]);
      const sent = await hospital.request('POST', '/Communication', { ...message, id: undefined, received });
      expect(sent.status).toBe(422);
    });

    it('nor a stranger’s, nor is anything else the recipient’s', async () => {
      expect((await stranger.update({ ...message, received })).status).toBe(404);
      const other = { ...message, received, payload: [{ contentString: 'Please do not call.' }] };
      expect((await center.update(other)).status).toBe(403);
    });

    it('of what is no message on a referral is its owner’s, as of any resource', async () => {
      const call = await hospital.create<Communication>({
        resourceType: 'Communication',
        status: 'completed',
        received,
        payload: [{ contentString: 'Called the ward.' }],
      });
      const { received: _none, ...without } = call;
      expect((await center.update(without)).status).toBe(404);
      expect((await hospital.update(without)).status).toBe(200);
    });

    it('is the recipient’s, once, and the sender sees it', async () => {
      expect((await center.update({ ...message, received })).status).toBe(200);
      expect((await hospital.get(`/Communication/${message.id}`)).json.received).toBe(received);
      const again = await center.update({ ...message, received: '2026-03-02T10:00:00Z' });
      expect(again.status).toBe(422);
    });

    it('what was sent stays', async () => {
      const stored = (await hospital.get(`/Communication/${message.id}`)).json as Message;
      const answer = await hospital.update({ ...stored, payload: [{ contentString: 'Never mind.' }] });
      expect(wrong(answer)[1]).toMatch(/^Communication.payload stays as it was sent/);
      expect((await hospital.update({ ...stored, status: 'entered-in-error' })).status).toBe(200);
    });
  });

  it('nobody writes in the name of another', async () => {
    const answer = await center.request('POST', '/Communication', {
      resourceType: 'Communication',
      status: 'completed',
      basedOn: [{ reference: `Task/${referral.task.id}` }],
      sender: { reference: hospital.organization },
      payload: [{ contentString: 'The hospital says yes.' }],
    });
    expect(answer.status).toBe(403);
  });

  it('of several who are asked, none reads what another writes, and the sender reads all', async () => {
    const { request, patient } = referral;
    const second = await hospital.create<Task>({
      ...(referral.task as Task),
      id: undefined as never,
      meta: undefined as never,
      focus: { reference: `ServiceRequest/${request.id}` },
      for: { reference: `Patient/${patient.id}` },
      owner: { reference: stranger.organization },
      status: 'requested',
    });
    await call(stranger, second.id, 'message', text('text', 'How old is she?'));
    const about = await center.create<Communication>({
      resourceType: 'Communication',
      status: 'completed',
      basedOn: [{ reference: `ServiceRequest/${request.id}` }],
      payload: [{ contentString: 'Only for the hospital.' }],
    });
    expect(words(await thread(hospital, second.id))).toEqual(['How old is she?']);
    expect(await thread(center, second.id)).toEqual([]);
    expect((await stranger.get(`/Communication/${about.id}`)).status).toBe(404);
    expect((await hospital.get(`/Communication/${about.id}`)).status).toBe(200);
  });
});
