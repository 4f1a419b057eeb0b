import { isDeepStrictEqual } from 'node:util';
import type { Coding, Observation, Patient, QuestionnaireResponse } from '@medplum/fhirtypes';
import { labelled } from '../../access/labelling.ts';
import { HubError } from '../../errors.ts';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { Change, RuleContext, RuleResult, WriteRule } from '../../fhir/write/rules.ts';
import type { Calendar } from '../../referral/clocks/calendar.ts';
import { reopen } from '../../referral/eligibility/reopen.ts';
import { type Answers, readAnswers } from './answers.ts';
import { askFor } from './ask.ts';
import { identifierOf, observationOf } from './observations.ts';
import { alertsOf, resultsOf } from './score.ts';
import { type Instrument, instruments } from './scoring.ts';

type Response = QuestionnaireResponse & { id: string };

/**
 * What follows from the answers to an instrument, in the same commit: its scores as Observations, kept in step with
 * the answers for ever after, and the Tasks that they ask for.
 *
 * @param times by which it is counted until when these are due
 */
export const instrumentRule = (times: Calendar): WriteRule => ({
  types: ['QuestionnaireResponse'],
  async apply(change, context) {
    const [before, after] = [change.before, change.after] as (QuestionnaireResponse | undefined)[];
    const instrument = instrumentOf(after ?? before);
    // History is taken as given: what was scored elsewhere comes with its own Observations.
    if (change.actor.importing) return {};
    if (!instrument) return { also: await reopen([change], context) };
    if (!after) return removed(change, context);
    const response: Response = labelledAs(instrument, { ...after, id: change.id });
    const answers = readAnswers(instrument.questionnaire, response);
    check(instrument, response, answers, change);
    const { id: _id, ...unnamed } = response;
    const also = await consequences(instrument, { response, answers, times }, change, context);
    return { after: after.id ? response : (unnamed as QuestionnaireResponse), also };
  },
});

function instrumentOf(response: QuestionnaireResponse | undefined): Instrument | undefined {
  return instruments.get(response?.questionnaire?.split('|')[0] ?? '');
}

/** What an instrument asks about is known before it is answered: its codes label the answers. */
function labelledAs({ questionnaire }: Instrument, response: Response): Response {
  const { code } = questionnaire;
  const about: Observation = { resourceType: 'Observation', status: 'final', code: { coding: code ?? [] } };
  const due = labelled(about, undefined).meta?.security ?? [];
  const there = response.meta?.security ?? [];
  const missing = due.filter(one => !there.some(({ code: known }) => known === one.code));
  return missing.length
    ? { ...response, meta: { ...response.meta, security: [...there, ...missing] } }
    : response;
}

function check(
  { scoring }: Instrument,
  { author, source, subject }: Response,
  answers: Answers,
  { actor }: Change,
): void {
  if (answers.problems.length) throw new HubError('unprocessable', [...answers.problems]);
  // Nobody can see to a risk of nobody.
  if (scoring.alerts?.length && !subject?.reference?.startsWith('Patient/'))
    throw new HubError('unprocessable', {
      text: 'QuestionnaireResponse.subject must be the Patient who answers, as in Patient/1: what is answered may ask somebody to act.',
      expression: 'QuestionnaireResponse.subject',
    });
  if (!scoring.byInterview) return;
  const byPerson = /^Practitioner(Role)?\//.test(author?.reference ?? '');
  const alone = source?.reference !== undefined && source.reference === author?.reference;
  if (actor.kind !== 'link' && byPerson && !alone) return;
  throw new HubError('unprocessable', {
    text: 'This instrument is asked by interview only: QuestionnaireResponse.author must be the Practitioner or PractitionerRole who asked.',
    expression: 'QuestionnaireResponse.author',
  });
}

const scored: readonly string[] = ['completed', 'amended'];

async function consequences(
  { scoring }: Instrument,
  { response, answers, times }: { response: Response; answers: Answers; times: Calendar },
  change: Change,
  context: RuleContext,
): Promise<WriteOperation[]> {
  const counts = scored.includes(response.status);
  const patient = counts ? await context.get<Patient>(response.subject?.reference ?? '') : undefined;
  const results = counts ? resultsOf(scoring, answers, patient?.gender) : [];
  const there = change.before ? await observationsOf(response.id, context) : [];
  const wanted = results.map(result => observationOf(result, response, context.now));
  const made = [...settled(wanted, there), ...withdrawn(wanted, there)];
  const { actor, source } = change;
  return [
    ...made.map(one => operationOf(one, source)),
    ...(await reopen([change, ...made.map(one => ({ ...one, actor, source }))], context)),
    ...(await askFor(counts ? alertsOf(scoring, answers) : [], response, change, { ...context, times })),
  ];
}

/** The Observations that the hub made of a response. */
async function observationsOf(response: string, context: RuleContext): Promise<Observation[]> {
  const target = `QuestionnaireResponse/${response}`;
  const found = await context.referring<Observation>('Observation', 'derived-from', target);
  return found.filter(one => nameOf(one)?.startsWith(`${target}#`));
}

const nameOf = ({ identifier }: Observation): string | undefined =>
  identifier?.find(({ system }) => system === identifierOf('', undefined).system)?.value;

/** An Observation as it was and as it is to be; `id` is empty while the hub has given none. */
interface Made {
  id: string;
  before?: Observation;
  after: Observation;
}

/** New ones, and new versions of those that were there and say something else now. */
function settled(wanted: readonly Observation[], there: readonly Observation[]): Made[] {
  return wanted.flatMap((after): Made[] => {
    const before = there.find(one => nameOf(one) === nameOf(after));
    if (!before?.id) return [{ id: '', after }];
    const kept = { ...after, id: before.id, status: before.status } as const;
    if (isDeepStrictEqual(content(before), content(kept))) return [];
    return [{ id: before.id, before, after: { ...kept, status: 'amended' } }];
  });
}

/** What the answers no longer give was said in error. */
function withdrawn(wanted: readonly Observation[], there: readonly Observation[]): Made[] {
  const gone = there.filter(
    one => one.status !== 'entered-in-error' && !wanted.some(other => nameOf(other) === nameOf(one)),
  );
  return gone.map(before => ({
    id: before.id ?? '',
    before,
    after: { ...before, status: 'entered-in-error' },
  }));
}

const content = ({ meta, ...rest }: Observation) => ({ ...rest, security: codes(meta?.security) });
const codes = (security: readonly Coding[] | undefined) => (security ?? []).map(({ code }) => code).sort();

function operationOf({ id, after }: Made, source: string): WriteOperation {
  return id
    ? { kind: 'update', type: 'Observation', id, resource: after }
    : { kind: 'create', resource: after, inNameOf: source };
}

/** A response that is deleted takes along what was made of it. */
async function removed(change: Change, context: RuleContext): Promise<RuleResult> {
  const there = await observationsOf(change.id, context);
  return { also: there.map(({ id = '' }) => ({ kind: 'delete', type: 'Observation', id })) };
}
