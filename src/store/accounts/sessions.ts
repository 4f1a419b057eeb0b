import { type RawBuilder, sql } from 'kysely';
import type { Reader, Writer } from '../database.ts';
import {
  type AccountRow,
  accountOf,
  type MembershipRow,
  membershipOf,
  type SessionRow,
  sessionOf,
} from './rows.ts';
import type { AccountStore, StoredSession } from './types.ts';

type Sessions =
  | 'startSession'
  | 'session'
  | 'sessions'
  | 'touchSession'
  | 'replaceSession'
  | 'endSession'
  | 'endSessions';

export function sessions(reader: Reader, writer: Writer): Pick<AccountStore, Sessions> {
  return {
    async startSession(session) {
      await writer.run(sql`INSERT INTO account_session (${columns}) VALUES (${valuesOf(session)})`);
    },
    async session(hash, now) {
      const [row] = await reader.all<SessionRow>(
        sql`SELECT * FROM account_session WHERE hash = ${hash} AND expires > ${now}`,
      );
      if (!row) return undefined;
      const [[account], memberships] = await Promise.all([
        reader.all<AccountRow>(sql`SELECT * FROM account WHERE id = ${row.account}`),
        reader.all<MembershipRow>(
          sql`SELECT * FROM account_role WHERE account = ${row.account} ORDER BY organization`,
        ),
      ]);
      if (!account) return undefined;
      return {
        session: sessionOf(row),
        account: accountOf(account),
        memberships: memberships.map(membershipOf),
      };
    },
    async sessions(account, now) {
      const rows = await reader.all<SessionRow>(sql`
        SELECT * FROM account_session WHERE account = ${account} AND expires > ${now}
        ORDER BY seen DESC, hash`);
      return rows.map(sessionOf);
    },
    async touchSession(hash, seen, expires) {
      await writer.run(
        sql`UPDATE account_session SET seen = ${seen}, expires = ${expires} WHERE hash = ${hash} AND seen < ${seen}`,
      );
    },
    // One statement, so that a session that was ended meanwhile does not come back under another name.
    async replaceSession(hash, by) {
      const { organization, factor, started, seen, expires } = by;
      const rows = await writer.run(sql`
        UPDATE account_session SET hash = ${by.hash}, organization = ${organization}, factor = ${factor ? 1 : 0},
          started = ${started}, seen = ${seen}, expires = ${expires} WHERE hash = ${hash} RETURNING hash`);
      return rows.length > 0;
    },
    async endSession(hash) {
      await writer.run(sql`DELETE FROM account_session WHERE hash = ${hash}`);
    },
    async endSessions(account) {
      await writer.run(sql`DELETE FROM account_session WHERE account = ${account}`);
    },
  };
}

const columns = sql.raw('hash, account, organization, factor, started, seen, expires, address, browser');

function valuesOf(session: StoredSession): RawBuilder<unknown> {
  const { hash, account, organization, factor, started, seen, expires, address, browser } = session;
  return sql.join([hash, account, organization, factor ? 1 : 0, started, seen, expires, address, browser]);
}
