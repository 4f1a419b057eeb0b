import type { Patient, ServiceRequest } from '@medplum/fhirtypes';
import { Hono } from 'hono';
import { HubError } from '../../../errors.ts';
import { mendable } from '../../sign-in/desk.ts';
import type { Room, RoomContext, RoomEnv, Workspace } from '../room.ts';
import { doneAt, show } from '../show.tsx';
import { createDraft, type Draft, type DraftRow, draftsOf, savingOf, taskFor } from './draft.ts';
import { drafted } from './drafted.ts';
import { factsOf, type PersonFacts, reasonsOf } from './facts.ts';
import { type FormValues, formValues } from './form-values.ts';
import { formOf, freshForm, type NeedForm, sentForm, wantedOf } from './need-form.ts';
import { type NeedChoices, NeedPage } from './need-page.tsx';
import { needGroups, optionsOf, ownNeed } from './options.ts';
import { findPeople, inCare } from './people.ts';
import { PersonPage } from './person-page.tsx';
import { StartPage } from './start-page.tsx';
import { stepPath } from './steps.tsx';
import { atFirst, referencesOf, without, withWanted } from './wanted.ts';
import { wayOf } from './way.ts';

const said = { discarded: 'The draft is discarded. Nothing of it was sent.' };

/** Whom and what for: the first two steps, and the list of drafts. */
export function startRoutes(workspace: Workspace): Hono<RoomEnv> {
  const { parts } = workspace;
  const app = new Hono<RoomEnv>();

  app.get('/refer', async c => {
    const { room } = c.var;
    const patient = c.req.query('patient');
    if (patient) return newNeed(c, await personCalled(room, patient));
    const [drafts, present] = await Promise.all([draftsOf(room.repository), inCare(room.repository)]);
    return show(
      c,
      { title: 'Refer', done: said },
      <StartPage drafts={drafts} inCare={present} {...of(room)} />,
    );
  });

  app.post('/refer/person', async c => {
    const { room } = c.var;
    const text = (await formValues(c)).one('text').trim();
    const [drafts, found] = await Promise.all([draftsOf(room.repository), findPeople(room.repository, text)]);
    const page = <StartPage drafts={drafts} inCare={[]} search={{ text, found }} {...of(room)} />;
    return show(c, { title: 'Refer' }, page);
  });

  app.post('/refer', async c => {
    const { room } = c.var;
    const values = await formValues(c);
    const patient = await personCalled(room, values.one('patient'));
    const facts = await factsOf(room.repository, patient.id ?? '');
    const request = freshRequest(room, patient, facts);
    const draft = {
      request,
      task: taskFor(request, room.actor.organization, parts.hubOrganization),
      patient,
    };
    return saved(c, draft, facts, values, undefined);
  });

  app.get('/refer/:id', c =>
    drafted(workspace, async (context, { request, task }) =>
      context.redirect(stepPath(request.id ?? '', wayOf(task) ? 'packet' : 'places'), 303),
    )(c),
  );

  app.get('/refer/:id/person', c =>
    drafted(workspace, async (context, { request, patient }, { token }) =>
      show(
        context,
        { title: 'Refer: person' },
        <PersonPage request={request} patient={patient} token={token} />,
      ),
    )(c),
  );

  app.get('/refer/:id/need', c =>
    drafted(workspace, async (context, draft, { repository }) => {
      const facts = await factsOf(repository, draft.patient.id ?? '');
      const { needs } = offeredBy(await choicesFor(draft.request), facts);
      return needPage(context, draft.patient, facts, formOf(draft, needs), { draft });
    })(c),
  );

  app.post('/refer/:id/need', c =>
    drafted(workspace, async (context, draft, { repository }) => {
      const facts = await factsOf(repository, draft.patient.id ?? '');
      return saved(context, draft, facts, await formValues(context), draft.request.id);
    })(c),
  );

  app.post('/refer/:id/discard', c =>
    drafted(workspace, async (context, draft, { repository }) => {
      await repository.write(discardingOf(draft));
      return doneAt(context, '/refer', 'discarded');
    })(c),
  );

  /** The form for somebody for whom nothing was written yet. */
  async function newNeed(c: RoomContext, patient: Patient): Promise<Response> {
    const { repository } = c.var.room;
    const id = patient.id ?? '';
    const [facts, begun] = await Promise.all([factsOf(repository, id), draftsOf(repository, id)]);
    return needPage(c, patient, facts, freshForm(reasonsOf(facts)), { begun });
  }

  async function needPage(
    c: RoomContext,
    patient: Patient,
    facts: PersonFacts,
    form: NeedForm,
    { draft, begun = [], problem }: { draft?: Draft; begun?: readonly DraftRow[]; problem?: HubError },
  ): Promise<Response> {
    const choices = await choicesFor(draft?.request);
    const page = (
      <NeedPage
        patient={patient}
        facts={facts}
        choices={choices}
        form={form}
        begun={begun}
        id={draft?.request.id}
        reached={draft?.request.id ? 'places' : 'need'}
        token={c.var.room.token}
        problem={problem}
      />
    );
    return show(c, { title: 'Refer: need', problem }, page);
  }

  /** Writes what the form says, or shows it again with what is wrong. */
  async function saved(
    c: RoomContext,
    draft: Draft,
    facts: PersonFacts,
    values: FormValues,
    id: string | undefined,
  ): Promise<Response> {
    const { repository } = c.var.room;
    const form = sentForm(values.all, referencesOf(draft.task, 'avoid'));
    try {
      const wanted = wantedOf(form, offeredBy(await choicesFor(draft.request), facts));
      const pair = withWanted(draft, wanted);
      if (id === undefined)
        return c.redirect(stepPath(await createDraft(repository, atFirst(pair)), 'places'), 303);
      await repository.write(savingOf(pair));
      return c.redirect(stepPath(id, 'places'), 303);
    } catch (error) {
      return needPage(c, draft.patient, facts, form, { draft, problem: mendable(error) });
    }
  }

  async function choicesFor(request: ServiceRequest | undefined): Promise<NeedChoices> {
    const [groups, traits, levels, programs] = await Promise.all([
      needGroups(parts.terminology),
      optionsOf(parts.terminology, 'routing-characteristic'),
      optionsOf(parts.terminology, 'routing-level-of-care'),
      optionsOf(parts.terminology, 'routing-program'),
    ]);
    return { groups, own: ownNeed(request, groups), traits, levels, programs };
  }

  return app;
}

const of = ({ token, now, zone }: Room) => ({ token, now, zone });

async function personCalled({ repository }: Room, id: string): Promise<Patient> {
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(id))
    throw new HubError('not-found', 'There is no such person, or you may not see them.');
  return (await repository.read('Patient', id)).resource() as Patient;
}

const offeredBy = ({ groups, own, traits, levels, programs }: NeedChoices, { conditions }: PersonFacts) => ({
  needs: [...(own ? [own] : []), ...groups.flatMap(({ options }) => options)],
  traits,
  levels,
  programs,
  conditions: conditions.map(({ id }) => `Condition/${id}`),
});

/** A request with what goes along of itself: who pays, and the stay. */
function freshRequest(
  { person, now }: Room,
  patient: Patient,
  { coverages, stay }: PersonFacts,
): ServiceRequest {
  return without({
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: 'order',
    subject: { reference: `Patient/${patient.id}` },
    requester: { reference: `PractitionerRole/${person.practitionerRole}` },
    authoredOn: now.toISOString(),
    insurance: coverages.map(({ id }) => ({ reference: `Coverage/${id}` })),
    supportingInfo: stay ? [{ reference: `Encounter/${stay.id}` }] : [],
  } satisfies ServiceRequest);
}

/** A draft that is not wanted any more: an error in it is an error in nothing that anybody was told of. */
function discardingOf({ request, task }: Draft) {
  return task.id
    ? savingOf({
        request: { ...request, status: 'entered-in-error' },
        task: { ...task, status: 'entered-in-error' },
      })
    : savingOf({ request: { ...request, status: 'entered-in-error' }, task }).slice(0, 1);
}
