import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Task } from '@medplum/fhirtypes';
import { prepareGround, type ServerProcess, startHub } from './hub-process.ts';
import { atMost, type Figure, format, percentile, printFigures } from './table.ts';

const subscriptions = 200;
const perSecond = 100;
const seconds = 20;
const warmUp = 3;

/** From the answer to a write until its notification is in the receiver's hands. */
export async function benchNotify(): Promise<boolean> {
  const ground = await prepareGround();
  const env = { ...ground.env, HUB_OUTGOING_HOSTS: '127.0.0.1' };
  const receiver = await startCounting();
  const hub = await startHub({ ...ground, env });
  try {
    const client = createClient(hub, ground.token);
    const owners: string[] = [];
    for (let at = 0; at < subscriptions; at++) {
      owners.push(await client.owner(at));
      await client.subscribe(`Task?owner=${owners[at]}`, receiver.url);
    }
    await receiver.until(() => receiver.handshakes >= subscriptions);
    await changes(client, owners, receiver, warmUp * perSecond);
    receiver.arrived.clear();
    const committed = await changes(client, owners, receiver, seconds * perSecond);
    const delays = [...committed].flatMap(([id, at]) => {
      const arrived = receiver.arrived.get(id);
      return arrived === undefined ? [] : [Math.max(0, arrived - at)];
    });
    const lost = committed.size - delays.length;
    const figures: Figure[] = [
      { name: 'commit → received, p50', value: 0, shown: `${format(percentile(delays, 0.5))} ms` },
      milliseconds('commit → received, p99', percentile(delays, 0.99), 100),
      { name: 'commit → received, most', value: 0, shown: `${format(percentile(delays, 1))} ms` },
      {
        name: 'changes/s',
        value: 0,
        shown: format(committed.size / ((receiver.ended - receiver.began) / 1000)),
      },
      { name: 'lost', value: lost, shown: String(lost), floor: atMost(0) },
      { name: 'received twice', value: receiver.doubles, shown: String(receiver.doubles), floor: atMost(0) },
    ];
    return printFigures(
      'notify: from the commit of a Task to its notification, by rest-hook',
      `  ${subscriptions} subscriptions, ${perSecond} changes a second for ${seconds} s, id by PUT of the resource`,
      figures,
    );
  } finally {
    await hub.stop();
    await receiver.close();
    await ground.remove();
  }
}

const milliseconds = (name: string, value: number, most: number): Figure => ({
  name,
  value,
  shown: `${format(value)} ms`,
  floor: atMost(most, ' ms'),
});

type Client = ReturnType<typeof createClient>;

function createClient(hub: ServerProcess, token: string) {
  const send = async (method: string, path: string, body: object) => {
    const response = await fetch(`${hub.url}/fhir/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as { id: string };
  };
  return {
    async owner(at: number): Promise<string> {
      const { id } = await send('POST', 'HealthcareService', {
        resourceType: 'HealthcareService',
        name: `Service ${at}`,
      });
      return `HealthcareService/${id}`;
    },
    subscribe: (criteria: string, endpoint: string) =>
      send('POST', 'Subscription', {
        resourceType: 'Subscription',
        status: 'requested',
        reason: 'A benchmark',
        criteria,
        channel: { type: 'rest-hook', endpoint, payload: 'application/fhir+json' },
      }),
    task: (owner: string) =>
      send('POST', 'Task', {
        resourceType: 'Task',
        status: 'draft',
        intent: 'order',
        code: { text: 'A benchmark' },
        owner: { reference: owner },
      } satisfies Task),
  };
}

/** So many changes at an even pace, each for another subscriber; when each was answered, by the Task's id. */
async function changes(
  client: Client,
  owners: readonly string[],
  receiver: Counting,
  count: number,
): Promise<Map<string, number>> {
  const committed = new Map<string, number>();
  const running: Promise<void>[] = [];
  receiver.began = performance.now();
  for (let at = 0; at < count; at++) {
    const due = receiver.began + (at * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await setTimeout(wait);
    const owner = owners[at % owners.length] ?? '';
    running.push(client.task(owner).then(({ id }) => void committed.set(id, performance.now())));
  }
  await Promise.all(running);
  receiver.ended = performance.now();
  await receiver.until(() => receiver.arrived.size >= count);
  return committed;
}

interface Counting {
  url: string;
  handshakes: number;
  arrived: Map<string, number>;
  doubles: number;
  began: number;
  ended: number;
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

async function startCounting(): Promise<Counting> {
  const server: Server = createServer((request, response) => {
    const at = performance.now();
    const id = /\/Task\/([^/]+)$/.exec(request.url ?? '')?.[1];
    request.resume().on('end', () => response.end());
    if (id === undefined) counting.handshakes++;
    else if (counting.arrived.has(id)) counting.doubles++;
    else counting.arrived.set(id, at);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const counting: Counting = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    handshakes: 0,
    arrived: new Map(),
    doubles: 0,
    began: 0,
    ended: 0,
    async until(condition) {
      const patience = performance.now() + 30_000;
      while (!condition() && performance.now() < patience) await setTimeout(20);
    },
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return counting;
}
