import type { Resource, Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { systemClock } from '../../src/clock.ts';
import type { Hub } from '../../src/hub.ts';
import { type Hubs, hubsOn } from '../harness/bots.ts';
import { eachDatabase } from '../harness/databases.ts';
import { type Receiver, startReceiver } from '../harness/receiver.ts';
import { loopback, onCriteria } from '../harness/subscriptions.ts';

const changes = 60;
const subscribers = 4;

eachDatabase('two hub processes that deliver', database => {
  let hubs: Hubs;
  let receiver: Receiver;
  let both: [Hub, Hub];
  const client: Actor = {
    kind: 'client',
    id: 'center',
    organization: 'center',
    scopes: [{ type: '*', create: true, read: true, update: true, delete: true, search: true }],
  };

  beforeAll(async () => {
    hubs = await hubsOn(database, loopback);
    both = [await hubs.open(systemClock), await hubs.open(systemClock)];
    receiver = await startReceiver();
    const [{ repository, hubActor, authorization }] = both;
    const resource = { resourceType: 'Organization', id: 'center', name: 'Center', active: true } as const;
    await repository(hubActor).write([
      { kind: 'update', type: 'Organization', id: 'center', resource, inNameOf: 'center' },
    ]);
    const registration = { clientId: 'center', name: 'Center', organization: 'center' };
    await authorization.clients.add({ ...registration, scope: 'system/*.cruds', secret: true });
  });
  afterAll(async () => {
    await hubs.close();
    await receiver.close();
  });

  const write = async (hub: Hub, resource: Resource): Promise<void> => {
    await hub.repository(client).write([{ kind: 'create', resource }]);
  };
  const until = async (what: () => boolean) => {
    for (const end = performance.now() + 20_000; !what() && performance.now() < end; )
      await new Promise(resolve => setTimeout(resolve, 10));
  };

  it('tell of each change once, whichever of them it was written by', { timeout: 60_000 }, async () => {
    for (const hub of both) hub.delivery.start();
    for (let at = 0; at < subscribers; at++)
      await write(
        both[0],
        onCriteria(`Task?priority=urgent`, `${receiver.url}/${at}`, { payload: 'application/fhir+json' }),
      );
    await until(() => receiver.received.length === subscribers);
    receiver.received.length = 0;
    const task: Task = { resourceType: 'Task', status: 'draft', intent: 'order', priority: 'urgent' };
    const writing = Array.from({ length: changes }, (_, at) => write(at % 2 ? both[0] : both[1], task));
    await Promise.all(writing);
    await until(() => receiver.received.length >= changes * subscribers);
    await new Promise(resolve => setTimeout(resolve, 1_200));
    const told = receiver.received.map(one => one.path);
    expect(told).toHaveLength(changes * subscribers);
    expect(new Set(told).size).toBe(changes * subscribers);
  });
});
