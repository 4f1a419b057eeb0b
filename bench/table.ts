import { availableParallelism, cpus, totalmem } from 'node:os';

/** What a benchmark has measured, and what is asked of it. */
export interface Figure {
  name: string;
  value: number;
  /** As it is shown. */
  shown: string;
  /** Must hold. */
  floor?: Limit;
  /** What we want. */
  aim?: Limit;
}

/** At least, or at most. */
export interface Limit {
  least?: number;
  most?: number;
  shown: string;
}

export const atLeast = (least: number, unit = ''): Limit => ({ least, shown: `≥ ${format(least)}${unit}` });
export const atMost = (most: number, unit = ''): Limit => ({ most, shown: `≤ ${format(most)}${unit}` });

export function format(number: number): string {
  const digits = Math.abs(number) < 10 ? 2 : Math.abs(number) < 100 ? 1 : 0;
  return number.toLocaleString('en-US', { maximumFractionDigits: digits });
}

export const holds = (value: number, limit: Limit | undefined): boolean =>
  limit === undefined || (value >= (limit.least ?? -Infinity) && value <= (limit.most ?? Infinity));

/** The machine, in a line. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${model}), ${memory} GB, Node.js ${process.versions.node}, ${process.platform}`;
}

/** Prints figures as a table; false when a floor does not hold. */
export function printFigures(title: string, note: string, figures: readonly Figure[]): boolean {
  const rows = figures.map(({ name, value, shown, floor, aim }) => [
    name,
    shown,
    floor?.shown ?? '',
    aim?.shown ?? '',
    verdict(value, floor, aim),
  ]);
  console.log(`\n${title}\n${note}`);
  for (const line of columns([['', 'result', 'floor', 'aim', ''], ...rows])) console.log(line);
  return figures.every(({ value, floor }) => holds(value, floor));
}

function verdict(value: number, floor: Limit | undefined, aim: Limit | undefined): string {
  if (!holds(value, floor)) return 'BELOW THE FLOOR';
  if (!floor && !aim) return '';
  if (aim && !holds(value, aim)) return 'floor holds';
  return aim ? 'aim reached' : 'holds';
}

/** Cells under each other: the first column to the left, numbers to the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map(row => row[at]?.length ?? 0))) ?? [];
  const last = widths.length - 1;
  const cell = (text: string, at: number) =>
    at === 0 || at === last ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  return rows.map(row => `  ${row.map(cell).join('  ')}`.trimEnd());
}

/** The value below which a share of all values lies; they are sorted in place. */
export function percentile(values: number[] | Float64Array, share: number): number {
  values.sort((a: number, b: number) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}

export const median = (values: readonly number[]): number => percentile([...values], 0.5);

/** A figure that is told, and held to nothing. */
export const plain = (name: string, value: number): Figure => ({ name, value, shown: format(value) });
