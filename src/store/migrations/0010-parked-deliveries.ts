import { type Kysely, sql } from 'kysely';

/** What was not taken is looked at by people, and is little beside what was: the index holds nothing else. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw('CREATE INDEX delivery_failing ON delivery(at, seq) WHERE attempts > 0 AND state IN (0, 2)')
    .execute(db);
}
