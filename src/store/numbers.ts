import type { Reader, Writer } from './database.ts';
import { sql } from './sql.ts';
import type { Rid } from './types.ts';

const block = 1000;

/** Row numbers from blocks that the database hands out, so that no two processes give the same one. */
export class Rids {
  readonly #writer: Writer;
  #next = 0;
  #end = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** Callers take turns: only one of them fetches the next block. */
  reserve(count: number): Promise<Rid[]> {
    const mine = this.#turn.then(() => this.#take(count));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #take(count: number): Promise<Rid[]> {
    const rids: Rid[] = [];
    while (rids.length < count) {
      if (this.#next === this.#end) {
        await this.#fetch(Math.max(block, count - rids.length));
      }
      rids.push(this.#next);
      this.#next += 1;
    }
    return rids;
  }

  async #fetch(size: number): Promise<void> {
    const [row] = await this.#writer.run(
      sql<{ next: number }>`UPDATE counter SET next = next + ${size} WHERE name = 'rid' RETURNING next`,
    );
    if (!row) {
      throw new Error('The database has no counter of row numbers');
    }
    this.#end = row.next;
    this.#next = row.next - size;
  }
}

/** See Store.params. Two processes that register a name at once get one number. */
export async function params(
  reader: Reader,
  writer: Writer,
  names: readonly string[],
): Promise<Map<string, number>> {
  const known = await numbersOf(reader, names);
  const unknown = [...new Set(names)].filter(name => !known.has(name));
  if (unknown.length === 0) {
    return known;
  }
  const { dialect } = reader;
  await writer.run(
    ...dialect.alone('param'),
    sql`INSERT INTO param(num, name)
      SELECT (SELECT coalesce(max(num), 0) FROM param) + row_number() OVER (ORDER BY value), value
      FROM ${dialect.each(unknown)} AS e WHERE value NOT IN (SELECT name FROM param)`,
  );
  return numbersOf(reader, names);
}

async function numbersOf(reader: Reader, names: readonly string[]): Promise<Map<string, number>> {
  const rows = await reader.all(
    sql<{
      num: number;
      name: string;
    }>`SELECT num, name FROM param WHERE ${reader.dialect.oneOf(sql`name`, names)}`,
  );
  return new Map(rows.map(row => [row.name, row.num]));
}
