import { type Kysely, sql } from 'kysely';
import type { Capabilities } from '../capabilities.ts';

/**
 * Code systems that were imported from their release files. A concept's `pos` is its place in the order in which a
 * walk down the hierarchy meets the concepts: what a concept subsumes is a range of places or, where a concept has
 * several parents, a few of them (`term_range`). An index of stored terminology tells when any of it has changed.
 */
export async function up(db: Kysely<unknown>, dialect: Capabilities): Promise<void> {
  const { int, small, text, keyed, rows } = words[dialect.name];
  const statements = [
    `CREATE TABLE term_system(num ${int} NOT NULL PRIMARY KEY, url ${text} NOT NULL, version ${text} NOT NULL,
      state ${text} NOT NULL, digest ${text} NOT NULL, done ${int} NOT NULL, total ${int} NOT NULL,
      about ${text} NOT NULL, at ${int} NOT NULL) ${rows}`,
    "CREATE UNIQUE INDEX term_system_loading ON term_system(url, version, digest) WHERE state = 'loading'",
    "CREATE UNIQUE INDEX term_system_current ON term_system(url, version) WHERE state = 'current'",
    `CREATE TABLE term_code(num ${int} NOT NULL, pos ${int} NOT NULL, code ${text} NOT NULL,
      inactive ${small} NOT NULL, abstract ${small} NOT NULL, body ${text} NOT NULL, PRIMARY KEY(num, pos)) ${keyed}`,
    'CREATE UNIQUE INDEX term_code_code ON term_code(num, code)',
    `CREATE TABLE term_range(num ${int} NOT NULL, pos ${int} NOT NULL, lo ${int} NOT NULL, hi ${int} NOT NULL,
      PRIMARY KEY(num, pos, lo)) ${keyed}`,
    `CREATE TABLE term_word(num ${int} NOT NULL, word ${text} NOT NULL, pos ${int} NOT NULL,
      PRIMARY KEY(num, word, pos)) ${keyed}`,
    `CREATE INDEX term_word_pos ON term_word(num, pos, word)`,
    `CREATE TABLE term_property(num ${int} NOT NULL, name ${text} NOT NULL, value ${text} NOT NULL,
      pos ${int} NOT NULL, PRIMARY KEY(num, name, value, pos)) ${keyed}`,
    `CREATE INDEX resource_terminology ON resource(type, seq, deleted, open, label)
      WHERE type IN ('CodeSystem', 'ValueSet', 'ConceptMap')`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const words = {
  sqlite: { int: 'INTEGER', small: 'INTEGER', text: 'TEXT', keyed: 'STRICT, WITHOUT ROWID', rows: 'STRICT' },
  postgres: { int: 'bigint', small: 'smallint', text: 'text COLLATE "C"', keyed: '', rows: '' },
};
