import type { Reader } from '../database.ts';
import { limitTo } from '../limit.ts';
import { sql } from '../sql.ts';
import type { Driver } from './drivers.ts';
import { matches, type Wanted } from './page.ts';
import type { Source } from './source.ts';

/** How many resources match. */
export async function countMatches(reader: Reader, wanted: Wanted, source: Source): Promise<number> {
  const [row] = await reader.all<{ n: number }>(sql`SELECT count(*) AS n ${matches(wanted, source)}`);
  return Number(row?.n ?? 0);
}

/** How many match, from the share of matches among `sample` of the candidates. */
export async function estimateMatches(
  reader: Reader,
  wanted: Wanted,
  driver: Driver,
  sample: number,
): Promise<number> {
  const some = { ...driver.source, from: sql`(SELECT * FROM ${driver.source.from}${limitTo(sample)}) d` };
  const found = await countMatches(reader, wanted, some);
  return Math.round((found * driver.size) / sample);
}
