import type {
  Coding,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireItemAnswerOption,
  QuestionnaireItemEnableWhen,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
} from '@medplum/fhirtypes';
import type { Problem } from '../../errors.ts';

/** The answers to a Questionnaire, by linkId. */
export interface Answers {
  /** The options that were chosen, in the words of the Questionnaire. */
  chosen(linkId: string): readonly Coding[];
  /** The weight of the answer; 0 of an item that does not apply; undefined while it is not answered. */
  score(linkId: string): number | undefined;
  /** Whether the item is asked at all, given the other answers. */
  applies(linkId: string): boolean;
  /** Items that have to be answered and are not. */
  open: readonly string[];
  /** Answers that are none of the options, or to no question of the Questionnaire. */
  problems: readonly Problem[];
}

/** https://hl7.org/fhir/R4/extension-ordinalvalue.html */
const ordinalValue = 'http://hl7.org/fhir/StructureDefinition/ordinalValue';

/** Reads what was answered. Weights are those of the Questionnaire: what a client sends along counts nothing. */
export function readAnswers(questionnaire: Questionnaire, response: QuestionnaireResponse): Answers {
  const items = new Map((questionnaire.item ?? []).filter(isQuestion).map(one => [one.linkId, one]));
  const given = new Map<string, QuestionnaireItemAnswerOption[]>();
  const problems: Problem[] = [];
  for (const { item, path } of flat(response.item, 'QuestionnaireResponse.item')) {
    const question = items.get(item.linkId);
    // An answer to something else is not passed over: it may be the one that says how great the danger is.
    if (!question && item.answer?.length) problems.push(unknown(item, path, [...items.keys()]));
    if (!question) continue;
    const options = (item.answer ?? []).map(answer => optionOf(question, answer.valueCoding));
    if (options.includes(undefined) || (options.length > 1 && !question.repeats) || given.has(item.linkId))
      problems.push(wrong(question, path));
    given.set(item.linkId, [...(given.get(item.linkId) ?? []), ...options.filter(one => one !== undefined)]);
  }
  const answered = (linkId: string) => given.get(linkId) ?? [];
  const applies = (linkId: string): boolean => {
    const enable = items.get(linkId)?.enableWhen ?? [];
    return enable.every(one => applies(one.question) && holds(one, answered(one.question)));
  };
  return {
    chosen: linkId => answered(linkId).flatMap(({ valueCoding }) => plain(valueCoding)),
    score: linkId => {
      const [option] = answered(linkId);
      // An answer counts though it was not asked for: a risk is not overlooked because a form skipped a question.
      if (option) return weightOf(option);
      return applies(linkId) ? undefined : 0;
    },
    applies,
    open: [...items.values()]
      .filter(one => one.required && applies(one.linkId) && answered(one.linkId).length === 0)
      .map(({ linkId }) => linkId),
    problems,
  };
}

const isQuestion = ({ type }: QuestionnaireItem): boolean => type === 'choice';

const plain = (coding: Coding | undefined): Coding[] => {
  if (!coding) return [];
  const { extension: _weight, ...rest } = coding;
  return [rest];
};

/** Items in groups and below answers count like those at the top. */
function flat(
  items: readonly QuestionnaireResponseItem[] | undefined,
  path: string,
): { item: QuestionnaireResponseItem; path: string }[] {
  return (items ?? []).flatMap((item, at) => {
    const here = `${path}[${at}]`;
    const below = (item.answer ?? []).flatMap((answer, index) =>
      flat(answer.item, `${here}.answer[${index}].item`),
    );
    return [{ item, path: here }, ...flat(item.item, `${here}.item`), ...below];
  });
}

const optionOf = (
  { answerOption }: QuestionnaireItem,
  given: Coding | undefined,
): QuestionnaireItemAnswerOption | undefined =>
  answerOption?.find(
    ({ valueCoding }) => given?.code === valueCoding?.code && given?.system === valueCoding?.system,
  );

const weightOf = ({ valueCoding }: QuestionnaireItemAnswerOption): number | undefined =>
  valueCoding?.extension?.find(({ url }) => url === ordinalValue)?.valueDecimal;

/** `=` and `!=` of a coding: what the instruments here ask by. Without an answer neither holds. */
function holds(
  { operator, answerCoding }: QuestionnaireItemEnableWhen,
  answered: readonly QuestionnaireItemAnswerOption[],
): boolean {
  if (answered.length === 0) return false;
  const is = answered.some(({ valueCoding }) => valueCoding?.code === answerCoding?.code);
  return operator === '!=' ? !is : is;
}

const unknown = ({ linkId }: QuestionnaireResponseItem, path: string, known: string[]): Problem => ({
  text: `${linkId} is no question of this Questionnaire: linkId must be one of ${known.join(', ')}.`,
  expression: `${path}.linkId`,
});

function wrong({ linkId, answerOption, repeats }: QuestionnaireItem, path: string): Problem {
  const options = (answerOption ?? []).map(
    ({ valueCoding }) => `${valueCoding?.system}|${valueCoding?.code}`,
  );
  return {
    text: `The answer to ${linkId} must be ${repeats ? 'some' : 'one'} of ${options.join(', ')}, given once.`,
    expression: `${path}.answer`,
  };
}
