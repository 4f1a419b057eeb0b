import { type RawBuilder, sql } from './sql.ts';

/**
 * ` LIMIT count` for a count that differs from call to call. SQLite looks at a bare parameter after `LIMIT` to plan
 * the sort before it, and so plans the whole statement again each time it runs: measured at 0.15 ms of each search.
 */
export const limitTo = (count: number): RawBuilder<unknown> => sql` LIMIT (${count} + 0)`;
