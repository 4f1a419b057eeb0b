import { type Kysely, sql } from 'kysely';
import type { Capabilities } from '../capabilities.ts';

/**
 * What composite parameters and full text are found by. A composite's value is a group of `tuple` rows, one for
 * each part: a code and its system, a text, or a range. The words of a resource are in the database's own full text.
 */
export async function up(db: Kysely<unknown>, dialect: Capabilities): Promise<void> {
  for (const statement of statements[dialect.name]) await sql.raw(statement).execute(db);
}

const tuple = (int: string, small: string, real: string, text: string, keyed: string): string[] => [
  `CREATE TABLE tuple(param ${small} NOT NULL, part ${small} NOT NULL, code ${text} NOT NULL, lo ${real} NOT NULL,
    rid ${int} NOT NULL, grp ${int} NOT NULL, hi ${real} NOT NULL, sys ${text} NOT NULL,
    PRIMARY KEY(param, part, code, lo, rid, grp, hi, sys)) ${keyed}`,
  'CREATE INDEX tuple_rid ON tuple(rid, param, grp, part)',
];

const statements = {
  sqlite: [
    ...tuple('INTEGER', 'INTEGER', 'REAL', 'TEXT', 'STRICT, WITHOUT ROWID'),
    // Words alone are kept, not the text: it is in `version` already.
    `CREATE VIRTUAL TABLE fulltext USING fts5(narrative, content, content='', contentless_delete=1,
      tokenize='unicode61 remove_diacritics 0')`,
  ],
  postgres: [
    ...tuple('bigint', 'smallint', 'double precision', 'text COLLATE "C"', ''),
    'CREATE TABLE fulltext(rid bigint PRIMARY KEY, narrative tsvector NOT NULL, content tsvector NOT NULL)',
    'CREATE INDEX fulltext_narrative ON fulltext USING gin(narrative)',
    'CREATE INDEX fulltext_content ON fulltext USING gin(content)',
  ],
};
