import type { AuditEvent, Communication } from '@medplum/fhirtypes';
import { emergencyEnds } from '../../../access/emergency.ts';
import { emergencyAccesses } from '../../../fhir/operations/emergency-accesses.ts';
import type { Parts } from '../../../fhir/parts.ts';
import type { Repository } from '../../../fhir/repository.ts';
import { findPage } from '../../found.ts';
import { type AuditRow, rowOf } from './audit-row.ts';

/** One opening of a record in an emergency. */
export interface Emergency {
  id: string;
  at: Date;
  until?: Date;
  /** Logical ids. */
  patient: string;
  opener: string;
  keeper: string;
  /** Why, in the words of who opened it. */
  reason: string;
  /** `ETREAT` or `BTG`. */
  purpose: string;
  /** Who opened it, as far as the audit says. */
  by?: AuditRow;
  /** `Type/id`s that the opening organization was shown of this person while it was open. */
  seen: string[];
}

/** Everything of one week; more is looked up in the audit. */
const most = 500;
const readInAudit = '500';

/** The emergency accesses since a time, as the reader's organization may know of them, with what was seen. */
export async function emergenciesSince(
  parts: Parts,
  repository: Repository,
  since: Date,
): Promise<Emergency[]> {
  const query = new URLSearchParams({ _since: since.toISOString(), _count: String(most) });
  const answer = await emergencyAccesses.run({ parts, repository, type: 'Patient', query });
  if (answer.kind !== 'page') throw new Error('$emergency-accesses answers with a page');
  const accesses = answer.page.entries.map(({ stored }) => accessIn(stored.resource() as Communication));
  if (accesses.length === 0) return [];
  const rows = await rowsAbout(repository, accesses, since);
  return accesses.map(one => withRows(one, rows));
}

function accessIn(communication: Communication): Omit<Emergency, 'seen'> {
  const idOf = (reference: string | undefined) => reference?.split('/')[1] ?? '';
  const ends = emergencyEnds(communication);
  return {
    id: communication.id ?? '',
    at: new Date(communication.sent ?? 0),
    ...(ends ? { until: new Date(ends) } : {}),
    patient: idOf(communication.subject?.reference),
    opener: idOf(communication.sender?.reference),
    keeper: idOf(communication.recipient?.[0]?.reference),
    reason: communication.payload?.[0]?.contentString ?? '',
    purpose: communication.reasonCode?.[0]?.coding?.[0]?.code ?? '',
  };
}

/** One search for all: what these organizations did with these people. */
async function rowsAbout(
  repository: Repository,
  accesses: readonly Omit<Emergency, 'seen'>[],
  since: Date,
): Promise<AuditRow[]> {
  const each = (of: (one: Omit<Emergency, 'seen'>) => string) => [...new Set(accesses.map(of))].join(',');
  const { matches } = await findPage<AuditEvent>(repository, 'AuditEvent', [
    ['patient', each(({ patient }) => `Patient/${patient}`)],
    ['agent', each(({ opener }) => `Organization/${opener}`)],
    ['date', `ge${since.toISOString()}`],
    ['_count', readInAudit],
  ]);
  return matches.map(rowOf);
}

/** How long before the Communication the audit may have the opening: they are written one after the other. */
const slackMs = 5000;

function withRows(one: Omit<Emergency, 'seen'>, rows: readonly AuditRow[]): Emergency {
  const own = rows.filter(
    row =>
      row.organization === one.opener &&
      row.patient === one.patient &&
      row.at.getTime() >= one.at.getTime() - slackMs &&
      (one.until === undefined || row.at <= one.until),
  );
  const by = own.findLast(row => row.did === 'opened in an emergency');
  const shown = own.filter(row => row !== by && row.outcome.words === 'Done');
  return {
    ...one,
    ...(by ? { by } : {}),
    seen: [...new Set(shown.flatMap(row => row.resources.map(one => one.split('/_history/')[0] ?? '')))],
  };
}
