import { type RawBuilder, sql } from 'kysely';
import type { Reader, Writer } from '../database.ts';
import { attempts } from './attempts.ts';
import { type AccountRow, accountOf, type MembershipRow, membershipOf } from './rows.ts';
import { sessions } from './sessions.ts';
import type { AccountStore, StoredAccount, StoredLink } from './types.ts';

export function accounts(reader: Reader, writer: Writer): AccountStore {
  return {
    ...people(reader, writer),
    ...secrets(reader, writer),
    ...sessions(reader, writer),
    ...attempts(reader, writer),
  };
}

const ended = (account: string): RawBuilder<unknown> =>
  sql`DELETE FROM account_session WHERE account = ${account}`;

type People =
  | 'add'
  | 'byId'
  | 'byEmail'
  | 'list'
  | 'memberships'
  | 'putMembership'
  | 'suspendMembership'
  | 'suspend';

function people(reader: Reader, writer: Writer): Pick<AccountStore, People> {
  const one = async (where: RawBuilder<boolean>): Promise<StoredAccount | undefined> => {
    const [row] = await reader.all<AccountRow>(sql`SELECT * FROM account WHERE ${where}`);
    return row && accountOf(row);
  };
  return {
    async add({ id, email, name, practitioner, password, totp, suspended, created }) {
      const values = sql.join([id, email, name, practitioner, password, totp, 0, suspended ? 1 : 0, created]);
      const rows = await writer.run(sql`
        INSERT INTO account (id, email, name, practitioner, password, totp, step, suspended, created)
        VALUES (${values}) ON CONFLICT (email) DO NOTHING RETURNING id`);
      return rows.length > 0;
    },
    byId: id => one(sql`id = ${id}`),
    byEmail: email => one(sql`email = ${email}`),
    async list(organization) {
      const rows = await reader.all<AccountRow & MembershipRow & { role_suspended: number }>(sql`
        SELECT a.*, r.account, r.organization, r.practitioner_role, r.role, r.suspended AS role_suspended
        FROM account_role r JOIN account a ON a.id = r.account
        WHERE ${organization === undefined ? sql`1 = 1` : sql`r.organization = ${organization}`}
        ORDER BY a.name, a.id, r.organization`);
      return rows.map(row => ({
        account: accountOf(row),
        membership: membershipOf({ ...row, suspended: row.role_suspended }),
      }));
    },
    async memberships(account) {
      const rows = await reader.all<MembershipRow>(
        sql`SELECT * FROM account_role WHERE account = ${account} ORDER BY organization`,
      );
      return rows.map(membershipOf);
    },
    async putMembership({ account, organization, practitionerRole, role }) {
      await writer.run(sql`
        INSERT INTO account_role (account, organization, practitioner_role, role, suspended)
        VALUES (${sql.join([account, organization, practitionerRole, role, 0])})
        ON CONFLICT (account, organization) DO UPDATE SET
          practitioner_role = excluded.practitioner_role, role = excluded.role`);
    },
    async suspendMembership(account, organization, suspended) {
      await writer.run(
        sql`UPDATE account_role SET suspended = ${suspended ? 1 : 0}
          WHERE account = ${account} AND organization = ${organization}`,
        sql`DELETE FROM account_session WHERE account = ${account} AND organization = ${organization}
          AND ${suspended ? 1 : 0} = 1`,
      );
    },
    async suspend(account, suspended) {
      await writer.run(
        sql`UPDATE account SET suspended = ${suspended ? 1 : 0} WHERE id = ${account}`,
        ...(suspended ? [sql`DELETE FROM account_link WHERE account = ${account}`] : []),
        suspended ? ended(account) : sql`SELECT 1`,
      );
    },
  };
}

type Secrets =
  | 'setPassword'
  | 'rehash'
  | 'setFactor'
  | 'useStep'
  | 'useRecovery'
  | 'recoveryLeft'
  | 'addDevice'
  | 'isDevice'
  | 'addLink'
  | 'link'
  | 'takeLink'
  | 'sweep';

function secrets(reader: Reader, writer: Writer): Pick<AccountStore, Secrets> {
  return {
    async setPassword(account, hash) {
      await writer.run(
        sql`UPDATE account SET password = ${hash} WHERE id = ${account}`,
        sql`DELETE FROM account_link WHERE account = ${account}`,
        ended(account),
      );
    },
    async rehash(account, from, to) {
      await writer.run(sql`UPDATE account SET password = ${to} WHERE id = ${account} AND password = ${from}`);
    },
    async setFactor(account, sealed, recovery) {
      await writer.run(
        sql`DELETE FROM account_recovery WHERE account = ${account}`,
        ...recovery.map(
          hash => sql`INSERT INTO account_recovery (account, hash) VALUES (${account}, ${hash})`,
        ),
        sql`UPDATE account SET totp = ${sealed}, step = 0 WHERE id = ${account}`,
      );
    },
    async useStep(account, step) {
      const rows = await writer.run(
        sql`UPDATE account SET step = ${step} WHERE id = ${account} AND step < ${step} RETURNING id`,
      );
      return rows.length > 0;
    },
    async useRecovery(account, hash) {
      const rows = await writer.run(
        sql`DELETE FROM account_recovery WHERE account = ${account} AND hash = ${hash} RETURNING hash`,
      );
      return rows.length > 0;
    },
    async recoveryLeft(account) {
      const rows = await reader.all(sql`SELECT hash FROM account_recovery WHERE account = ${account}`);
      return rows.length;
    },
    async addDevice({ hash, account, expires }) {
      await writer.run(
        sql`INSERT INTO account_device (hash, account, expires) VALUES (${hash}, ${account}, ${expires})`,
      );
    },
    async isDevice(hash, account, now) {
      const rows = await reader.all(
        sql`SELECT hash FROM account_device WHERE hash = ${hash} AND account = ${account} AND expires > ${now}`,
      );
      return rows.length > 0;
    },
    async addLink({ hash, account, purpose, expires }) {
      await writer.run(
        sql`DELETE FROM account_link WHERE account = ${account} AND purpose = ${purpose}`,
        sql`INSERT INTO account_link (hash, account, purpose, expires)
          VALUES (${sql.join([hash, account, purpose, expires])})`,
      );
    },
    async link(hash, now) {
      const [row] = await reader.all<StoredLink>(
        sql`SELECT * FROM account_link WHERE hash = ${hash} AND expires > ${now}`,
      );
      return row;
    },
    async takeLink(hash, now) {
      const [row] = await writer.run<StoredLink>(
        sql`DELETE FROM account_link WHERE hash = ${hash} AND expires > ${now} RETURNING *`,
      );
      return row;
    },
    async sweep(now) {
      const tables = ['account_session', 'account_device', 'account_link', 'account_attempts'];
      for (const table of tables)
        await writer.run(sql`DELETE FROM ${sql.table(table)} WHERE expires <= ${now}`);
    },
  };
}
