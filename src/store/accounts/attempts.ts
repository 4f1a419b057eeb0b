import { sql } from 'kysely';
import type { Reader, Writer } from '../database.ts';
import type { AccountStore } from './types.ts';

/** After so many doublings any wait is at its longest. */
const mostDoublings = 20;

/** Counted in one statement before the secret is looked at, so that attempts at the same time count one by one. */
export function attempts(
  reader: Reader,
  writer: Writer,
): Pick<AccountStore, 'attempt' | 'refund' | 'forgetAttempts'> {
  return {
    async attempt(name, { free, first, longest, memory }, now) {
      const over = sql`CAST(a.failures + 1 - ${free} AS integer)`;
      const wait = sql`(CAST(${first} AS bigint) << (CASE WHEN ${over} > ${mostDoublings} THEN ${mostDoublings} ELSE ${over} END))`;
      const counted = await writer.run(sql`
        INSERT INTO account_attempts AS a (name, failures, until, expires)
        VALUES (${sql.join([name, 1, now + (free > 1 ? 0 : first), now + memory])})
        ON CONFLICT (name) DO UPDATE SET
          failures = CASE WHEN a.expires <= ${now} THEN 1 ELSE a.failures + 1 END,
          until = CASE WHEN a.expires <= ${now} OR a.failures + 1 < ${free} THEN ${now}
            WHEN ${wait} > ${longest} THEN ${now + longest} ELSE ${now} + ${wait} END,
          expires = ${now + memory}
        WHERE a.until <= ${now} RETURNING name`);
      if (counted.length > 0) return undefined;
      const [row] = await reader.all<{ until: number }>(
        sql`SELECT until FROM account_attempts WHERE name = ${name}`,
      );
      return row?.until ?? now;
    },
    async refund(name, now) {
      await writer.run(sql`
        UPDATE account_attempts SET failures = failures - 1, until = ${now} WHERE name = ${name} AND failures > 0`);
    },
    async forgetAttempts(name) {
      await writer.run(sql`DELETE FROM account_attempts WHERE name = ${name}`);
    },
  };
}
