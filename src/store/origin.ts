import { type RawBuilder, sql } from './sql.ts';

/** Whose information a resource (`r`) is: its owner's, but for what the hub passes on in a resource of its own. */
export const originOf = (r: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`COALESCE(${r}.origin, ${r}.source)`;
