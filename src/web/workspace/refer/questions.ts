import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireItemAnswerOption,
  QuestionnaireItemEnableWhen,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import type { Problem } from '../../../errors.ts';

/** A Questionnaire as a page asks it: headings and questions in their order. */
export type Line =
  | { kind: 'text'; linkId: string; text: string; heading: boolean }
  | { kind: 'question'; question: Question };

export interface Question {
  linkId: string;
  text: string;
  type: 'choice' | 'yes-no' | 'number' | 'date' | 'text';
  options: readonly { value: string; label: string }[];
  repeats: boolean;
  required: boolean;
  /** Where it is asked only after another answer: which, in words. */
  when?: string;
}

export function linesOf({ item = [] }: Questionnaire): Line[] {
  const all = flat(item);
  return all.map(one => {
    if (one.type === 'display' || one.type === 'group')
      return { kind: 'text', linkId: one.linkId, text: one.text ?? '', heading: one.type === 'group' };
    return { kind: 'question', question: questionOf(one, all) };
  });
}

/** Groups and questions below questions one after another. */
export const flat = (items: readonly QuestionnaireItem[]): QuestionnaireItem[] =>
  items.flatMap(one => [one, ...flat(one.item ?? [])]);

const types: Partial<Record<QuestionnaireItem['type'], Question['type']>> = {
  choice: 'choice',
  'open-choice': 'choice',
  boolean: 'yes-no',
  integer: 'number',
  decimal: 'number',
  date: 'date',
};

function questionOf(item: QuestionnaireItem, all: readonly QuestionnaireItem[]): Question {
  const when = item.enableWhen?.map(one => condition(one, all)).join('; ');
  return {
    linkId: item.linkId,
    text: [item.prefix && `${item.prefix}.`, item.text].filter(Boolean).join(' '),
    type: types[item.type] ?? 'text',
    options: (item.answerOption ?? []).map((option, index) => ({
      value: String(index),
      label: labelOf(option),
    })),
    repeats: item.repeats ?? false,
    required: item.required ?? false,
    ...(when ? { when } : {}),
  };
}

const labelOf = ({
  valueCoding,
  valueString,
  valueInteger,
  valueDate,
}: QuestionnaireItemAnswerOption): string =>
  valueCoding?.display ?? valueCoding?.code ?? valueString ?? valueDate ?? String(valueInteger ?? '');

function condition(
  { question, answerCoding, answerBoolean, operator }: QuestionnaireItemEnableWhen,
  all: readonly QuestionnaireItem[],
): string {
  const asked = all.find(({ linkId }) => linkId === question);
  const option = asked?.answerOption?.find(one => one.valueCoding?.code === answerCoding?.code);
  const answer = option
    ? labelOf(option)
    : answerBoolean === undefined
      ? 'answered so'
      : answerBoolean
        ? 'yes'
        : 'no';
  const name = asked?.prefix ? `question ${asked.prefix}` : `“${asked?.text ?? question}”`;
  return `Only if ${name} is ${operator === '!=' ? 'not ' : ''}“${answer}”`;
}

/** The name of the field of a question. */
export const fieldOf = (linkId: string): string => `answer:${linkId}`;

/** The answers that were given, in the shape of the Questionnaire; what was left open is left out. */
export function itemsOf(
  items: readonly QuestionnaireItem[],
  values: (name: string) => readonly string[],
): QuestionnaireResponseItem[] {
  return items.flatMap((item): QuestionnaireResponseItem[] => {
    if (item.type === 'display') return [];
    const below = itemsOf(item.item ?? [], values);
    if (item.type === 'group') return below.length > 0 ? [{ linkId: item.linkId, item: below }] : [];
    const answer = answersTo(item, values(fieldOf(item.linkId)));
    const [first, ...more] = answer;
    if (!first) return [];
    const answered = below.length > 0 ? [{ ...first, item: below }, ...more] : answer;
    return [{ linkId: item.linkId, ...(item.text ? { text: item.text } : {}), answer: answered }];
  });
}

function answersTo(item: QuestionnaireItem, given: readonly string[]): QuestionnaireResponseItemAnswer[] {
  const said = given.map(one => one.trim()).filter(Boolean);
  const { answerOption } = item;
  if (answerOption)
    return said.flatMap(one => {
      const option = answerOption[Number(one)];
      return option ? [plain(option)] : [];
    });
  return said.slice(0, 1).flatMap(one => typed(item.type, one) ?? []);
}

/** Weights stay with the Questionnaire: an answer says what was chosen. */
function plain({
  valueCoding,
  valueString,
  valueInteger,
  valueDate,
}: QuestionnaireItemAnswerOption): QuestionnaireResponseItemAnswer {
  if (valueCoding) {
    const { extension: _, ...coding } = valueCoding;
    return { valueCoding: coding };
  }
  if (valueInteger !== undefined) return { valueInteger };
  return valueDate !== undefined ? { valueDate } : { valueString: valueString ?? '' };
}

function typed(type: QuestionnaireItem['type'], text: string): QuestionnaireResponseItemAnswer | undefined {
  const number = Number(text);
  switch (type) {
    case 'boolean':
      return { valueBoolean: text === 'true' };
    case 'integer':
      return Number.isInteger(number) ? { valueInteger: number } : undefined;
    case 'decimal':
      return Number.isFinite(number) ? { valueDecimal: number } : undefined;
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? { valueDate: text } : undefined;
    default:
      return { valueString: text.slice(0, 4000) };
  }
}

/** What each open question says at its place. */
export const openProblems = (open: readonly string[]): Problem[] =>
  open.map(linkId => ({ text: 'Answer this one, too.', expression: fieldOf(linkId) }));
