import { type Kysely, sql } from 'kysely';
import type { Capabilities } from '../capabilities.ts';

/**
 * People who sign in: their accounts and what they are to which organization, sessions, devices they have used,
 * links they were sent by mail, recovery codes, and how often a sign-in was tried. Whatever is a secret is here as a
 * hash, or sealed. Times are epoch milliseconds, flags 0 or 1.
 */
export async function up(db: Kysely<unknown>, dialect: Capabilities): Promise<void> {
  const { int, text, small, keyed } = words[dialect.name];
  const tables = [
    `CREATE TABLE account(id ${text} NOT NULL PRIMARY KEY, email ${text} NOT NULL UNIQUE, name ${text} NOT NULL,
      practitioner ${text} NOT NULL, password ${text}, totp ${text}, step ${int} NOT NULL,
      suspended ${small} NOT NULL, created ${int} NOT NULL) ${keyed}`,
    `CREATE TABLE account_role(account ${text} NOT NULL, organization ${text} NOT NULL, practitioner_role ${text} NOT NULL,
      role ${text} NOT NULL, suspended ${small} NOT NULL, PRIMARY KEY(account, organization)) ${keyed}`,
    `CREATE INDEX account_role_organization ON account_role(organization, account)`,
    `CREATE TABLE account_session(hash ${text} NOT NULL PRIMARY KEY, account ${text} NOT NULL, organization ${text},
      factor ${small} NOT NULL, started ${int} NOT NULL, seen ${int} NOT NULL, expires ${int} NOT NULL,
      address ${text}, browser ${text}) ${keyed}`,
    `CREATE INDEX account_session_account ON account_session(account)`,
    `CREATE TABLE account_device(hash ${text} NOT NULL PRIMARY KEY, account ${text} NOT NULL,
      expires ${int} NOT NULL) ${keyed}`,
    `CREATE INDEX account_device_account ON account_device(account)`,
    `CREATE TABLE account_link(hash ${text} NOT NULL PRIMARY KEY, account ${text} NOT NULL, purpose ${text} NOT NULL,
      expires ${int} NOT NULL) ${keyed}`,
    `CREATE INDEX account_link_account ON account_link(account)`,
    `CREATE TABLE account_recovery(account ${text} NOT NULL, hash ${text} NOT NULL,
      PRIMARY KEY(account, hash)) ${keyed}`,
    `CREATE TABLE account_attempts(name ${text} NOT NULL PRIMARY KEY, failures ${int} NOT NULL, until ${int} NOT NULL,
      expires ${int} NOT NULL) ${keyed}`,
  ];
  for (const statement of tables) await sql.raw(statement).execute(db);
}

const words = {
  sqlite: { int: 'INTEGER', text: 'TEXT', small: 'INTEGER', keyed: 'STRICT, WITHOUT ROWID' },
  postgres: { int: 'bigint', text: 'text COLLATE "C"', small: 'smallint', keyed: '' },
};
