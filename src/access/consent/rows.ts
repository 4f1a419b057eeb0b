import type { ConsentPolicy } from './policy.ts';
import { hubPurpose } from './policy.ts';
import type { ConsentFacts } from './question.ts';
import { type Cleared, clearedOverTime } from './timeline.ts';

/** What one consent clears for one recipient, or for all that none names: see `ClearanceRow` of the store. */
export interface Row {
  level: 'packet' | 'record';
  org: string;
  excepted: readonly string[];
  discloser: string;
  labels: number;
  starts: number;
  ends: number | null;
}

/** Rows by the consent they rest on, `Consent/id`. */
export type Rows = ReadonlyMap<string, readonly Row[]>;

/** All consents of a person as rows: one for each recipient, level, discloser and stretch of time. */
export function rowsOfConsents(
  facts: readonly ConsentFacts[],
  of: { patient: string; now: number; treating: ReadonlySet<string> },
  policy: ConsentPolicy,
): Rows {
  const active = facts.filter(({ consent }) => consent.status === 'active');
  const recorders = [...new Set(active.map(({ recorder }) => recorder))];
  const named = [...new Set([...active.flatMap(organizationsIn), ...recorders])].sort();
  const rows = new Map<string, Row[]>();
  for (const level of ['packet', 'record'] as const) {
    for (const organization of [undefined, ...named]) {
      const treats = level === 'record' && (organization === undefined || of.treating.has(organization));
      const recipient = { ...(organization === undefined ? {} : { organization }), treats };
      for (const discloser of [undefined, ...recorders]) {
        const question = {
          patient: of.patient,
          recipient,
          ...(discloser === undefined ? {} : { discloser }),
          purpose: hubPurpose,
          now: of.now,
        };
        for (const piece of clearedOverTime(active, question, policy)) {
          const excepted = organization === undefined ? named : [];
          const row = { level, org: organization ?? '', excepted, discloser: discloser ?? '' };
          const list = rows.get(piece.consent) ?? [];
          rows.set(piece.consent, [...list, { ...row, ...timeOf(piece, of.now) }]);
        }
      }
    }
  }
  return rows;
}

const organizationsIn = ({ organizations }: ConsentFacts): string[] => [...organizations.values()].flat();

/** What holds now holds for clocks that are a little behind, too. */
const timeOf = ({ mask, starts, ends }: Cleared, now: number) => ({
  labels: mask,
  starts: starts === now ? 0 : starts,
  ends,
});
