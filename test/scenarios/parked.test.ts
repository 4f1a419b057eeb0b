import type { Subscription, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { actorOf } from '../../src/access/roles.ts';
import { type AuditRecord, fromRow } from '../../src/audit/entry.ts';
import { parkOperation } from '../../src/events/park.ts';
import { keyOf } from '../../src/store/audit/keys.ts';
import { onSqlite } from '../harness/databases.ts';
import { type Party, startTestHub, type TestHub } from '../harness/hub.ts';
import { type Receiver, startReceiver } from '../harness/receiver.ts';
import { refer, treatingOrganization } from '../harness/referral.ts';
import { loopback, onTopic, subscribe } from '../harness/subscriptions.ts';

onSqlite('what is parked', database => {
  let hub: TestHub;
  let hospital: Party;
  let center: Party;
  let receiver: Receiver;
  let operator: Actor;

  beforeAll(async () => {
    hub = await startTestHub(database, { ...loopback, HUB_LOG: 'silent' });
    hospital = await hub.party('hospital', { organization: treatingOrganization });
    center = await hub.party('center', { organization: treatingOrganization });
    receiver = await startReceiver();
    const organization = hub.hub.parts.hubOrganization;
    operator = actorOf({ account: 'operator', organization, role: 'network-administrator' });
  });
  afterAll(async () => {
    await hub.stop();
    await receiver.close();
  });

  const parked = () => hub.hub.parked;
  /** Tokens do not outlive what waits for hours. */
  const signInAgain = async () => {
    hospital = await hub.party('hospital-again', { of: 'hospital' });
    center = await hub.party('center-again', { of: 'center' });
  };

  it('a Subscription in error is listed once with what waits, and resumed by the operator in order', async () => {
    const filter = `owner=${center.organization}`;
    const { id } = await subscribe(center, onTopic('Task', `${receiver.url}?key=secret`, { filter }));
    await hub.hub.delivery.drain();
    receiver.answer(503);
    await refer(hospital, center.organization);
    await refer(hospital, center.organization);
    for (let round = 0; round < 20; round++) {
      await hub.hub.delivery.drain();
      hub.clock.advance({ hours: 1 });
    }
    const [item, ...others] = await parked().list(operator);
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      kind: 'subscription',
      about: `Subscription/${id} of ${center.organization}, to 127.0.0.1`,
      error: 'the receiver answered HTTP 503',
      waiting: 2,
    });
    receiver.answer(200);
    receiver.received.length = 0;
    expect(await parked().retry(operator, item?.id ?? '')).toEqual({ outcome: 'sending' });
    await hub.hub.delivery.drain();
    expect(receiver.received).toHaveLength(3);
    expect(await parked().list(operator)).toEqual([]);
    await signInAgain();
    expect(((await center.get(`/Subscription/${id}`)).json as Subscription).status).toBe('active');
    const retry = (await audited()).find(({ purpose }) => purpose === 'retry-parked');
    expect(retry).toMatchObject({
      outcome: 'success',
      agent: { kind: 'person', id: 'operator' },
      entities: [{ type: 'Subscription', id }],
    });
  });

  it('a Subscription whose owner has ended it is nobody’s to look at', async () => {
    receiver.answer(503);
    const { id } = await subscribe(hospital, onTopic('Task', receiver.url));
    for (let round = 0; round < 6; round++) {
      await hub.hub.delivery.drain();
      hub.clock.advance({ minutes: 5 });
    }
    expect((await parked().list(operator)).map(({ about }) => about).join()).toContain(id);
    const { json } = await hospital.get(`/Subscription/${id}`);
    expect((await hospital.update({ ...json, status: 'off' })).status).toBe(200);
    expect(await parked().list(operator)).toEqual([]);
  });

  it('a run of a bot is run again by its Task', async () => {
    const { task } = await refer(hospital, center.organization);
    const operation = parkOperation({
      bot: 'chase-offers',
      change: { type: 'Task', id: task.id, op: 'due' },
      present: true,
      error: new Error('no'),
      attempts: 5,
      now: hub.clock.now(),
      hubOrganization: hub.hub.parts.hubOrganization,
    });
    const [written] = await hub.hub.repository(hub.hub.hubActor).write([operation]);
    const id = `Task/${written?.stored?.id}`;
    const items = await parked().list(operator);
    expect(items).toMatchObject([{ id, kind: 'bot', about: `chase-offers: Task/${task.id}` }]);
    expect(await parked().retry(operator, id)).toEqual({ outcome: 'done' });
    expect(await parked().list(operator)).toEqual([]);
    const settled = await hub.hub.repository(hub.hub.hubActor).read('Task', id.split('/')[1] ?? '');
    expect((settled.resource() as Task).status).toBe('completed');
    await expect(parked().retry(operator, id)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is for the operators of the hub alone, and who else asked is on record', async () => {
    const role = { account: 'someone', organization: 'center', role: 'supervisor' } as const;
    const client: Actor = { ...hub.hub.hubActor, kind: 'client', id: 'center', organization: 'center' };
    for (const actor of [actorOf(role), client]) {
      await expect(parked().list(actor)).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(parked().retry(actor, 'delivery/1')).rejects.toMatchObject({ kind: 'forbidden' });
    }
    expect((await audited('someone')).map(({ outcome, purpose }) => [outcome, purpose])).toEqual([
      ['refused', 'list-parked'],
      ['refused', 'retry-parked'],
    ]);
  });

  /** The first first. */
  async function audited(agent = 'operator'): Promise<AuditRecord[]> {
    const rows = await hub.hub.auditStore.search({ keys: [[keyOf.agent(agent)]], limit: 50 });
    return rows.map(fromRow).toReversed();
  }
});
