import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareGround, runHub } from './hub-process.ts';
import { writeBundles } from './synthea-like.ts';
import { atLeast, format, printFigures } from './table.ts';

const people = 100;

/** `hub import` of transaction Bundles, as a process of its own into an empty database. */
export async function benchImport(): Promise<boolean> {
  const ground = await prepareGround();
  try {
    const folder = join(ground.env.HUB_DATA ?? '', 'bundles');
    const entries = await writeBundles(folder, people);
    const report = join(ground.env.HUB_DATA ?? '', 'report.jsonl');
    await runHub(ground, ['import', folder, '--client', ground.client, '--report', report]);
    const total = await totalOf(report);
    const written = total.all.created;
    const rate = written / total.seconds;
    return printFigures(
      'import: Synthea-like transaction Bundles',
      `  ${people} Bundles of ${Math.round(entries / people)} entries with hub import, reading and statistics included`,
      [
        { name: 'resources', value: written, shown: format(written), floor: atLeast(entries) },
        { name: 'seconds', value: total.seconds, shown: format(total.seconds) },
        { name: 'resources/s', value: rate, shown: format(rate), floor: atLeast(800), aim: atLeast(1500) },
      ],
    );
  } finally {
    await ground.remove();
  }
}

async function totalOf(report: string): Promise<{ all: { created: number }; seconds: number }> {
  const lines = (await readFile(report, 'utf8')).trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '{}');
}
