import { type Kysely, sql } from 'kysely';
import type { Capabilities } from '../capabilities.ts';

/** Whose information a resource is, where it is another organization's than its owner's: what the hub passes on. */
export async function up(db: Kysely<unknown>, { name }: Capabilities): Promise<void> {
  const text = name === 'sqlite' ? 'TEXT' : 'text COLLATE "C"';
  await sql.raw(`ALTER TABLE resource ADD COLUMN origin ${text}`).execute(db);
}
