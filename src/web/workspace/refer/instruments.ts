import type { Questionnaire, QuestionnaireResponseItem } from '@medplum/fhirtypes';
import { readAnswers } from '../../../care/instruments/answers.ts';
import { alertsOf } from '../../../care/instruments/score.ts';
import { instruments, scoringPack } from '../../../care/instruments/scoring.ts';
import type { Repository } from '../../../fhir/repository.ts';
import type { Need } from '../../../referral/packet/needs.ts';
import { flat } from './questions.ts';

/** A Questionnaire that can be answered here. */
export interface Askable {
  /** Its logical id. */
  id: string;
  title: string;
}

const own = [...instruments.values()].map(({ questionnaire }) => questionnaire);
const lastPart = (url = ''): string => url.split('|')[0]?.split('/').at(-1) ?? '';
const askable = ({ id = '', title, name }: Questionnaire): Askable => ({ id, title: title ?? name ?? id });

/** The Questionnaires of which answers are what is needed, as far as the hub has them. */
export async function questionnairesFor(repository: Repository, { is }: Need): Promise<Askable[]> {
  const matchers = is.filter(({ type }) => type === 'QuestionnaireResponse');
  const named = matchers.flatMap(one => one.questionnaire ?? []);
  const names = matchers.flatMap(one => one.questionnaires ?? []);
  const any = matchers.some(one => one.questionnaire === undefined && one.questionnaires === undefined);
  const shipped = own.filter(({ url = '' }) => any || named.includes(url) || names.includes(lastPart(url)));
  const missing = named.filter(url => !shipped.some(one => one.url === url));
  const stored = await Promise.all(missing.map(url => storedAs(repository, { url })));
  return [...shipped, ...stored.filter(one => one !== undefined)].map(askable);
}

/** The Questionnaire with this logical id. */
export async function questionnaireCalled(
  repository: Repository,
  id: string,
): Promise<Questionnaire | undefined> {
  return own.find(one => one.id === id) ?? (await storedAs(repository, { _id: id }));
}

async function storedAs(
  repository: Repository,
  asked: Record<string, string>,
): Promise<Questionnaire | undefined> {
  const query = new URLSearchParams({ ...asked, status: 'active', _sort: '-_lastUpdated', _count: '1' });
  const { entries } = await repository.search('Questionnaire', query);
  return entries[0]?.stored.resource() as Questionnaire | undefined;
}

/** Whether only somebody who asked in person may write the answers down. */
export const isByInterview = ({ url = '' }: Questionnaire): boolean =>
  instruments.get(url)?.scoring.byInterview ?? false;

/** Of what Observations say more than single answers: the total, the level. */
export function resultCodes({ url = '' }: Questionnaire): string[] {
  const { total, level } = instruments.get(url)?.scoring ?? {};
  return [total, level].flatMap(one => one?.code ?? []);
}

/** Questions that have to be answered, apply, and are not answered. */
export function openIn(questionnaire: Questionnaire, item: QuestionnaireResponseItem[]): string[] {
  const questions = flat(questionnaire.item ?? []);
  const answers = readAnswers(
    { ...questionnaire, item: questions },
    { resourceType: 'QuestionnaireResponse', status: 'in-progress', item },
  );
  const given = new Set(linkIdsIn(item));
  const others = questions.filter(
    one => one.required && !['choice', 'display', 'group'].includes(one.type) && answers.applies(one.linkId),
  );
  return [...answers.open, ...others.map(({ linkId }) => linkId).filter(one => !given.has(one))];
}

const linkIdsIn = (items: readonly QuestionnaireResponseItem[]): string[] =>
  items.flatMap(one => [
    one.linkId,
    ...linkIdsIn(one.item ?? []),
    ...(one.answer ?? []).flatMap(answer => linkIdsIn(answer.item ?? [])),
  ]);

/** Codes of the Tasks that the answers ask for at once. */
export function asksOf(questionnaire: Questionnaire, item: QuestionnaireResponseItem[]): string[] {
  const instrument = instruments.get(questionnaire.url ?? '');
  if (!instrument) return [];
  const response = { resourceType: 'QuestionnaireResponse', status: 'completed', item } as const;
  return alertsOf(instrument.scoring, readAnswers(questionnaire, { ...response, item }));
}

/** What is said of answers that ask for a Task, by its code. */
export const askedWords: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(scoringPack.tasks).map(([code, { description }]) => [
    code,
    `The answers are saved and attached, and they ask for something at once. ${description}`,
  ]),
);
