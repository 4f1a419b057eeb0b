import type { Questionnaire } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { instruments } from '../../../care/instruments/scoring.ts';
import { canonical } from '../../../fhir/canonical.ts';
import { asksOf, isByInterview, openIn, resultCodes } from './instruments.ts';
import { fieldOf, itemsOf, linesOf, type Question } from './questions.ts';

const shipped = (name: string): Questionnaire => {
  const found = instruments.get(`${canonical}/Questionnaire/${name}`);
  if (!found) throw new Error(`there is no ${name}`);
  return found.questionnaire;
};
const questions = (of: Questionnaire): Question[] =>
  linesOf(of).flatMap(one => (one.kind === 'question' ? one.question : []));

/** A form in which these fields were filled. */
const filled = (fields: Record<string, string | string[]>) => (name: string) =>
  [fields[name.replace('answer:', '')] ?? []].flat();

const site: Questionnaire = {
  resourceType: 'Questionnaire',
  status: 'active',
  item: [
    {
      linkId: 'home',
      type: 'group',
      text: 'At home',
      item: [
        { linkId: 'stairs', type: 'boolean', text: 'Are there stairs?', required: true },
        { linkId: 'steps', type: 'integer', text: 'How many?' },
        { linkId: 'since', type: 'date', text: 'Since when?' },
        { linkId: 'note', type: 'text', text: 'More' },
      ],
    },
    {
      linkId: 'pets',
      type: 'choice',
      text: 'Pets',
      repeats: true,
      answerOption: [{ valueString: 'Cat' }, { valueString: 'Dog' }],
      item: [{ linkId: 'names', type: 'string', text: 'Their names' }],
    },
  ],
};

describe('a questionnaire as a page', () => {
  it.each([...instruments.values()].map(({ questionnaire }) => [questionnaire.id, questionnaire] as const))(
    '%s: every question with all of its options',
    (_, questionnaire) => {
      const asked = questions(questionnaire);
      expect(asked.length).toBeGreaterThan(2);
      for (const { type, options, text } of asked) {
        expect(type).toBe('choice');
        expect(options.length).toBeGreaterThan(1);
        expect(options.every(({ label }) => label.length > 0)).toBe(true);
        expect(text).not.toBe('');
      }
    },
  );

  it('says when a question is asked at all', () => {
    const conditions = questions(shipped('c-ssrs')).flatMap(({ when }) => when ?? []);
    expect(conditions).toHaveLength(4);
    for (const words of conditions) expect(words).toMatch(/^Only if (question|“).*is “Yes”$/);
  });

  it('of a site has groups, numbers, dates and several answers', () => {
    expect(linesOf(site)[0]).toMatchObject({ kind: 'text', heading: true, text: 'At home' });
    expect(questions(site).map(({ type }) => type)).toEqual([
      'yes-no',
      'number',
      'date',
      'text',
      'choice',
      'text',
    ]);
  });
});

describe('answers', () => {
  it('are written in the shape of the questionnaire', () => {
    const given = filled({
      stairs: 'true',
      steps: '12',
      since: '2020-02-01',
      pets: ['0', '1'],
      names: 'Mo, Jo',
    });
    expect(itemsOf(site.item ?? [], given)).toEqual([
      {
        linkId: 'home',
        item: [
          { linkId: 'stairs', text: 'Are there stairs?', answer: [{ valueBoolean: true }] },
          { linkId: 'steps', text: 'How many?', answer: [{ valueInteger: 12 }] },
          { linkId: 'since', text: 'Since when?', answer: [{ valueDate: '2020-02-01' }] },
        ],
      },
      {
        linkId: 'pets',
        text: 'Pets',
        answer: [
          {
            valueString: 'Cat',
            item: [{ linkId: 'names', text: 'Their names', answer: [{ valueString: 'Mo, Jo' }] }],
          },
          { valueString: 'Dog' },
        ],
      },
    ]);
  });

  it.each([
    ['a number that is none', { steps: 'many' }],
    ['a day that is none', { since: 'May' }],
    ['an option that is none', { pets: '7' }],
    ['nothing', { note: '  ' }],
  ])('leave out %s', (_, fields) => {
    expect(itemsOf(site.item ?? [], filled(fields))).toEqual([]);
  });

  it('carry no weights of their own', () => {
    const [item] = itemsOf(shipped('phq-9').item ?? [], filled({ '44250-9': '3' }));
    expect(item?.answer).toEqual([
      { valueCoding: { system: 'http://loinc.org', code: 'LA6571-9', display: 'Nearly every day' } },
    ]);
  });

  it('are open where a question that applies is not answered', () => {
    const interview = shipped('c-ssrs');
    const answered = (fields: Record<string, string>) =>
      openIn(interview, itemsOf(interview.item ?? [], filled(fields)));
    const no = '1';
    expect(answered({ '93246-7': no, '93247-5': no, '93267-3': no })).toEqual([]);
    expect(answered({ '93246-7': no, '93247-5': '0', '93267-3': no })).toEqual([
      '93248-3',
      '93249-1',
      '93250-9',
    ]);
    expect(openIn(site, [])).toEqual(['stairs']);
  });

  it('ask for what the instrument says', () => {
    const phq = shipped('phq-9');
    expect(asksOf(phq, itemsOf(phq.item ?? [], filled({ '44260-8': '1' })))).toEqual(['screen-suicide-risk']);
    expect(asksOf(phq, itemsOf(phq.item ?? [], filled({ '44260-8': '0' })))).toEqual([]);
    expect(asksOf(site, [])).toEqual([]);
  });

  it('of an interview are told from others', () => {
    expect(isByInterview(shipped('c-ssrs'))).toBe(true);
    expect(isByInterview(shipped('phq-9'))).toBe(false);
    expect(resultCodes(shipped('phq-9'))).toEqual(['44261-6']);
    expect(resultCodes(shipped('c-ssrs'))).toEqual(['93374-7']);
    expect(fieldOf('1')).toBe('answer:1');
  });
});
