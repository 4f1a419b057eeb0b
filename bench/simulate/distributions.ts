import { z } from 'zod';
import file from './distributions.json' with { type: 'json' };

const values = z.record(z.string(), z.number().min(0));
const row = z
  .strictObject({
    name: z.string(),
    what: z.string(),
    unit: z.string(),
    /** They add up to 1: one of them is drawn. */
    shares: values.optional(),
    numbers: values.optional(),
    basis: z.enum(['published', 'derived', 'assumption']),
    source: z.string().min(1),
    url: z.url().optional(),
  })
  .refine(({ shares, numbers }) => (shares === undefined) !== (numbers === undefined), 'shares or numbers');

export type Row = z.infer<typeof row>;

/** What the network is drawn from, with where each row comes from (distributions.json). */
export const rows: readonly Row[] = z.array(row).parse(file.rows);

const byName = new Map(rows.map(one => [one.name, one]));

/** The numbers of a row. Error: there is no such row, or no such number in it. */
export function numbersOf<N extends string>(name: string, ...wanted: N[]): Record<N, number> {
  const found = byName.get(name)?.numbers;
  const missing = wanted.filter(one => found?.[one] === undefined);
  if (!found || missing.length > 0) throw new Error(`distributions.json: no ${name} ${missing.join(', ')}`);
  return found as Record<N, number>;
}

/** The shares of a row, in the order in which they are written. */
export function sharesOf(name: string): readonly (readonly [string, number])[] {
  const found = byName.get(name)?.shares;
  if (!found) throw new Error(`distributions.json: no shares ${name}`);
  return Object.entries(found);
}

/** One of the shares, by a number from 0 to 1 (exclusive). */
export function pick(shares: readonly (readonly [string, number])[], at: number): string {
  let left = at;
  for (const [name, share] of shares) {
    left -= share;
    if (left < 0) return name;
  }
  return shares.at(-1)?.[0] ?? '';
}
