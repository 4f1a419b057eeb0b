import { type ScaleBand, type ScaleLinear, scaleBand, scaleLinear } from 'd3-scale';
import type { Tone } from './mark.tsx';

interface ColumnsProps {
  /** Of the drawing in the page. */
  id: string;
  title: string;
  /** What the rows are, over their column in the table of the numbers. */
  heading: string;
  /** Stacked, the first at the bottom; the second and later ones are hatched: never color alone. */
  series: readonly { name: string; tone: Tone }[];
  rows: readonly ColumnsRow[];
}

export interface ColumnsRow {
  label: string;
  /** The label in two short lines below the column. */
  lines: readonly [string, string];
  /** Whole numbers, one for each of the series. */
  values: readonly number[];
}

const size = { width: 960, height: 150, top: 22, bottom: 40, side: 4 } as const;
/** A column of one does not stand as high as a tower. */
const lowest = 3;

/** Whole numbers over some days or the like, as stacked columns drawn on the server, and the same numbers as a table for who would rather read. */
export function Columns({ id, title, heading, series, rows }: ColumnsProps) {
  const highest = Math.max(lowest, ...rows.map(total));
  const x = scaleBand([...rows.keys()], [size.side, size.width - size.side]).padding(0.3);
  const y = scaleLinear([0, highest], [size.height - size.bottom, size.top]);
  return (
    <figure class="columns-chart">
      <figcaption>
        <h2 id={`${id}-title`}>{title}</h2>
        <ul class="legend">
          {series.map(({ name, tone }, at) => (
            <li>
              <Swatch id={id} tone={tone} at={at} /> {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <section class="drawing" aria-labelledby={`${id}-title`} tabindex={0}>
        <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-labelledby={`${id}-says`}>
          <title id={`${id}-says`}>{summary(title, series, rows)}</title>
          <defs>
            {series.map(({ tone }, at) => (at === 0 ? null : <Hatching id={id} tone={tone} at={at} />))}
          </defs>
          <line class="base" x1={0} x2={size.width} y1={y(0)} y2={y(0)} />
          {rows.map((row, at) => (
            <Column id={id} row={row} at={at} series={series} x={x} y={y} />
          ))}
        </svg>
      </section>
      <details class="fold">
        <summary>The same in numbers</summary>
        <Numbers heading={heading} series={series} rows={rows} />
      </details>
    </figure>
  );
}

const total = ({ values }: ColumnsRow): number => values.reduce((sum, value) => sum + value, 0);

/** What one would say of the drawing in a sentence. */
function summary(title: string, series: ColumnsProps['series'], rows: readonly ColumnsRow[]): string {
  const sums = series.map(({ name }, at) => {
    const sum = rows.reduce((all, { values }) => all + (values[at] ?? 0), 0);
    return `${name}: ${sum}`;
  });
  return `${title}. ${sums.join('. ')}.`;
}

interface ColumnProps extends Pick<ColumnsProps, 'id' | 'series'> {
  row: ColumnsRow;
  at: number;
  x: ScaleBand<number>;
  y: ScaleLinear<number, number>;
}

function Column({ id, row, at, series, x, y }: ColumnProps) {
  const left = x(at) ?? 0;
  const middle = left + x.bandwidth() / 2;
  let below = 0;
  const parts = row.values.flatMap((value, of) => {
    const from = below;
    below += value;
    return value > 0
      ? [{ tone: series[of]?.tone ?? 'plain', of, top: y(below), height: y(from) - y(below) }]
      : [];
  });
  return (
    <g>
      {parts.map(({ tone, of, top, height }) => (
        <rect
          class={`column ${tone}`}
          x={left}
          y={top}
          width={x.bandwidth()}
          height={height}
          rx={3}
          {...(of > 0 ? { fill: `url(#${id}-hatching-${of})` } : {})}
        />
      ))}
      {below > 0 && (
        <text class="value" x={middle} y={y(below) - 6}>
          {below}
        </text>
      )}
      {row.lines.map((line, of) => (
        <text class={of === 0 ? 'label' : 'label quiet'} x={middle} y={y(0) + 17 + of * 16}>
          {line}
        </text>
      ))}
    </g>
  );
}

interface Filled {
  id: string;
  tone: Tone;
  at: number;
}

const Hatching = ({ id, tone, at }: Filled) => (
  <pattern
    id={`${id}-hatching-${at}`}
    width={6}
    height={6}
    patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)"
  >
    <rect class={`ground ${tone}`} width={6} height={6} />
    <line class={`stroke ${tone}`} x1={0} x2={0} y1={0} y2={6} stroke-width={4} />
  </pattern>
);

const Swatch = ({ id, tone, at }: Filled) => (
  <svg class="swatch" viewBox="0 0 14 14" aria-hidden="true">
    <rect
      class={`column ${tone}`}
      width={14}
      height={14}
      rx={3}
      {...(at > 0 ? { fill: `url(#${id}-hatching-${at})` } : {})}
    />
  </svg>
);

function Numbers({ heading, series, rows }: Pick<ColumnsProps, 'heading' | 'series' | 'rows'>) {
  return (
    <table class="numbers">
      <thead>
        <tr>
          <th scope="col">{heading}</th>
          {series.map(({ name }) => (
            <th scope="col">{name}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, values }) => (
          <tr>
            <th scope="row">{label}</th>
            {values.map((value, at) => (
              <td data-label={series[at]?.name}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
