import { type OperationNode, RawNode, ValueNode } from 'kysely';

/** A query, or a part of one, that gives rows of the kind, or a value. What Kysely's own `sql` makes is one as well. */
export interface RawBuilder<Row> {
  readonly expressionType?: Row | undefined;
  toOperationNode(): OperationNode;
}

/** Text with values between its pieces: each value becomes a parameter, unless it is a part of a query itself. */
export class Fragment<Row = unknown> implements RawBuilder<Row> {
  declare readonly expressionType?: Row | undefined;
  readonly pieces: readonly string[];
  readonly values: readonly unknown[];

  constructor(pieces: readonly string[], values: readonly unknown[]) {
    this.pieces = pieces;
    this.values = values;
  }

  /** For a query of Kysely that this is a part of: the migrations are such. */
  toOperationNode(): RawNode {
    const nodes = this.values.map(one => (isPart(one) ? one.toOperationNode() : ValueNode.create(one)));
    return RawNode.create(this.pieces, nodes);
  }
}

/** Whether a value is a part of a query, whoever has made it. */
export function isPart(value: unknown): value is RawBuilder<unknown> {
  return (
    value instanceof Fragment || (typeof value === 'object' && value !== null && 'toOperationNode' in value)
  );
}

function template<Row = unknown>(pieces: TemplateStringsArray, ...values: unknown[]): Fragment<Row> {
  return new Fragment<Row>(pieces, values);
}

/**
 * SQL as Kysely's template of the same name writes it, kept as the pieces it is made of. A search is put together from
 * some hundred parts each time: as Kysely's trees of frozen nodes that took longer than running it.
 */
export const sql = Object.assign(template, {
  /** A column, with its table's name or alias before a dot. */
  ref: (name: string): Fragment => new Fragment([quoted(name)], []),
  table: (name: string): Fragment => new Fragment([quoted(name)], []),
  /** Text of this code alone: nothing in it is escaped. */
  raw: (text: string): Fragment => new Fragment([text], []),
  join: (parts: readonly unknown[], separator: Fragment = comma): Fragment => {
    const between = parts.slice(1).flatMap(part => [separator, part]);
    const values = [...parts.slice(0, 1), ...between];
    return new Fragment(new Array<string>(values.length + 1).fill(''), values);
  },
});

const comma = new Fragment([', '], []);

function quoted(name: string): string {
  if (name.includes('"')) throw new Error('the name of a table or column has a quotation mark');
  return `"${name.replaceAll('.', '"."')}"`;
}

/**
 * The text and the parameters of a query; undefined when Kysely has made a part of it, and only Kysely can tell.
 *
 * @param mark how the text names the parameter of a place, from 1
 */
export function writeOut(
  query: RawBuilder<unknown>,
  mark: (place: number) => string,
): { sql: string; parameters: unknown[] } | undefined {
  const parameters: unknown[] = [];
  let text = '';
  let foreign = false;
  const write = (part: RawBuilder<unknown>): void => {
    if (!(part instanceof Fragment)) {
      foreign = true;
      return;
    }
    const { pieces, values } = part;
    for (let at = 0; at < pieces.length; at++) {
      text += pieces[at];
      if (at >= values.length) continue;
      const value = values[at];
      if (isPart(value)) write(value);
      else text += mark(parameters.push(value));
    }
  };
  write(query);
  return foreign ? undefined : { sql: text, parameters };
}
