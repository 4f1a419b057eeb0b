import { originOf } from './origin.ts';
import { type RawBuilder, sql } from './sql.ts';
import type { ClearanceRow, Rid } from './types.ts';

/** The columns of the table with their types on PostgreSQL. */
export const clearanceColumns = [
  ['patient', 'text'],
  ['org', 'text'],
  ['level', 'smallint'],
  ['discloser', 'text'],
  ['excepted', 'text'],
  ['via', 'bigint'],
  ['labels', 'bigint'],
  ['starts', 'bigint'],
  ['ends', 'bigint'],
] as const;

type StoredClearance = Record<(typeof clearanceColumns)[number][0], string | number | null>;

const levels = { packet: 1, record: 2 } as const;

/** The row as the database keeps it: a list of organizations is text such as ` a b `, found by ` a `. */
export function storedClearance({ level, excepted, ...row }: ClearanceRow, via: Rid): StoredClearance {
  return { ...row, level: levels[level], excepted: ` ${excepted.join(' ')} `, via };
}

/**
 * Whether consents clear what a relationship (`x`) leaves of the labels of a resource (`r`). Asked only of
 * resources that have labels which the relationship does not cover. Ids hold no character that LIKE reads.
 */
export function cleared(
  level: ClearanceRow['level'],
  who: { organization: string; now: number },
  { r, x }: { r: RawBuilder<unknown>; x: RawBuilder<unknown> },
): RawBuilder<boolean> {
  const { organization, now } = who;
  const named = sql`(c.org = ${organization} OR (c.org = '' AND c.excepted NOT LIKE '% ' || ${organization} || ' %'))`;
  return sql`EXISTS (SELECT 1 FROM clearance c WHERE c.patient = ${r}.patient AND ${named}
    AND c.level = ${levels[level]} AND (c.discloser = '' OR c.discloser = ${originOf(r)})
    AND (${r}.label & ~ (c.labels | ${x}.labels)) = 0
    AND c.starts <= ${now} AND (c.ends IS NULL OR c.ends > ${now}))`;
}
