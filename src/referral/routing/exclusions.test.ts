import fc from 'fast-check';
import { expect, it } from 'vitest';
import weights from '../../../terminology/routing-weights.json' with { type: 'json' };
import { candidates, need, now } from './arbitrary.harness.ts';
import type { Candidate, Need } from './candidate.ts';
import { whatWouldHaveToChange } from './changes.ts';
import { routingSystem } from './codes.ts';
import { type CriterionName, rank } from './rank.ts';
import { routingRules } from './rules.ts';

const rules = { ...routingRules(weights), refusesNobodyForResidence: ['g|ccbhc'] };
const dayMs = 86_400_000;
const runs = process.env.CHECK_FULL ? 2_000 : 100;

/** What each criterion claims when it excludes, told in another way than the criterion itself does. */
const truth: Partial<Record<CriterionName, (of: Need, one: Candidate) => boolean>> = {
  active: (_, one) => Boolean(one.inactive),
  service: (of, one) => !of.services.some(kind => one.offers.includes(kind)),
  age: (of, one) => one.ages.every(({ low = 0, high = 200 }) => (of.age ?? 0) < low || (of.age ?? 0) > high),
  another: (of, one) => of.source === one.organization,
  notAskedYet: (of, one) => of.asked.some(({ organization }) => organization === one.organization),
  notAvoided: (of, one) => of.wishes.avoided.includes(one.organization),
  shown: (_, one) => one.withheld === true,
  catchment: (of, one) =>
    !one.programs.includes('g|ccbhc') &&
    of.homes.length > 0 &&
    one.areas.every(area =>
      of.homes.every(home =>
        area.postalCode
          ? home.postalCode !== undefined && home.postalCode !== area.postalCode
          : home.county !== undefined && home.county !== area.county,
      ),
    ),
  payer: (of, one) =>
    !one.provision.includes('free') &&
    !of.payers.some(mine => one.payers.some(theirs => theirs.words === mine.words)),
  language: (of, one) =>
    !(one.languages.length ? one.languages : ['en']).some(said => of.languages.includes(said)),
  capacity: (of, { capacity }) =>
    capacity !== undefined &&
    now.getTime() - Date.parse(capacity.confirmed ?? '') < 91 * dayMs &&
    (capacity.status === 'no-capacity' || (of.priority !== 'routine' && capacity.status === 'waitlist')),
  access: (of, one) => of.requires.access.length > 0 && !has(one, 'c|wheelchair'),
  level: (_, one) =>
    has(one, `${routingSystem.levelOfCare}|outpatient`) &&
    !has(one, `${routingSystem.levelOfCare}|residential`),
  licence: (_, one) => has(one, `${routingSystem.licence}|mh`) && !has(one, `${routingSystem.licence}|otp`),
};

const has = (one: Candidate, token: string): boolean =>
  one.characteristics.some(trait => trait.token === token);

/** Undoes what the facts of one criterion say. */
const otherwise: Partial<Record<CriterionName, (of: Need, one: Candidate) => [Need, Candidate]>> = {
  shown: (of, one) => [of, { ...one, withheld: undefined }],
  catchment: (of, one) => [of, { ...one, areas: [] }],
  payer: (of, one) => [of, { ...one, provision: ['free'] }],
  language: (of, one) => [of, { ...one, languages: of.languages }],
  capacity: (of, one) => [of, { ...one, capacity: { status: 'capacity', confirmed: '2026-03-01' } }],
  notAvoided: (of, one) => [{ ...of, wishes: { ...of.wishes, avoided: [] } }, one],
  access: (of, one) => [{ ...of, requires: { ...of.requires, access: [] } }, one],
  level: (of, one) => [{ ...of, requires: { ...of.requires, levels: [] } }, one],
  licence: (of, one) => [{ ...of, requires: { ...of.requires, licences: [] } }, one],
};

it('an exclusion names facts that are true, and all of them', () => {
  fc.assert(
    fc.property(need, candidates, (of, list) => {
      for (const { candidate, facts } of rank(of, list, rules, now).excluded)
        for (const { criterion, words } of facts)
          expect(truth[criterion]?.(of, candidate), `${criterion}: ${words}`).toBe(true);
    }),
    { numRuns: runs * 3 },
  );
});

it('what would have to change is enough, nothing less is, and no set holds another', () => {
  let sets = 0;
  fc.assert(
    fc.property(need, candidates, (of, list) => {
      const { excluded } = rank(of, list, rules, now);
      const told = whatWouldHaveToChange(excluded);
      sets += told.length;
      for (const { changes } of told) {
        const words = changes.map(one => one.words);
        for (const other of told)
          if (other.changes !== changes)
            expect(other.changes.every(one => words.includes(one.words))).toBe(false);
        const meant = excluded.find(
          ({ facts }) => facts.map(({ change }) => change).join() === words.join(),
        )?.candidate;
        if (!meant) throw new Error(`nobody is excluded by ${words}`);
        const undone = changes.reduce<[Need, Candidate]>(
          ([then, one], { criterion }) => otherwise[criterion]?.(then, one) ?? [then, one],
          [of, meant],
        );
        expect(rank(undone[0], [undone[1]], rules, now).ranked).toHaveLength(1);
        const [first, ...rest] = changes;
        const partly = rest.reduce<[Need, Candidate]>(
          ([then, one], { criterion }) => otherwise[criterion]?.(then, one) ?? [then, one],
          [of, meant],
        );
        expect(first && rank(partly[0], [partly[1]], rules, now).excluded).toHaveLength(1);
      }
    }),
    { numRuns: runs * 3 },
  );
  expect(sets).toBeGreaterThan(20);
});

it('services that the same change would open are told together', () => {
  const fact = (change: string, criterion: CriterionName = 'capacity') => ({
    criterion,
    words: 'No.',
    change,
  });
  const one = (name: string, ...facts: ReturnType<typeof fact>[]) => ({
    candidate: { name } as Candidate,
    facts,
  });
  expect(
    whatWouldHaveToChange([
      one('A', fact('x'), fact('y', 'payer')),
      one('B', fact('x')),
      one('C', fact('x')),
      one('D', fact('y', 'payer'), fact('z', 'language')),
      { candidate: { name: 'E' } as Candidate, facts: [{ criterion: 'age', words: 'No.' }] },
    ]).map(({ changes, services }) => [changes.map(({ words }) => words), services]),
  ).toEqual([
    [['x'], ['B', 'C']],
    [['y', 'z'], ['D']],
  ]);
});
