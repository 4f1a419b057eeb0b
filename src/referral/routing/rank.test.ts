import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import weights from '../../../terminology/routing-weights.json' with { type: 'json' };
import { candidate, candidates, need, now, type } from './arbitrary.harness.ts';
import { plain } from './candidate.harness.ts';
import type { Candidate, Need } from './candidate.ts';
import { rank } from './rank.ts';
import { routingRules } from './rules.ts';

const rules = routingRules(weights);
const runs = process.env.CHECK_FULL ? 2_000 : 100;

function property(
  name: string,
  ...[arbitrary, holds]: [fc.Arbitrary<unknown[]>, (...values: never[]) => void]
): void {
  it(name, () => {
    fc.assert(
      fc.property(arbitrary, values => holds(...(values as never[]))),
      { numRuns: runs },
    );
  });
}

describe('ranking', () => {
  property(
    'gives the same answer whatever order the candidates come in',
    fc.tuple(need, candidates, fc.nat()),
    (of: Need, list: Candidate[], turn: number) => {
      const turned = [
        ...list.slice(turn % (list.length || 1)),
        ...list.slice(0, turn % (list.length || 1)),
      ].reverse();
      expect(rank(of, turned, rules, now)).toEqual(rank(of, list, rules, now));
    },
  );

  property(
    'puts each candidate in exactly one of the two lists, with words for all it says',
    fc.tuple(need, candidates),
    (of: Need, list: Candidate[]) => {
      const { ranked, excluded } = rank(of, list, rules, now);
      const ids = [...ranked, ...excluded].map(entry => entry.candidate.id).sort();
      expect(ids).toEqual(list.map(entry => entry.id).sort());
      for (const { facts } of excluded) {
        expect(facts.length).toBeGreaterThan(0);
      }
      const told = [...ranked.flatMap(entry => entry.reasons), ...excluded.flatMap(entry => entry.facts)];
      for (const { words } of told) {
        expect(words).toMatch(/^[A-Z].*\.$/);
        expect(words).not.toMatch(/undefined|NaN|Invalid|\|/);
      }
    },
  );

  property(
    'never ranks one that is closed, cannot help, was asked, or is not wanted',
    fc.tuple(need, candidates),
    (of: Need, list: Candidate[]) => {
      for (const { candidate: one } of rank(of, list, rules, now).ranked) {
        expect(one.inactive).toBeUndefined();
        expect(one.offers).toContain(type('136'));
        expect([of.source, ...of.asked.map(entry => entry.organization), ...of.wishes.avoided]).not.toContain(
          one.organization,
        );
        const inside =
          of.age === undefined ||
          one.ages.length === 0 ||
          one.ages.some(({ low = 0, high = 999 }) => of.age !== undefined && of.age >= low && of.age <= high);
        expect(inside).toBe(true);
      }
    },
  );

  property(
    'sorts by score, then by load, then by id; scores are 0 to 100',
    fc.tuple(need, candidates),
    (of: Need, list: Candidate[]) => {
      const { ranked } = rank(of, list, rules, now);
      for (const [index, entry] of ranked.entries()) {
        expect(entry.score).toBeGreaterThanOrEqual(0);
        expect(entry.score).toBeLessThanOrEqual(100);
        const next = ranked[index + 1];
        if (next) {
          const [mine, theirs] = [entry, next].map(
            ({ score, candidate: { load, id } }) => [-score, load, id] as const,
          );
          expect(
            mine !== undefined && theirs !== undefined && mine < theirs ? true : compared(mine, theirs),
          ).toBe(true);
        }
      }
    },
  );

  property(
    'judges each candidate by itself: who else is there changes no score',
    fc.tuple(need, candidates),
    (of: Need, list: Candidate[]) => {
      for (const entry of rank(of, list, rules, now).ranked) {
        expect(rank(of, [entry.candidate], rules, now).ranked[0]).toEqual(entry);
      }
    },
  );

  const better: [string, (worse: Candidate, by: number) => Candidate][] = [
    ['less work open is', worse => ({ ...worse, load: Math.floor(worse.load / 2) })],
    [
      'a faster answer is',
      worse => ({
        ...worse,
        ...(worse.answerHours === undefined ? {} : { answerHours: worse.answerHours / 2 }),
      }),
    ],
    [
      'an earlier slot is',
      worse => ({
        ...worse,
        ...(worse.firstSlot && worse.firstSlot > '2026-03-03' ? { firstSlot: '2026-03-03T08:00:00Z' } : {}),
      }),
    ],
    ['being free of charge is', worse => ({ ...worse, provision: ['free'] })],
    [
      'speaking more languages is',
      worse => ({
        ...worse,
        languages: [...new Set([...(worse.languages.length ? worse.languages : ['en']), 'en', 'es', 'vi'])],
      }),
    ],
    [
      'having room is',
      worse => ({
        ...worse,
        capacity: {
          status: 'capacity',
          confirmed: '2026-03-01',
          ...(worse.capacity?.firstOpening ? { firstOpening: worse.capacity.firstOpening } : {}),
        },
      }),
    ],
    [
      'a place at the door is',
      worse => ({
        ...worse,
        positions: worse.positions.length ? [...worse.positions, { latitude: 30.5, longitude: -97.5 }] : [],
      }),
    ],
    ['having no limit of area is', worse => ({ ...worse, areas: [] })],
    ['having more of what is asked for is', worse => ({ ...worse, characteristics: everything(worse) })],
    [
      'an entry confirmed today is',
      worse => ({ ...worse, ...(worse.verified ? { verified: '2026-03-02' } : {}) }),
    ],
  ];
  for (const [name, improve] of better) {
    property(
      `${name} never worse`,
      fc.tuple(need, candidate, fc.nat()),
      (of: Need, worse: Candidate, by: number) => {
        const score = (one: Candidate) => rank(of, [one], rules, now).ranked[0]?.score ?? -1;
        expect(score(improve(worse, by))).toBeGreaterThanOrEqual(score(worse));
      },
    );
  }

  it('is strictly better nearer, sooner, idler and faster, all else equal', () => {
    const base = fc.sample(need, { numRuns: 1, seed: 7 })[0] as Need;
    const of: Need = {
      ...base,
      age: undefined,
      languages: [],
      payers: [],
      homes: [{ position: { latitude: 30, longitude: -97 } }],
      asked: [],
      wishes: { preferred: [], avoided: [], characteristics: [] },
      source: undefined,
    };
    const at = (latitude: number, more: Partial<Candidate> = {}): Candidate =>
      plain({
        id: `at-${latitude}`,
        offers: of.services,
        positions: [{ latitude, longitude: -97 }],
        load: 5,
        answerHours: 10,
        firstSlot: '2026-03-10T08:00:00Z',
        ...more,
      });
    const score = (one: Candidate) => rank(of, [one], rules, now).ranked[0]?.score ?? Number.NaN;
    expect(score(at(30.01))).toBeGreaterThan(score(at(30.2)));
    expect(score(at(30.01, { load: 1 }))).toBeGreaterThan(score(at(30.01)));
    expect(score(at(30.01, { answerHours: 1 }))).toBeGreaterThan(score(at(30.01)));
    expect(score(at(30.01, { firstSlot: '2026-03-03T08:00:00Z' }))).toBeGreaterThan(score(at(30.01)));
  });
});

/** All that a need can ask, and nothing else of the kind. */
function everything({ characteristics }: Candidate): Candidate['characteristics'] {
  const wheelchair = { token: 'c|wheelchair', words: 'wheelchair access' };
  return [...characteristics.filter(({ token }) => token !== wheelchair.token), wheelchair];
}

function compared(
  mine: readonly [number, number, string] | undefined,
  theirs: readonly [number, number, string] | undefined,
): boolean {
  if (!mine || !theirs) {
    return false;
  }
  for (const [index, value] of mine.entries()) {
    const other = theirs[index];
    if (other !== undefined && value !== other) {
      return value < other;
    }
  }
  return true;
}
