import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { figures } from './figures.ts';
import type { HubDone } from './hub-run.ts';
import { plot } from './plot.ts';
import { distributionTable, hubTable, markdownTable, seedTable } from './tables.ts';
import type { Done } from './task.ts';

const docs = join(import.meta.dirname, '../../docs');

/** Writes the tables between their markers in docs/simulation.md, and a plot of each measure that is asked. */
export async function writeReport(done: readonly Done[], how: string): Promise<void> {
  await mkdir(join(docs, 'simulation'), { recursive: true });
  const plotted = figures.filter(({ asked }) => asked);
  for (const figure of plotted)
    await writeFile(join(docs, 'simulation', `${fileOf(figure.name)}.svg`), plot(done, figure));
  const plots = plotted.map(
    ({ name, title }) => `![${title}, by seed: hub, list and known](simulation/${fileOf(name)}.svg)`,
  );
  await writeSection(
    'results',
    [how, markdownTable(done), ...plots, '### Seed by seed', seedTable(done)].join('\n\n'),
  );
  await writeSection('distributions', distributionTable());
}

/** Writes what came of the runs through a whole hub. */
export const writeHubReport = (done: readonly HubDone[], how: string): Promise<void> =>
  writeSection('whole-hub', [how, hubTable(done)].join('\n\n'));

/** Replaces what stands between the markers of a section. */
export async function writeSection(name: string, text: string): Promise<void> {
  const page = join(docs, 'simulation.md');
  const before = await readFile(page, 'utf8');
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, until] = [before.indexOf(open), before.indexOf(close)];
  if (from < 0 || until < from) throw new Error(`docs/simulation.md has no section ${name}`);
  await writeFile(page, `${before.slice(0, from + open.length)}\n${text}\n${before.slice(until)}`);
}

const fileOf = (name: string): string => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
