import type { Reader, Writer } from './database.ts';
import { prepare } from './prepared.ts';
import { remembered } from './remembered.ts';
import { type RawBuilder, sql } from './sql.ts';
import type { Records, StoredRecord } from './store.ts';

type Row = Omit<StoredRecord, 'value'> & { value: string };

/** Small expiring records; `value` is kept as JSON. */
export function records(reader: Reader, writer: Writer): Records {
  const recalled = remembered<StoredRecord | undefined>(reader);
  const get: Records['get'] = async (kind, id, now) => {
    const [row] = await byId(reader, { kind, id, now });
    return row && parse(row);
  };
  return {
    get,
    async recall(kind, id, now) {
      const record = await recalled(`${kind} ${id}`, () => get(kind, id, now));
      return record && (record.expires === null || record.expires > now) ? record : undefined;
    },
    async list(kind, now) {
      const rows = await reader.all<Row>(
        sql`SELECT * FROM record WHERE kind = ${kind} AND ${live(now)} ORDER BY id`,
      );
      return rows.map(parse);
    },
    async put(record) {
      await writer.run(sql`${insert(record)} DO UPDATE SET ${replaced}`);
    },
    async insert(record, now) {
      const query = sql`${insert(record)} DO UPDATE SET ${replaced} WHERE r.expires <= ${now} RETURNING id`;
      return (await writer.run(query)).length > 0;
    },
    async remove(kind, id) {
      await writer.run(sql`DELETE FROM record WHERE kind = ${kind} AND id = ${id}`);
    },
    async removeFamily(family) {
      await writer.run(sql`DELETE FROM record WHERE family = ${family}`);
    },
    async sweep(now) {
      await writer.run(sql`DELETE FROM record WHERE expires <= ${now}`);
    },
  };
}

const live = (now: number) => sql`(expires IS NULL OR expires > ${now})`;

/** Asked with every request: it finds the token. */
const byId = prepare<{ kind: string; id: string; now: number }, Row>(
  (_, { kind, id, now }) => sql`SELECT * FROM record WHERE kind = ${kind} AND id = ${id} AND ${live(now)}`,
);

const replaced = sql`value = excluded.value, expires = excluded.expires, family = excluded.family`;

function insert({ kind, id, value, expires, family }: StoredRecord): RawBuilder<unknown> {
  const row = sql.join([kind, id, JSON.stringify(value), expires, family]);
  return sql`INSERT INTO record AS r (kind, id, value, expires, family) VALUES (${row}) ON CONFLICT (kind, id)`;
}

function parse(row: Row): StoredRecord {
  const { kind, id, value, expires, family } = row;
  return { kind, id, value: JSON.parse(value), expires, family };
}
