import type { Reader } from './database.ts';

/** More than are in use at a time; when there are so many, all are forgotten. */
const most = 1000;

/**
 * What was read, for as long as nothing in the database has changed since: as good as read again. Where the database
 * cannot tell whether it has changed, everything is read each time. The answers are shared: nobody may change them.
 */
export function remembered<Row>(reader: Reader): (key: string, read: () => Promise<Row>) => Promise<Row> {
  let rows = new Map<string, Promise<Row>>();
  let state: number | undefined;
  return (key, read) => {
    const now = reader.state?.();
    if (now === undefined) return read();
    if (now !== state || rows.size >= most) {
      state = now;
      rows = new Map();
    }
    const known = rows.get(key);
    if (known) return known;
    const row = read();
    const kept = rows;
    kept.set(key, row);
    row.catch(() => kept.delete(key));
    return row;
  };
}
