import type { AuditEvent } from '@medplum/fhirtypes';
import type { Repository } from '../../../fhir/repository.ts';
import { dueRules } from '../../../referral/lifecycle/due.ts';
import { findPage } from '../../found.ts';
import { type AuditAsked, queryOf } from './audit-asked.ts';
import { type AuditRow, rowOf } from './audit-row.ts';

/** One page of the audit as the reader's organization may see it, the newest first. */
export async function readAudit(
  repository: Repository,
  asked: AuditAsked,
  {
    zone = dueRules.timeZone,
    after,
    count,
  }: { zone?: string | undefined; after?: string | undefined; count: number },
): Promise<{ rows: AuditRow[]; next?: string }> {
  const page = await findPage<AuditEvent>(repository, 'AuditEvent', [
    ...queryOf(asked, zone),
    ['_count', String(count)],
    ...(after ? [['_cursor', after] as const] : []),
  ]);
  return { rows: page.matches.map(rowOf), ...(page.next ? { next: page.next } : {}) };
}

const atOnce = 500;
/** More rows than anybody opens in a spreadsheet at once: a longer time is downloaded in parts. */
const mostRows = 20_000;

/** All of what is asked for, up to a bound. */
export async function readWholeAudit(
  repository: Repository,
  asked: AuditAsked,
  zone: string | undefined,
): Promise<{ rows: AuditRow[]; whole: boolean }> {
  const rows: AuditRow[] = [];
  let after: string | undefined;
  do {
    const page = await readAudit(repository, asked, { zone, after, count: atOnce });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== undefined && rows.length < mostRows);
  return { rows, whole: after === undefined };
}
