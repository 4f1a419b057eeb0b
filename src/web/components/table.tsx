// biome-ignore-all lint/a11y/noRedundantRoles: on a phone a table is displayed as cards, and some screen readers then need its roles spelled out
import type { Child, PropsWithChildren } from 'hono/jsx';

interface TableProps {
  headings: readonly Child[];
  /** What the table is, for who does not see the heading above it. */
  label?: string;
  look?: string;
}

/** A list in columns; on a phone a card for each row. Its children are `Row`s. */
export const Table = ({ headings, label, look, children }: PropsWithChildren<TableProps>) => (
  <table role="table" {...(label ? { 'aria-label': label } : {})} {...(look ? { class: look } : {})}>
    <thead role="rowgroup">
      <tr role="row">
        {headings.map(heading => (
          <th role="columnheader" scope="col">
            {heading}
          </th>
        ))}
      </tr>
    </thead>
    <tbody role="rowgroup">{children}</tbody>
  </table>
);

/** A row: what it is about, then its `Cell`s. */
export const Row = ({ head, children }: PropsWithChildren<{ head: Child }>) => (
  <tr role="row">
    <th role="rowheader" scope="row">
      {head}
    </th>
    {children}
  </tr>
);

/** One value. `label` is the heading of its column, which stands beside it on a phone. */
export const Cell = ({ label, children }: PropsWithChildren<{ label: string }>) => (
  <td role="cell" data-label={label}>
    <div>{children}</div>
  </td>
);
