import { scaleLinear } from 'd3-scale';
import type { Tone } from './mark.tsx';
import { Cell, Row, Table } from './table.tsx';

interface BarsProps {
  /** What a row is: the heading over the labels. */
  of: string;
  /** What the table is, for who does not see the heading above it. */
  label: string;
  /** Drawn one after the other, in this order. */
  series: readonly { name: string; tone: Tone }[];
  rows: readonly { label: string; values: readonly number[] }[];
}

const size = { width: 240, height: 16 } as const;

/** Numbers of a few kinds for each of some things, as a table, with a bar in each row that says the same at a glance. */
export function Bars({ of, label, series, rows }: BarsProps) {
  const highest = Math.max(1, ...rows.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
  const length = scaleLinear([0, highest], [0, size.width]);
  return (
    <Table label={label} headings={[of, ...series.map(({ name }) => name), 'Together']} look="with-bars">
      {rows.map(({ label: head, values }) => (
        <Row head={head}>
          {series.map(({ name }, at) => (
            <Cell label={name}>{values[at] ?? 0}</Cell>
          ))}
          <Cell label="Together">
            <svg
              class="bar"
              viewBox={`0 0 ${size.width} ${size.height}`}
              preserveAspectRatio="none"
              width="100%"
              height={size.height}
              aria-hidden="true"
            >
              {values.map((value, at) => (
                <rect
                  class={`bar-${series[at]?.tone ?? 'plain'}`}
                  x={length(values.slice(0, at).reduce((sum, one) => sum + one, 0))}
                  width={length(value)}
                  height={size.height}
                />
              ))}
            </svg>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
