import { Hono } from 'hono';
import { HubError } from '../../../errors.ts';
import { canBeChosen } from '../../../referral/routing/plan.ts';
import type { Ranking } from '../../../referral/routing/rank.ts';
import { mendable } from '../../sign-in/desk.ts';
import type { RoomContext, RoomEnv, Workspace } from '../room.ts';
import { show } from '../show.tsx';
import { rankingOf } from './asked.ts';
import { ComparePage } from './compare-page.tsx';
import { type Draft, savingOf } from './draft.ts';
import { drafted } from './drafted.ts';
import { type FormValues, formValues } from './form-values.ts';
import { PlacesPage } from './places-page.tsx';
import { stepPath } from './steps.tsx';
import { referencesOf, withInputs } from './wanted.ts';
import { mostAtOnce, serviceReference, type Way, withWay } from './way.ts';

/** Who could take it, and who is asked in which way. */
export function placesRoutes({ parts }: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();

  app.get('/refer/:id/places', c =>
    drafted({ parts }, async (context, draft) => placesPage(context, draft, await ranked(context, draft)))(c),
  );

  app.get('/refer/:id/compare', c =>
    drafted({ parts }, async (context, draft, { token }) => {
      const wanted = context.req.queries('place') ?? [];
      const { ranked: all } = await ranked(context, draft);
      const places = all.filter(({ candidate }) => wanted.includes(candidate.id)).slice(0, mostAtOnce);
      if (places.length < 2) return context.redirect(stepPath(draft.request.id ?? '', 'places'), 303);
      const page = <ComparePage request={draft.request} places={places} token={token} />;
      return show(context, { title: 'Refer: compare places' }, page);
    })(c),
  );

  app.post('/refer/:id/places', c =>
    drafted({ parts }, async (context, draft, { repository }) => {
      const id = draft.request.id ?? '';
      const values = await formValues(context);
      const ranking = await ranked(context, draft);
      try {
        const compared = comparedIn(values);
        if (compared) return context.redirect(`/refer/${id}/compare?${compared}`, 303);
        const task = otherwiseAvoiding(draft, values, ranking);
        if (task) {
          await repository.write(savingOf({ request: draft.request, task }));
          return context.redirect(stepPath(id, 'places'), 303);
        }
        await repository.write(
          savingOf({ request: draft.request, task: withWay(draft.task, chosenWay(values, ranking)) }),
        );
        return context.redirect(stepPath(id, 'packet'), 303);
      } catch (error) {
        return placesPage(context, draft, ranking, mendable(error));
      }
    })(c),
  );

  const ranked = (c: RoomContext, draft: Draft): Promise<Ranking> =>
    rankingOf({ parts, repository: c.var.room.repository }, draft);

  return app;
}

function placesPage(c: RoomContext, draft: Draft, ranking: Ranking, problem?: HubError) {
  const page = <PlacesPage {...draft} ranking={ranking} token={c.var.room.token} problem={problem} />;
  return show(c, { title: 'Refer: places', problem }, page);
}

/** The places to compare, as a query; undefined where that is not what was asked for. */
function comparedIn(values: FormValues): string | undefined {
  if (!values.one('compare')) return undefined;
  const places = several(values, 2);
  return new URLSearchParams(places.map(id => ['place', id])).toString();
}

function several(values: FormValues, least: number): string[] {
  const places = [...new Set(values.all('place'))];
  if (places.length >= least && places.length <= mostAtOnce) return places;
  throw new HubError(
    'invalid',
    `Choose ${least} to ${mostAtOnce} places first: tick them in the list. ${places.length} ${places.length === 1 ? 'is' : 'are'} chosen.`,
  );
}

/** The Task with another list of who is not to be asked; undefined where nothing was said of that. */
function otherwiseAvoiding({ task }: Draft, values: FormValues, { ranked }: Ranking) {
  const [avoid, allow] = [values.one('avoid'), values.one('allow')];
  if (!avoid && !allow) return undefined;
  const known = referencesOf(task, 'avoid').filter(({ reference }) => reference !== allow);
  const entry = ranked.find(({ candidate }) => candidate.organization === avoid);
  const added = entry ? [{ reference: `Organization/${avoid}`, display: entry.candidate.name }] : [];
  return withInputs(task, { avoid: [...known, ...added].map(valueReference => ({ valueReference })) });
}

/** What the button that was pressed says; HubError: a place that cannot be asked so. */
function chosenWay(values: FormValues, { ranked, excluded }: Ranking): Way {
  const only = values.one('only');
  const hand = values.one('hand');
  if (hand) {
    const reason = values.one('reason').trim().slice(0, 500);
    const against = excluded.find(one => one.candidate.id === hand && canBeChosen(one));
    if (!against) throw gone();
    if (!reason) throw new HubError('invalid', 'Say why this place is to be asked all the same.');
    return { kind: 'hand', service: serviceReference(against.candidate), reason };
  }
  if (!only && !values.one('these')) return { kind: 'cascade' };
  const wanted = only ? [only] : several(values, 1);
  const services = wanted.map(id => {
    const entry = ranked.find(({ candidate }) => candidate.id === id);
    if (!entry) throw gone();
    return entry;
  });
  const organizations = new Set(services.map(({ candidate }) => candidate.organization));
  if (organizations.size < services.length)
    throw new HubError(
      'invalid',
      'Two of these are of one organization, which is asked once: choose one of them.',
    );
  return { kind: 'these', services: services.map(({ candidate }) => serviceReference(candidate)) };
}

const gone = (): HubError =>
  new HubError(
    'conflict',
    'That place cannot be asked any more. The list below is as it is now; nothing was sent.',
  );
