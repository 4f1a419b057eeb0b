import { type Kysely, sql } from 'kysely';
import type { Capabilities } from '../capabilities.ts';

/**
 * What consents clear, beside the relationships they add labels to; and relationships that show a record
 * without letting the organization bring others into it.
 */
export async function up(db: Kysely<unknown>, dialect: Capabilities): Promise<void> {
  const { int, text, small, keyed } = words[dialect.name];
  await sql
    .raw(
      `CREATE TABLE clearance(patient ${text} NOT NULL, org ${text} NOT NULL, level ${small} NOT NULL,
        discloser ${text} NOT NULL, excepted ${text} NOT NULL, via ${int} NOT NULL, labels ${int} NOT NULL,
        starts ${int} NOT NULL, ends ${int}, PRIMARY KEY(patient, org, level, discloser, via, starts)) ${keyed}`,
    )
    .execute(db);
  await sql.raw('CREATE INDEX clearance_via ON clearance(via)').execute(db);
  await sql.raw(`ALTER TABLE rel ADD COLUMN opens ${small} NOT NULL DEFAULT 1`).execute(db);
}

const words = {
  sqlite: { int: 'INTEGER', text: 'TEXT', small: 'INTEGER', keyed: 'STRICT, WITHOUT ROWID' },
  postgres: { int: 'bigint', text: 'text COLLATE "C"', small: 'smallint', keyed: '' },
};
