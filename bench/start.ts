import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { firstAnswer, type Ground, prepareGround, runHub, startHub } from './hub-process.ts';
import { writeBundles } from './synthea-like.ts';
import { atMost, format, median, printFigures } from './table.ts';

const people = 70;
const starts = 5;
/** Seconds without a request after which the memory at rest is looked at. */
const rest = 5;

/** From starting the process on an existing database to the first answers, and the memory it then rests in. */
export async function benchStart(): Promise<boolean> {
  const ground = await prepareGround();
  try {
    const folder = join(ground.env.HUB_DATA ?? '', 'bundles');
    const entries = await writeBundles(folder, people);
    await runHub(ground, ['import', folder, '--client', ground.client]);
    await startOnce(ground, 0);
    const measured: Started[] = [];
    for (let at = 0; at < starts; at++) measured.push(await startOnce(ground, rest));
    const healthz = median(measured.map(one => one.healthz));
    const metadata = median(measured.map(one => one.metadata));
    const memory = median(measured.map(one => one.memory)) / 2 ** 20;
    return printFigures(
      `start: on a database of ${format(entries)} resources`,
      `  ${starts} starts, medians; memory after ${rest} s without a request`,
      [
        { name: '/healthz answers, s', value: healthz, shown: format(healthz), floor: atMost(1.5) },
        { name: '/fhir/metadata answers, s', value: metadata, shown: format(metadata), floor: atMost(1.5) },
        { name: 'resident memory, MB', value: memory, shown: format(memory), floor: atMost(300) },
      ],
    );
  } finally {
    await ground.remove();
  }
}

interface Started {
  /** Seconds. */
  healthz: number;
  metadata: number;
  /** Bytes. */
  memory: number;
}

async function startOnce(ground: Ground, seconds: number): Promise<Started> {
  const from = performance.now();
  const hub = await startHub(ground);
  const healthz = await firstAnswer(`${hub.url}/healthz`, from);
  const metadata = await firstAnswer(`${hub.url}/fhir/metadata`, from);
  await setTimeout(seconds * 1000);
  const memory = await hub.residentMemory();
  await hub.stop();
  return { healthz: healthz / 1000, metadata: metadata / 1000, memory };
}
