import type { Appointment, Bundle, Parameters, Subscription } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eachDatabase } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { isSigned, type Received, type Receiver, startReceiver } from '../harness/receiver.ts';
import { refer, treatingOrganization } from '../harness/referral.ts';
import { loopback, onCriteria, onTopic, subscribe } from '../harness/subscriptions.ts';

const parametersOf = (one: Received): Parameters => (one.json as Bundle).entry?.[0]?.resource as Parameters;
const valueIn = (one: Received, name: string): unknown => {
  const found = parametersOf(one).parameter?.find(parameter => parameter.name === name);
  return Object.entries(found ?? {}).find(([key]) => key.startsWith('value'))?.[1];
};
const eventOf = (one: Received, name: string): unknown => {
  const event = parametersOf(one).parameter?.find(parameter => parameter.name === 'notification-event');
  const part = event?.part?.find(found => found.name === name);
  return Object.entries(part ?? {}).find(([key]) => key.startsWith('value'))?.[1];
};

eachDatabase('subscriptions', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let other: Party;
  let receiver: Receiver;

  beforeAll(async () => {
    hub = await startTestHub(database, { ...loopback, HUB_LOG: 'silent' });
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    other = await hub.party('other', { organization: treatingOrganization });
    receiver = await startReceiver();
  });
  beforeEach(() => {
    receiver.received.length = 0;
    receiver.answer(200);
  });
  afterAll(async () => {
    await hub.stop();
    await receiver.close();
  });

  const drain = () => hub.hub.delivery.drain();
  const statusOf = async (party: Party, id: string): Promise<Subscription> =>
    (await party.get(`/Subscription/${id}`)).json;
  const end = async (party: Party, id: string) => {
    const current = await statusOf(party, id);
    expect((await party.update({ ...current, status: 'off' })).status).toBe(200);
  };

  it('is requested, becomes active by a handshake, tells of what matches, and of nothing when off', async () => {
    const criteria = `Task?owner=${center.organization}&status=requested`;
    const { id, secret } = await subscribe(center, onCriteria(criteria, receiver.url));
    expect((await statusOf(center, id)).status).toBe('requested');
    await drain();
    expect((await statusOf(center, id)).status).toBe('active');
    expect(receiver.received.map(one => [one.method, one.path, one.body])).toEqual([['POST', '/hook', '']]);
    receiver.received.length = 0;
    await refer(hospital, center.organization);
    await refer(hospital, other.organization);
    await drain();
    expect(receiver.received).toHaveLength(1);
    const [one] = receiver.received as [Received];
    expect(isSigned(one, secret)).toBe(true);
    expect(isSigned({ ...one, body: '{}' }, secret)).toBe(false);
    receiver.received.length = 0;
    await end(center, id);
    await refer(hospital, center.organization);
    await drain();
    expect(receiver.received).toEqual([]);
  });

  it('sends the resource itself, by PUT, where a payload is asked for', async () => {
    const { id } = await subscribe(
      center,
      onCriteria(`Task?owner=${center.organization}`, `${receiver.url}/`, {
        payload: 'application/fhir+json',
      }),
    );
    await drain();
    receiver.received.length = 0;
    const { task } = await refer(hospital, center.organization);
    await drain();
    const last = receiver.received.at(-1);
    expect([last?.method, last?.path]).toEqual(['PUT', `/hook/Task/${task.id}`]);
    expect(last?.json.id).toBe(task.id);
    await end(center, id);
  });

  it('tells both parties of an Appointment: booked, moved, and called off with the referral', async () => {
    const wanted = { payload: 'application/fhir+json' };
    const party = async (of: Party, hook: string) => {
      const on = onCriteria('Appointment?status=booked,cancelled', `${receiver.url}/${hook}`, wanted);
      return (await subscribe(of, on)).id;
    };
    const ids = [
      await party(hospital, 'hospital'),
      await party(center, 'center'),
      await party(other, 'other'),
    ];
    await drain();
    receiver.received.length = 0;
    const { task, request } = await refer(hospital, center.organization);
    const act = async (by: Party, name: string, ...parameter: object[]) => {
      const body = { resourceType: 'Parameters', parameter };
      const { status, text } = await by.request('POST', `/Task/${task.id}/$${name}`, body);
      expect(status, text).toBe(200);
      await drain();
    };
    const start = (days: number) => {
      const at = new Date(hub.clock.now().getTime() + days * 86_400_000);
      return { name: 'start', valueDateTime: at.toISOString() };
    };
    await act(center, 'accept', start(2));
    await act(center, 'schedule', start(3));
    const comment = { name: 'comment', valueString: 'Moved' };
    await act(hospital, 'cancel', comment, { name: 'at-once', valueBoolean: true });
    const told = (hook: string) =>
      receiver.received
        .filter(one => one.path.startsWith(`/hook/${hook}/Appointment/`))
        .map(({ method, json }) => [method, (json as Appointment).status, (json as Appointment).start]);
    const [first, second] = [start(2).valueDateTime, start(3).valueDateTime];
    const all = [
      ['PUT', 'booked', first],
      ['PUT', 'booked', second],
      ['PUT', 'cancelled', second],
    ];
    expect(told('hospital')).toEqual(all);
    expect(told('center')).toEqual(all);
    expect(told('other')).toEqual([]);
    const newest = receiver.received.at(-1)?.json as Appointment;
    expect(newest.basedOn).toEqual([{ reference: `ServiceRequest/${request.id}` }]);
    for (const [at, by] of [hospital, center, other].entries()) await end(by, ids[at] ?? '');
  });

  it('takes the references of an Appointment as criteria, and no chain', async () => {
    const own = `Appointment?actor=${center.organization}`;
    const refused = await center.request(
      'POST',
      '/Subscription',
      onCriteria('Appointment?actor.name=x', receiver.url),
    );
    expect(refused.status).toBe(422);
    const { id } = await subscribe(center, onCriteria(own, receiver.url));
    await end(center, id);
  });

  describe('on a topic', () => {
    it.each(['empty', 'id-only', 'full-resource'] as const)('sends %s notifications', async content => {
      const { id } = await subscribe(
        center,
        onTopic('Task', receiver.url, { content, filter: `owner=${center.organization}` }),
      );
      await drain();
      const [greeting] = receiver.received as [Received];
      expect(valueIn(greeting, 'type')).toBe('handshake');
      receiver.received.length = 0;
      const { task } = await refer(hospital, center.organization);
      await refer(hospital, other.organization);
      await drain();
      expect(receiver.received.length).toBeGreaterThan(0);
      const [first] = receiver.received as [Received];
      expect(first.json).toMatchObject({ resourceType: 'Bundle', type: 'history' });
      expect(valueIn(first, 'type')).toBe('event-notification');
      expect(eventOf(first, 'event-number')).toBe('1');
      const focus = (eventOf(first, 'focus') as { reference: string } | undefined)?.reference;
      const entries = (first.json as Bundle).entry ?? [];
      if (content === 'empty') expect([focus, entries.length]).toEqual([undefined, 1]);
      else expect(focus).toBe(`${hub.url}/fhir/Task/${task.id}`);
      expect(entries[1]?.resource?.id).toBe(content === 'full-resource' ? task.id : undefined);
      const numbers = receiver.received.map(one => Number(eventOf(one, 'event-number')));
      expect(numbers).toEqual(numbers.map((_, at) => at + 1));
      const status = (await center.get(`/Subscription/${id}/$status`)).json as Bundle<Parameters>;
      const count = status.entry?.[0]?.resource?.parameter?.find(
        one => one.name === 'events-since-subscription-start',
      );
      expect(count?.valueString).toBe(String(numbers.length));
      const again = await center.get(`/Subscription/${id}/$events?eventsSinceNumber=1&eventsUntilNumber=1`);
      expect(
        again.json.entry[0].resource.parameter.filter(
          (one: { name: string }) => one.name === 'notification-event',
        ),
      ).toHaveLength(1);
      expect((await other.get(`/Subscription/${id}/$status`)).status).toBe(404);
      expect((await other.get(`/Subscription/${id}/$events`)).status).toBe(404);
      await end(center, id);
    });
  });

  const refused: [what: string, Subscription, expression: string][] = [
    ['another channel', onCriteria('Task', 'x', { type: 'email' }), 'Subscription.channel.type'],
    ['another type', onCriteria('Patient?name=x', 'https://x.example/'), 'Subscription.criteria'],
    ['a chain', onCriteria('Task?patient.name=x', 'http://127.0.0.1/'), 'Subscription.criteria'],
    ['an unknown parameter', onCriteria('Task?colour=red', 'http://127.0.0.1/'), 'Subscription.criteria'],
    [
      'a filter the topic has not',
      onTopic('Task', 'http://127.0.0.1/', { filter: 'note=1' }),
      'Subscription.criteria',
    ],
    ['an address of the network', onCriteria('Task', 'http://10.0.0.1/'), 'Subscription.channel.endpoint'],
    ['the metadata service', onCriteria('Task', 'http://169.254.169.254/'), 'Subscription.channel.endpoint'],
    ['another loopback name', onCriteria('Task', 'http://[::1]/'), 'Subscription.channel.endpoint'],
    ['a file', onCriteria('Task', 'file:///etc/passwd'), 'Subscription.channel.endpoint'],
    [
      'XML',
      onCriteria('Task', 'http://127.0.0.1/', { payload: 'application/fhir+xml' }),
      'Subscription.channel.payload',
    ],
    [
      'a header of the hub',
      onCriteria('Task', 'http://127.0.0.1/', { header: ['Webhook-Id: 1'] }),
      'Subscription.channel.header',
    ],
    [
      'a header in two lines',
      onCriteria('Task', 'http://127.0.0.1/', { header: ['A: b\r\nC: d'] }),
      'Subscription.channel.header',
    ],
  ];
  it.each(refused)('refuses %s', async (_what, subscription, expression) => {
    const answer = await center.request('POST', '/Subscription', subscription);
    expect([answer.status, answer.json.issue[0].expression], answer.text).toEqual([422, [expression]]);
  });

  it('asks for the scope to read what it tells of', async () => {
    const narrow = await hub.party(`narrow-${database.name}`, {
      of: 'center',
      scope: 'system/Subscription.cruds',
    });
    const answer = await narrow.request('POST', '/Subscription', onCriteria('Task', receiver.url));
    expect(answer.status).toBe(403);
  });

  it('sends headers, shows them to nobody, and never to another endpoint', async () => {
    const header = ['Authorization: Bearer our-own-secret'];
    const { id, answer } = await subscribe(center, onCriteria('Task?status=draft', receiver.url, { header }));
    expect(answer.text).not.toContain('our-own-secret');
    await drain();
    expect(receiver.received[0]?.headers.authorization).toBe('Bearer our-own-secret');
    const current = await statusOf(center, id);
    expect(JSON.stringify(current)).not.toContain('our-own-secret');
    expect((await center.get(`/Subscription/${id}/_history`)).text).not.toContain('our-own-secret');
    const moved = { ...current, channel: { ...current.channel, endpoint: `${receiver.url}/elsewhere` } };
    const refusal = await center.update(moved);
    expect([refusal.status, refusal.json.issue[0].expression]).toEqual([
      422,
      ['Subscription.channel.header'],
    ]);
    const same = await center.update({ ...current, reason: 'Another reason' });
    expect([same.status, same.json.status]).toEqual([200, 'active']);
    await end(center, id);
  });

  it('tries again with the same id, parks in sight, and goes on after $retry', async () => {
    const { id } = await subscribe(
      center,
      onTopic('Task', receiver.url, { filter: `owner=${center.organization}` }),
    );
    await drain();
    receiver.received.length = 0;
    receiver.answer(503);
    await refer(hospital, center.organization);
    for (let round = 0; round < 20; round++) {
      await drain();
      hub.clock.advance({ hours: 1 });
    }
    const ids = new Set(receiver.received.map(one => one.headers['webhook-id']));
    expect(ids.size).toBe(1);
    expect(receiver.received).toHaveLength(16);
    const parked = await statusOf(center, id);
    expect([parked.status, parked.error]).toEqual([
      'error',
      'A notification was not taken: the receiver answered HTTP 503.',
    ]);
    receiver.answer(200);
    const [first] = ids;
    receiver.received.length = 0;
    expect(
      (await center.request('POST', `/Subscription/${id}/$retry`, { resourceType: 'Parameters' })).status,
    ).toBe(200);
    await drain();
    expect((await statusOf(center, id)).status).toBe('active');
    expect(receiver.received.map(one => valueIn(one, 'type')).slice(0, 2)).toEqual([
      'handshake',
      'event-notification',
    ]);
    expect(receiver.received[1]?.headers['webhook-id']).toBe(first);
    expect(eventOf(receiver.received[1] as Received, 'event-number')).toBe('1');
    await end(center, id);
  });

  it('follows no redirect, and is in error when nobody answers the handshake', async () => {
    receiver.answer(302);
    const { id } = await subscribe(center, onCriteria('Task?status=draft', receiver.url));
    for (let round = 0; round < 6; round++) {
      await drain();
      hub.clock.advance({ minutes: 5 });
    }
    expect(await statusOf(center, id)).toMatchObject({
      status: 'error',
      error: 'The handshake was not taken: the receiver answered HTTP 302.',
    });
    expect(receiver.received).toHaveLength(4);
    await end(center, id);
  });

  it('ends by itself', async () => {
    const at = new Date(hub.clock.now().getTime() + 60_000).toISOString();
    const { id } = await subscribe(center, { ...onCriteria('Task', receiver.url), end: at });
    await drain();
    expect((await statusOf(center, id)).status).toBe('active');
    hub.clock.advance({ minutes: 2 });
    await hub.hub.delivery.tick(hub.clock.now());
    expect((await statusOf(center, id)).status).toBe('off');
  });

  it('tells nothing for a client that is suspended, and what waited when it is back', async () => {
    const late = await hub.party(`late-${database.name}`, { of: 'center' });
    const { id } = await subscribe(
      late,
      onTopic('Task', receiver.url, { filter: `owner=${center.organization}` }),
    );
    await drain();
    receiver.received.length = 0;
    await hub.hub.authorization.clients.suspend(late.name);
    await refer(hospital, center.organization);
    await drain();
    expect(receiver.received).toEqual([]);
    await hub.hub.authorization.clients.resume(late.name);
    hub.clock.advance({ minutes: 1 });
    await drain();
    expect(receiver.received.length).toBeGreaterThan(0);
    await end(center, id);
  });

  it('tells who may not see it nothing, not even by a number', async () => {
    const { id } = await subscribe(other, onTopic('Task', receiver.url, { content: 'full-resource' }));
    await drain();
    receiver.received.length = 0;
    await refer(hospital, center.organization);
    await drain();
    expect(receiver.received).toEqual([]);
    const { task } = await refer(hospital, other.organization);
    await drain();
    expect(receiver.received.length).toBeGreaterThan(0);
    expect(receiver.received.every(one => one.body.includes(task.id))).toBe(true);
    expect(eventOf(receiver.received[0] as Received, 'event-number')).toBe('1');
    await end(other, id);
  });
});
