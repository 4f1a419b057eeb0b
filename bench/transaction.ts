import { setTimeout } from 'node:timers/promises';
import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import { Pool } from 'undici';
import { prepareGround, startHub } from './hub-process.ts';
import { condition, observation, patient, serviceRequest } from './resources.ts';
import { atLeast, atMost, format, percentile, printFigures } from './table.ts';

const clients = 16;
/** Seconds. */
const warmUp = 3;
const duration = 10;
/** Packets offered in a second. */
const rate = 100;

/** Referral packets, each a transaction of eight entries with conditional references and creates, durable when answered. */
export async function benchTransaction(): Promise<boolean> {
  const ground = await prepareGround();
  try {
    const hub = await startHub(ground);
    const pool = new Pool(hub.url, { connections: 4 * clients, pipelining: 1 });
    const headers = {
      authorization: `Bearer ${ground.token}`,
      'content-type': 'application/fhir+json',
    };
    const send = async (n: number) => {
      const body = JSON.stringify(packet(n, ground.organization));
      const response = await pool.request({ path: '/fhir', method: 'POST', headers, body });
      const text = await response.body.text();
      if (response.statusCode !== 200) throw new Error(`the packet was refused: ${text.slice(0, 500)}`);
    };
    let n = 0;
    const timed = async (start = performance.now()): Promise<number> => {
      n += 1;
      await send(n);
      return performance.now() - start;
    };
    /** As much as it takes: each client sends its next packet when it has the answer to the one before. */
    const saturate = async (seconds: number): Promise<number[]> => {
      const until = performance.now() + seconds * 1000;
      const times: number[] = [];
      const client = async () => {
        while (performance.now() < until) times.push(await timed());
      };
      await Promise.all(Array.from({ length: clients }, client));
      return times;
    };
    /** As many a second, whether or not those before are answered; each time counts from when it was due. */
    const offer = async (perSecond: number, seconds: number): Promise<number[]> => {
      const start = performance.now();
      const sent = Array.from({ length: perSecond * seconds }, async (_, at) => {
        const due = start + (at * 1000) / perSecond;
        await setTimeout(due - performance.now());
        return timed(due);
      });
      return Promise.all(sent);
    };
    await saturate(warmUp);
    const used = await hub.processorTime();
    const times = await saturate(duration);
    const usedNow = await hub.processorTime();
    const offered = await offer(rate, duration);
    await pool.close();
    await hub.stop();
    const perSecond = times.length / duration;
    const processor = (((usedNow ?? 0) - (used ?? 0)) * 1000) / times.length;
    const p99 = percentile(offered, 0.99);
    const full = percentile(times, 0.99);
    return printFigures(
      'transaction: a referral packet of 8 entries',
      `  ${clients} clients by undici for ${duration} s, as much as it takes; then ${rate} packets offered a second`,
      [
        {
          name: 'packets/s',
          value: perSecond,
          shown: format(perSecond),
          floor: atLeast(100),
          aim: atLeast(300),
        },
        { name: 'processor ms/packet', value: 0, shown: processor.toFixed(2) },
        { name: 'p99 then, ms', value: full, shown: format(full) },
        { name: `p50 at ${rate}/s, ms`, value: 0, shown: format(percentile(offered, 0.5)) },
        { name: `p99 at ${rate}/s, ms`, value: p99, shown: format(p99), floor: atMost(80), aim: atMost(40) },
      ],
    );
  } finally {
    await ground.remove();
  }
}

const uuid = (n: number) => `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** The person by its identifier, then what is known and what is asked, all of it referring to that person. */
function packet(n: number, organization: string): Bundle {
  const subject = `Patient?identifier=urn:example:mrn|MRN-${n}`;
  const source = `Organization/${organization}`;
  const post = (resource: NonNullable<BundleEntry['resource']>, more: object = {}): BundleEntry => ({
    resource,
    request: { method: 'POST', url: resource.resourceType, ...more },
  });
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      post({
        resourceType: 'Task',
        status: 'draft',
        intent: 'order',
        code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
        focus: { reference: uuid(1) },
        for: { reference: subject },
        requester: { reference: source },
        owner: { reference: source },
      }),
      { fullUrl: uuid(1), ...post(serviceRequest(n, subject, source)) },
      post(patient(n), { ifNoneExist: `identifier=urn:example:mrn|MRN-${n}` }),
      post(condition(n, subject)),
      post(condition(n + 1, subject)),
      post(observation(n, subject)),
      post(observation(n + 1, subject)),
      post(observation(n + 2, subject)),
    ],
  };
}
