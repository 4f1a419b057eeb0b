import type { Observation, Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { HubError } from '../../../errors.ts';
import type { Repository } from '../../../fhir/repository.ts';
import { mendable } from '../../sign-in/desk.ts';
import type { Room, RoomContext, RoomEnv, Workspace } from '../room.ts';
import { doneAt, show } from '../show.tsx';
import { type Draft, savingOf } from './draft.ts';
import { drafted } from './drafted.ts';
import { type FormValues, formValues } from './form-values.ts';
import { asksOf, isByInterview, openIn, questionnaireCalled, resultCodes } from './instruments.ts';
import { withAttached } from './packet.ts';
import { QuestionnairePage } from './questionnaire-page.tsx';
import { itemsOf, openProblems } from './questions.ts';
import { stepPath } from './steps.tsx';

const path = '/refer/:id/questionnaire/:questionnaire';

/** Answers that a place asks for, given on the way. */
export function questionnaireRoutes({ parts }: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();

  app.get(path, c =>
    drafted({ parts }, async (context, draft) =>
      questionsPage(context, draft, await asked(context), () => []),
    )(c),
  );

  app.post(path, c =>
    drafted({ parts }, async (context, draft, room) => {
      const questionnaire = await asked(context);
      const values = await formValues(context);
      const item = itemsOf(questionnaire.item ?? [], values.all);
      try {
        check(questionnaire, item, values);
        const response = responseOf(questionnaire, item, draft, room);
        await answered(room.repository, response, resultCodes(questionnaire), draft);
        const [ask = 'answered'] = asksOf(questionnaire, item);
        return doneAt(context, stepPath(draft.request.id ?? '', 'packet'), ask);
      } catch (error) {
        return questionsPage(context, draft, questionnaire, values.all, mendable(error));
      }
    })(c),
  );

  return app;
}

async function asked(c: RoomContext): Promise<Questionnaire> {
  const found = await questionnaireCalled(c.var.room.repository, c.req.param('questionnaire') ?? '');
  if (found) return found;
  throw new HubError('not-found', 'There are no such questions. Nothing was lost; the draft is at /refer.');
}

function questionsPage(
  c: RoomContext,
  { request, patient }: Draft,
  questionnaire: Questionnaire,
  given: (name: string) => readonly string[],
  problem?: HubError,
) {
  const props = { id: request.id ?? '', patient, questionnaire, given, problem };
  return show(
    c,
    { title: 'Refer: questions', problem },
    <QuestionnairePage {...props} token={c.var.room.token} />,
  );
}

type Items = NonNullable<QuestionnaireResponse['item']>;

/** HubError('invalid'): a question is open (unless it is to be saved so), or nobody says that they asked in person. */
function check(questionnaire: Questionnaire, item: Items, values: FormValues): void {
  if (isByInterview(questionnaire) && values.one('asked') !== 'yes')
    throw new HubError(
      'invalid',
      'These answers are taken only from somebody who asked in person: tick that you did.',
    );
  if (item.length === 0) throw new HubError('invalid', 'No question is answered yet.');
  const open = openIn(questionnaire, item);
  if (open.length > 0 && !values.one('anyway')) throw new HubError('invalid', openProblems(open));
}

function responseOf(
  { url = '', version }: Questionnaire,
  item: Items,
  { request }: Draft,
  { person, now }: Room,
): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: version ? `${url}|${version}` : url,
    status: 'completed',
    subject: request.subject,
    authored: now.toISOString(),
    author: { reference: `PractitionerRole/${person.practitionerRole}` },
    source: request.subject as NonNullable<QuestionnaireResponse['source']>,
    item,
  };
}

/** Saves the answers, and attaches them with what the hub made of them: totals and levels. */
async function answered(
  repository: Repository,
  response: QuestionnaireResponse,
  results: readonly string[],
  draft: Draft,
): Promise<void> {
  const [made] = await repository.write([{ kind: 'create', resource: response }]);
  const id = `QuestionnaireResponse/${made?.stored?.id}`;
  const query = new URLSearchParams({ 'derived-from': id, status: 'final', _count: '20' });
  const { entries } = await repository.search('Observation', query);
  const attached = entries
    .map(({ stored }) => stored.resource() as Observation)
    .filter(({ code }) => code.coding?.some(one => results.includes(one.code ?? '')))
    .map(one => `Observation/${one.id}`);
  const request = withAttached(draft.request, [id, ...attached]);
  await repository.write(savingOf({ request, task: draft.task }));
}
