import type { AuditRow } from './audit-row.ts';

/** Events of one kind that follow each other, as one line of a list. */
export interface MergedRow extends AuditRow {
  /** How many events they are. */
  events: number;
  /** When the first of them was, where they are several. */
  since?: Date;
}

/** Somebody who looks at a record reads it in many steps: what follows each other within this time is one look. */
const togetherMs = 10 * 60_000;

/** The rows, newest first, with those told at once that the same somebody did in the same way about the same person. */
export function mergeRows(rows: readonly AuditRow[]): MergedRow[] {
  const merged: MergedRow[] = [];
  for (const row of rows) {
    const last = merged.at(-1);
    if (!last || !isSame(last, row)) {
      merged.push({ ...row, events: 1 });
      continue;
    }
    last.events++;
    last.since = row.at;
    last.resources = [...new Set([...last.resources, ...row.resources])];
  }
  return merged;
}

function isSame(last: MergedRow, row: AuditRow): boolean {
  const begun = last.since ?? last.at;
  return (
    begun.getTime() - row.at.getTime() <= togetherMs &&
    (['agent', 'organization', 'did', 'patient', 'search', 'purpose', 'address'] as const).every(
      name => last[name] === row[name],
    ) &&
    last.outcome.words === row.outcome.words
  );
}
