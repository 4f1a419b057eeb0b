import type { Writer } from './database.ts';
import { sql } from './sql.ts';
import type { Leases } from './store.ts';

/** Leases in one statement each, so that of two processes asking at once one is told no. */
export function leases(writer: Writer): Leases {
  return {
    async acquire(name, holder, now, ttl) {
      const rows = await writer.run(sql`
        INSERT INTO lease AS l (name, holder, until) VALUES (${name}, ${holder}, ${now + ttl})
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE l.holder = excluded.holder OR l.until <= ${now} RETURNING name`);
      return rows.length > 0;
    },
    async release(name, holder) {
      await writer.run(sql`DELETE FROM lease WHERE name = ${name} AND holder = ${holder}`);
    },
  };
}
