import { columns } from '../table.ts';
import { rows } from './distributions.ts';
import { figures, shown, verdict } from './figures.ts';
import type { HubDone } from './hub-run.ts';
import { type Done, type WayName, wayNames } from './task.ts';

/** The mean over the seeds, with the lowest and the highest. */
function over(done: readonly Done[], way: WayName, name: (typeof figures)[number]['name']) {
  const values = done.filter(one => one.way === way).map(({ measures }) => measures[name]);
  return {
    mean: values.reduce((sum, one) => sum + one, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
  };
}

const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;

/** A table of Markdown; the first row is its head. */
const table = ([head = [], ...body]: readonly (readonly string[])[]): string =>
  [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');

const cells = (done: readonly Done[]): string[][] =>
  figures.map(figure => [
    `${figure.title}${figure.unit === 'days' || figure.unit === 'km' ? `, ${figure.unit}` : ''}`,
    ...wayNames.map(way => {
      const { mean, low, high } = over(done, way, figure.name);
      return `${shown(mean, figure.unit)} (${shown(low, figure.unit)}–${shown(high, figure.unit)})`;
    }),
    ...(['list', 'known'] as const).map(other => verdict(done, figure, other)),
  ]);

const head = ['', 'hub', 'list', 'known', 'hub against list', 'hub against known'];

/** Means over the seeds (lowest to highest), and in how many seeds what is asked holds. */
export const markdownTable = (done: readonly Done[]): string => table([head, ...cells(done)]);

export const plainTable = (done: readonly Done[]): string[] =>
  columns([head, ...cells(done)].map(row => row.map(cell => cell.replaceAll('*', ''))));

/** Each seed by itself. */
export function seedTable(done: readonly Done[]): string {
  const told = figures.filter(({ asked }) => asked);
  const first = ['seed', 'way', ...told.map(({ title }) => title)];
  const order = (one: Done) => one.seed * 10 + wayNames.indexOf(one.way);
  const body = done
    .toSorted((a, b) => order(a) - order(b))
    .map(({ seed, way, measures }) => [
      String(seed),
      way,
      ...told.map(({ name, unit }) => shown(measures[name], unit)),
    ]);
  return table([first, ...body]);
}

/** What the network is drawn from, with its sources. */
export function distributionTable(): string {
  return table([
    ['what', 'values', 'unit', 'basis', 'source'],
    ...rows.map(({ name, what, unit, basis, source, url, shares, numbers }) => {
      const values = Object.entries(shares ?? numbers ?? {}).map(([key, value]) => `${key} ${value}`);
      return [`${name}: ${what}`, values.join(', '), unit, basis, url ? `[${source}](${url})` : source];
    }),
  ]);
}

/** What came of each run through a whole hub. */
export const hubRows = (done: readonly HubDone[]): string[][] => [
  ['seed', 'referrals', 'choices', 'other than the pure functions’', 'resting', 'faults of bots'],
  ...done
    .toSorted((a, b) => a.seed - b.seed)
    .map(({ seed, run }) =>
      [seed, run.referrals, run.choices, run.differences.length, run.resting, run.faults.length].map(String),
    ),
];

export const hubTable = (done: readonly HubDone[]): string => table(hubRows(done));
