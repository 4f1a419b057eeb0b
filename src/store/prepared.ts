import type { AccessFilter } from '../access/filter.ts';
import { accessPredicate } from './access-predicate.ts';
import type { Capabilities } from './capabilities.ts';
import { type Compiled, compile, type Reader } from './database.ts';
import { Hole } from './hole.ts';
import type { RawBuilder } from './sql.ts';

type Query<Values, Row> = (reader: Reader, values: Values) => Promise<Row[]>;

/**
 * A query that is put together and compiled once for each kind of database, and only filled with values after that:
 * for the few that every request needs. The access predicate makes queries long, and compiling a read took twice as
 * long as running it.
 *
 * @param build is given holes for the values: they can be parameters, nothing else can be done with them
 */
export function prepare<Values extends object, Row>(
  build: (dialect: Capabilities, values: Values) => RawBuilder<Row>,
): Query<Values, Row> {
  const compiled = new Map<Capabilities, Compiled>();
  const compiledFor = (dialect: Capabilities): Compiled => {
    const holes = new Proxy({}, { get: (_, name) => new Hole(String(name)) }) as Values;
    const made = compile(dialect, build(dialect, holes));
    compiled.set(dialect, made);
    return made;
  };
  return (reader, values) => {
    const { sql, parameters } = compiled.get(reader.dialect) ?? compiledFor(reader.dialect);
    const given = values as Readonly<Record<string, unknown>>;
    const filled = parameters.map(one => (one instanceof Hole ? one.fill(given) : one));
    return reader.all<Row>({ sql, parameters: filled });
  };
}

/** The same for a query that ends in the access predicate, which has a shape for each kind of filter. */
export function prepareVisible<Values extends object, Row>(
  build: (dialect: Capabilities, values: Values, visible: RawBuilder<boolean>) => RawBuilder<Row>,
): (reader: Reader, values: Values, filter: AccessFilter) => Promise<Row[]> {
  const shapes = new Map<string, Query<Values & AccessFilter, Row>>();
  const shapeOf = (filter: AccessFilter): Query<Values & AccessFilter, Row> => {
    const fixed = {
      ...(filter.internal ? { internal: true as const } : {}),
      ...(filter.types === '*' ? { types: '*' as const } : {}),
    };
    return prepare((dialect, values) => {
      const { organization, now, types } = values;
      return build(dialect, values, accessPredicate(dialect, { organization, now, types, ...fixed }));
    });
  };
  return (reader, values, filter) => {
    // What scopes are narrowed to has any shape.
    if (filter.within) {
      return reader.all<Row>(build(reader.dialect, values, accessPredicate(reader.dialect, filter)));
    }
    const name = `${filter.internal ? 'internal' : 'visible'} ${filter.types === '*' ? 'all' : 'some'}`;
    const shape = shapes.get(name) ?? shapeOf(filter);
    shapes.set(name, shape);
    return shape(reader, { ...values, ...filter });
  };
}
