import type { Reader, Writer } from './database.ts';
import type { FailingDelivery, Outbox, StoredDelivery } from './outbox-types.ts';
import { type RawBuilder, sql } from './sql.ts';

type Row = Omit<StoredDelivery, 'payload'> & { payload: string };

type FailingRow = Row & { state: number; error: string | null; waiting: number };

// Written into the text: only so is a partial index found.
const waits = sql.raw('0');
const sent = sql.raw('1');
const parked = sql.raw('2');
const withdrawn = sql.raw('3');

/** The table `delivery`, the same on both databases. */
export function outbox(reader: Reader, writer: Writer): Outbox {
  return {
    async add(deliveries, place) {
      const statements: RawBuilder<unknown>[] = deliveries.map(
        ({ channel, event, thread, payload, at }) => sql`
          INSERT INTO delivery(channel, event, thread, payload, at, due)
          VALUES (${channel}, ${event}, ${thread}, ${JSON.stringify(payload)}, ${at}, ${at})
          ON CONFLICT (channel, event) DO NOTHING`,
      );
      if (place) {
        const { name, to } = place;
        const later = reader.dialect.feed.isLater(
          { xid: sql`excluded.xid`, seq: sql`excluded.seq` },
          { xid: sql`cursor.xid`, seq: sql`cursor.seq` },
        );
        const xid = reader.dialect.feed.asXid(to.xid);
        statements.push(sql`
          INSERT INTO cursor(name, xid, seq) VALUES (${name}, ${xid}, ${to.seq})
          ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, seq = excluded.seq WHERE ${later}`);
      }
      const [last, ...before] = statements.toReversed();
      if (last) await writer.run(...before.toReversed(), last);
    },
    async channels(now) {
      const rows = await reader.all(
        sql<{
          channel: string;
        }>`SELECT DISTINCT channel FROM delivery WHERE state = ${waits} AND due <= ${now}`,
      );
      return rows.map(row => row.channel);
    },
    async next(channel, now, { only } = {}) {
      const [row] = await reader.all(sql<Row>`
        SELECT seq, channel, event, thread, payload, at, attempts, number FROM delivery d
        WHERE channel = ${channel} AND state = ${waits} AND due <= ${now}
          AND ${only === undefined ? sql`1 = 1` : sql`thread = ${only}`}
          AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.channel = d.channel AND e.thread = d.thread
            AND e.state = ${waits} AND e.seq < d.seq)
        ORDER BY seq LIMIT 1`);
      return row && { ...row, payload: JSON.parse(row.payload) };
    },
    async sent(seq, { number, at }) {
      await writer.run(
        sql`UPDATE delivery SET state = ${sent}, number = ${number}, settled = ${at}, error = NULL WHERE seq = ${seq}`,
      );
    },
    async failed(seq, { due, error }) {
      await writer.run(
        sql`UPDATE delivery SET attempts = attempts + 1, due = ${due}, error = ${error} WHERE seq = ${seq}`,
      );
    },
    async parked(seq, { at, error }) {
      await writer.run(
        sql`UPDATE delivery SET state = ${parked}, settled = ${at}, error = ${error} WHERE seq = ${seq}`,
      );
    },
    async withdraw(seq, at) {
      await writer.run(
        sql`UPDATE delivery SET state = ${withdrawn}, settled = ${at}, error = NULL WHERE seq = ${seq}`,
      );
    },
    async retry(channel, now, { only } = {}) {
      await writer.run(sql`
        UPDATE delivery SET state = ${waits}, attempts = 0, due = ${now}, settled = NULL
        WHERE channel = ${channel} AND state IN (${waits}, ${parked})
          AND ${only === undefined ? sql`1 = 1` : sql`seq = ${only}`}`);
    },
    async failing({ least, limit }) {
      const rows = await reader.all(sql<FailingRow>`
        SELECT seq, channel, event, thread, payload, at, attempts, number, state, error,
          (SELECT count(*) FROM delivery w WHERE w.channel = d.channel AND w.state = ${waits}) AS waiting
        FROM delivery d
        WHERE attempts > 0 AND state IN (${waits}, ${parked}) AND (state = ${parked} OR attempts >= ${least})
        ORDER BY at, seq LIMIT ${limit}`);
      return rows.map(failingOf);
    },
    async forget(seq) {
      await writer.run(sql`UPDATE delivery SET payload = 'null' WHERE seq = ${seq}`);
    },
    async events(channel, { from, to, limit }) {
      const rows = await reader.all(sql<Row>`
        SELECT seq, channel, event, thread, payload, at, attempts, number FROM delivery
        WHERE channel = ${channel} AND number IS NOT NULL AND number >= ${from} AND number <= ${to}
          AND state = ${sent} ORDER BY number LIMIT ${limit}`);
      return rows.map(row => ({ ...row, payload: JSON.parse(row.payload) }));
    },
    async lastNumber(channel) {
      const [row] = await reader.all(sql<{ last: number | null }>`
        SELECT max(number) AS last FROM delivery WHERE channel = ${channel} AND number IS NOT NULL`);
      return row?.last ?? 0;
    },
    async remove(channel) {
      await writer.run(sql`DELETE FROM delivery WHERE channel = ${channel}`);
    },
    async prune(before) {
      await writer.run(sql`
        DELETE FROM delivery WHERE settled < ${before.settled}
          AND (state <> ${parked} OR settled < ${before.parked}) AND (number IS NULL OR number < (
          SELECT max(number) FROM delivery d WHERE d.channel = delivery.channel AND d.number IS NOT NULL))`);
    },
  };
}

function failingOf({ state, error, payload, ...rest }: FailingRow): FailingDelivery {
  return { ...rest, payload: JSON.parse(payload), parked: state === 2, error: error ?? '' };
}
