import { type Kysely, sql } from 'kysely';

/**
 * When the next relationship or clearance of an organization begins or ends is asked by one step in an index. Of an
 * expression, so that nothing else takes it for its own: the access predicate, whose rows are found by person or
 * resource, would walk all that an organization has.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['rel', 'party', 'clearance']) {
    for (const edge of ['starts', 'ends']) {
      await sql.raw(`CREATE INDEX ${table}_${edge} ON ${table}(org, (${edge} + 0))`).execute(db);
    }
  }
}
