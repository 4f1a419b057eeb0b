import { type Kysely, sql } from 'kysely';

/** When the next relationship or clearance of an organization begins or ends is asked by one step in an index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['rel', 'party', 'clearance']) {
    await sql.raw(`CREATE INDEX ${table}_starts ON ${table}(org, starts)`).execute(db);
    await sql.raw(`CREATE INDEX ${table}_ends ON ${table}(org, ends) WHERE ends IS NOT NULL`).execute(db);
  }
}
