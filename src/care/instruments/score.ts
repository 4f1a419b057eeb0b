import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import type { Answers } from './answers.ts';
import type { Alert, Band, Scoring } from './scoring.ts';

/** What becomes an Observation: its code, its value and what that means. */
export interface Result {
  code: Coding;
  /** A sum. */
  score?: number;
  /** Chosen answers, or a level: several only where the question may have several. */
  values?: readonly CodeableConcept[];
  meaning?: { code: string; display: string };
  /** Whether a need was found, of this category. */
  need?: { found: boolean; category: Coding | undefined };
}

const loinc = 'http://loinc.org';

/** The total of an instrument; undefined while an item that applies is not answered. */
export function totalOf({ total }: Scoring, answers: Answers): number | undefined {
  const scores = (total?.items ?? []).map(answers.score);
  if (!total || scores.includes(undefined)) return undefined;
  return scores.reduce<number>((sum, score) => sum + (score ?? 0), 0);
}

/** The band of a score, for a person of this gender. */
export function bandOf(bands: readonly Band[] | undefined, score: number, gender?: string): Band | undefined {
  const fitting = bands?.filter(one => score >= one.low && score <= one.high) ?? [];
  const own = bands?.some(one => one.gender !== undefined && one.gender === gender);
  return fitting.find(one => (own ? one.gender === gender : one.gender === undefined));
}

/**
 * The level of risk. What was answered so far is enough for the highest, which nothing can raise; a lower one is told
 * when all is answered, so that nobody is reassured too early.
 */
export function levelOf({ level }: Scoring, answers: Answers): { code: string; display: string } | undefined {
  const levels = level?.levels ?? [];
  const at = levels.findIndex(
    ({ any }) => any.length === 0 || any.some(item => (answers.score(item) ?? 0) > 0),
  );
  return at === 0 || answers.open.length === 0 ? levels[at] : undefined;
}

/** All that the answers give. */
export function resultsOf(scoring: Scoring, answers: Answers, gender?: string): Result[] {
  return [...totals(scoring, answers, gender), ...levels(scoring, answers), ...items(scoring, answers)];
}

function totals(scoring: Scoring, answers: Answers, gender?: string): Result[] {
  const score = totalOf(scoring, answers);
  if (!scoring.total || score === undefined) return [];
  const { items: _items, ...code } = scoring.total;
  const band = bandOf(scoring.bands, score, gender);
  return [{ code, score, ...(band ? { meaning: { code: band.code, display: band.display } } : {}) }];
}

function levels(scoring: Scoring, answers: Answers): Result[] {
  const found = levelOf(scoring, answers);
  if (!scoring.level || !found) return [];
  const { levels: _levels, ...code } = scoring.level;
  return [{ code, meaning: { code: found.code, display: found.display } }];
}

function items({ observe = [] }: Scoring, answers: Answers): Result[] {
  return observe.flatMap(({ item, positive, category }) => {
    const chosen = answers.applies(item) ? answers.chosen(item) : [];
    if (chosen.length === 0) return [];
    const need = positive && {
      found: chosen.some(({ code }) => code !== undefined && positive.includes(code)),
      category,
    };
    return [
      {
        code: { system: loinc, code: item },
        values: chosen.map(coding => ({ coding: [coding] })),
        ...(need ? { need } : {}),
      },
    ];
  });
}

/** The Tasks that the answers ask for: at once, whatever else is not answered. */
export function alertsOf(scoring: Scoring, answers: Answers): string[] {
  const level = levelOf(scoring, answers)?.code;
  const rings = (alert: Alert): boolean =>
    alert.level === undefined ? (answers.score(alert.item) ?? 0) >= alert.atLeast : alert.level === level;
  return (scoring.alerts ?? []).filter(rings).map(({ ask }) => ask);
}
