import { scaleLinear, scalePoint } from 'd3-scale';
import { line } from 'd3-shape';
import { type Figure, shown } from './figures.ts';
import { type Done, type WayName, wayNames } from './task.ts';

const size = { width: 640, height: 320, left: 64, right: 104, top: 40, bottom: 44 };

/** Told apart by shape as well as by color; readable on white and on dark. */
const marks: Record<WayName, { color: string; words: string; shape: (x: number, y: number) => string }> = {
  hub: { color: '#1f83d6', words: 'hub', shape: (x, y) => `<circle cx="${x}" cy="${y}" r="5"/>` },
  list: {
    color: '#d9730d',
    words: 'list',
    shape: (x, y) => `<rect x="${x - 4.5}" y="${y - 4.5}" width="9" height="9"/>`,
  },
  known: {
    color: '#2c9a5b',
    words: 'known',
    shape: (x, y) => `<path d="M${x} ${y - 6}l5.5 10h-11z"/>`,
  },
};

/** Ten seeds and three ways of one measure, as an SVG that tells in words what it shows. */
export function plot(done: readonly Done[], figure: Figure): string {
  const seeds = [...new Set(done.map(({ seed }) => seed))].sort((a, b) => a - b);
  const values = done.map(({ measures }) => measures[figure.name]);
  const least = figure.better === 'nearer to 0' ? Math.min(0, ...values) : 0;
  const x = scalePoint(seeds, [size.left, size.width - size.right]).padding(0.5);
  const y = scaleLinear([least, Math.max(...values) || 1], [size.height - size.bottom, size.top]).nice(5);
  const of = (way: WayName, seed: number) =>
    done.find(one => one.way === way && one.seed === seed)?.measures[figure.name];
  const at = (seed: number) => round(x(seed) ?? 0);
  const series = wayNames.map(way => {
    const points = seeds.flatMap((seed): [number, number][] => {
      const value = of(way, seed);
      return value === undefined ? [] : [[at(seed), round(y(value))]];
    });
    const { color, shape, words } = marks[way];
    const row = size.top + 20 + 24 * wayNames.indexOf(way);
    const legend = size.width - size.right + 24;
    return `<g fill="${color}" stroke="none"><path d="${line()(points) ?? ''}" fill="none" stroke="${color}" stroke-opacity="0.5"/>${points.map(([px, py]) => shape(px, py)).join('')}${shape(legend, row)}<text x="${legend + 14}" y="${row + 4}" class="words">${words}</text></g>`;
  });
  const ticks = y
    .ticks(5)
    .map(
      tick =>
        `<g><path d="M${size.left} ${round(y(tick))}H${size.width - size.right}" stroke="#888" stroke-opacity="0.35"/><text x="${size.left - 8}" y="${round(y(tick)) + 4}" text-anchor="end" class="words">${figure.unit === 'share' ? `${Math.round(tick * 100)} %` : tick}</text></g>`,
    );
  const names = seeds.map(
    seed =>
      `<text x="${at(seed)}" y="${size.height - size.bottom + 20}" text-anchor="middle" class="words">${seed}</text>`,
  );
  const unit = figure.unit === 'days' || figure.unit === 'km' ? ` (${figure.unit})` : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">
<title id="title">${figure.title}${unit}, by seed</title>
<desc id="desc">${described(figure, seeds, of)}</desc>
<style>.words{fill:#555}@media (prefers-color-scheme:dark){.words{fill:#ccc}}</style>
<text x="${size.left}" y="22" class="words" font-weight="600">${figure.title}${unit}</text>
${ticks.join('\n')}
${names.join('\n')}
<text x="${(size.left + size.width - size.right) / 2}" y="${size.height - 6}" text-anchor="middle" class="words">seed</text>
${series.join('\n')}
</svg>
`;
}

function described(
  figure: Figure,
  seeds: readonly number[],
  of: (way: WayName, seed: number) => number | undefined,
): string {
  const told = wayNames.map(way => {
    const values = seeds.flatMap(seed => of(way, seed) ?? []);
    return `${way} from ${shown(Math.min(...values), figure.unit)} to ${shown(Math.max(...values), figure.unit)}`;
  });
  const good =
    figure.better === 'nearer to 0'
      ? 'Nearer to 0 is better'
      : `${figure.better === 'less' ? 'Less' : 'More'} is better`;
  return `${seeds.length} seeds, three ways of sending: ${told.join('; ')}. ${good}.`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
