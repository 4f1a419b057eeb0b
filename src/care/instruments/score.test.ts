import type { QuestionnaireResponse, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../fhir/canonical.ts';
import { readAnswers } from './answers.ts';
import { alertsOf, bandOf, resultsOf, totalOf } from './score.ts';
import { instruments } from './scoring.ts';

const instrumentNamed = (name: string) => {
  const found = instruments.get(`${canonical}/Questionnaire/${name}`);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

const optionsOf = (name: string, linkId: string) =>
  (instrumentNamed(name).questionnaire.item?.find(one => one.linkId === linkId)?.answerOption ?? []).map(
    ({ valueCoding }) => ({ system: valueCoding?.system ?? '', code: valueCoding?.code ?? '' }),
  );
/** The answers with these options, by their place in the questionnaire; undefined: not answered. */
function answered(name: string, places: Record<string, number | undefined>) {
  const item = Object.entries(places).flatMap(([linkId, place]): QuestionnaireResponseItem[] => {
    const valueCoding = place === undefined ? undefined : optionsOf(name, linkId)[place];
    return valueCoding ? [{ linkId, answer: [{ valueCoding }] }] : [];
  });
  const response: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    item,
  };
  const { questionnaire, scoring } = instrumentNamed(name);
  return { scoring, answers: readAnswers(questionnaire, response) };
}

const itemsOf = (name: string) => instrumentNamed(name).scoring.total?.items ?? [];
const zipped = (name: string, places: readonly (number | undefined)[]) =>
  Object.fromEntries(itemsOf(name).map((item, at) => [item, places[at]]));
const scoreOf = (name: string, places: readonly (number | undefined)[]) => {
  const { scoring, answers } = answered(name, zipped(name, places));
  return totalOf(scoring, answers);
};

describe('totals equal the published tables', () => {
  it('AUDIT-C: every combination of answers', () => {
    for (let a = 0; a < 5; a++)
      for (let b = 0; b < 5; b++)
        for (let c = 0; c < 5; c++) expect(scoreOf('audit-c', [a, b, c])).toBe(a + b + c);
  });
  it('satisfaction: every combination of answers', () => {
    for (let a = 0; a < 5; a++)
      for (let b = 0; b < 5; b++)
        for (let c = 0; c < 5; c++) expect(scoreOf('satisfaction', [a, b, c])).toBe(a + b + c + 3);
  });
  it.each([
    ['phq-9', 9],
    ['gad-7', 7],
  ])('%s: the sum of what is answered, and none while one answer is missing', (name, count) => {
    const places = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: count, maxLength: count });
    fc.assert(
      fc.property(places, fc.integer({ min: 0, max: count - 1 }), (values, left) => {
        expect(scoreOf(name, values)).toBe(values.reduce((sum, value) => sum + value, 0));
        expect(scoreOf(name, values.with(left, undefined as never))).toBeUndefined();
      }),
      { seed: 20_260_301, numRuns: process.env.CHECK_FULL ? 2000 : 60 },
    );
  });
});

/** Where each band begins, as published; the last number is the highest score. */
describe.each([
  ['phq-9', undefined, { minimal: 0, mild: 5, moderate: 10, 'moderately-severe': 15, severe: 20 }, 27],
  ['gad-7', undefined, { minimal: 0, mild: 5, moderate: 10, severe: 15 }, 21],
  ['audit-c', 'male', { negative: 0, positive: 4 }, 12],
  ['audit-c', 'female', { negative: 0, positive: 3 }, 12],
  ['audit-c', undefined, { negative: 0, positive: 3 }, 12],
] as const)('the bands of %s (%s)', (name, gender, starts, highest) => {
  it('every score', () => {
    for (let score = 0; score <= highest; score++) {
      const [expected] = Object.entries(starts).findLast(([, start]) => score >= start) ?? [];
      expect(bandOf(instrumentNamed(name).scoring.bands, score, gender)?.code, String(score)).toBe(expected);
    }
    expect(bandOf(instrumentNamed(name).scoring.bands, highest + 1, gender)).toBeUndefined();
  });
});

describe('C-SSRS screener', () => {
  const [q1, q2, q3, q4, q5, ever, recent] = [
    '93246-7',
    '93247-5',
    '93248-3',
    '93249-1',
    '93250-9',
    '93267-3',
    '93269-9',
  ] as const;
  const levelOf = (yes: readonly (string | undefined)[], left: readonly string[] = []) => {
    const all = [q1, q2, q3, q4, q5, ever, recent].filter(one => !left.includes(one));
    const places = Object.fromEntries(all.map(one => [one, yes.includes(one) ? 0 : 1]));
    const { scoring, answers } = answered('c-ssrs', places);
    return resultsOf(scoring, answers)[0]?.meaning?.code;
  };

  it('every combination of yes and no, by the published triage', () => {
    const all = [q1, q2, q3, q4, q5, ever, recent];
    for (let bits = 0; bits < 128; bits++) {
      const yes = all.filter((_, at) => bits & (1 << at));
      const has = (...some: readonly string[]) => some.some(one => yes.includes(one as typeof q1));
      const high = has(q4, q5, recent);
      const expected = high ? 'high' : has(q3, ever) ? 'moderate' : has(q1, q2) ? 'low' : 'none';
      expect(levelOf(yes), yes.join(' ')).toBe(expected);
    }
  });

  it.each([
    ['the questions that do not apply are left out', [], [q3, q4, q5, recent], 'none'],
    ['a question that applies is not answered', [q2], [q4], undefined],
    ['the last three months are not answered', [ever], [recent], undefined],
    ['a high risk needs no more answers', [q2, q5], [q3, q4, ever, recent], 'high'],
    ['the wish is not answered', [], [q1], undefined],
  ])('%s', (_what, yes, left, expected) => expect(levelOf(yes, left)).toBe(expected));

  it('asks for help at a high risk, answered to the end or not', () => {
    const high = answered('c-ssrs', { [q2]: 0, [q4]: 0 });
    expect(alertsOf(high.scoring, high.answers)).toEqual(['act-on-risk']);
    const low = answered('c-ssrs', { [q1]: 0, [q2]: 1, [ever]: 1 });
    expect(alertsOf(low.scoring, low.answers)).toEqual([]);
  });
});

describe('PHQ-9', () => {
  it.each([
    [0, []],
    [1, ['screen-suicide-risk']],
    [3, ['screen-suicide-risk']],
    [undefined, []],
  ])('item 9 answered with %s asks for %j', (place, asked) => {
    const { scoring, answers } = answered('phq-9', { '44260-8': place });
    expect(alertsOf(scoring, answers)).toEqual(asked);
  });
});

describe('AHC-HRSN', () => {
  it.each([
    ['71802-3', [false, true, true]],
    ['96778-6', [true, true, true, true, true, true, true, false]],
    ['88122-7', [true, true, false]],
    ['88123-5', [true, true, false]],
    ['93030-5', [true, false]],
    ['96779-4', [true, false, true]],
  ])('%s: which answers mark a need', (item, expected) => {
    const found = optionsOf('ahc-hrsn', item).map((_, place) => {
      const { scoring, answers } = answered('ahc-hrsn', { [item]: place });
      return resultsOf(scoring, answers)[0]?.need?.found;
    });
    expect(found).toEqual(expected);
  });
});

describe('answers', () => {
  const { questionnaire } = instrumentNamed('gad-7');
  const read = (item: QuestionnaireResponseItem[]) =>
    readAnswers(questionnaire, { resourceType: 'QuestionnaireResponse', status: 'completed', item });
  const often = optionsOf('gad-7', '69725-0')[3];
  const one = { linkId: '69725-0', answer: often ? [{ valueCoding: often }] : [] };

  it('are found in groups, too', () => {
    expect(read([{ linkId: 'group', item: [one] }]).score('69725-0')).toBe(3);
  });
  it.each([
    ['another code', [{ ...one, answer: [{ valueCoding: { ...often, code: 'LA33-6' } }] }]],
    ['another system', [{ ...one, answer: [{ valueCoding: { ...often, system: 'urn:x' } }] }]],
    ['a number', [{ ...one, answer: [{ valueInteger: 3 }] }]],
    ['two answers', [{ ...one, answer: [...one.answer, ...one.answer] }]],
    ['twice the same question', [one, one]],
  ])('%s is refused, with its place', (_what, items) => {
    expect(read(items).problems.map(({ expression }) => expression)).toEqual([
      `QuestionnaireResponse.item[${items.length - 1}].answer`,
    ]);
  });
});
