import { Hono } from 'hono';
import { HubError } from '../../../errors.ts';
import { confirmEntry, stateCapacity } from '../../../fhir/operations/directory-entry.ts';
import type { Operation } from '../../../fhir/operations/operation.ts';
import { fieldsOf, localPath } from '../../sign-in/desk.ts';
import { type RoomContext, type RoomEnv, room, type Workspace } from '../room.ts';
import { doneAt, show } from '../show.tsx';
import { findServices, offeredKinds, readService, servicesOf } from './find-services.ts';
import { keepsEntries, mendableHere } from './keeping.ts';
import { keepingRoutes } from './keeping-routes.tsx';
import { ListPage } from './list-page.tsx';
import { placeCalled } from './place.ts';
import { ServicePage } from './service-page.tsx';

const done = {
  contact: 'Saved. The whole network reads it from now on.',
  room: 'Saved. The next match goes by it.',
  right: 'Thank you: the entry is confirmed as of today.',
  saved: 'Saved. The whole network reads it from now on.',
};

/** The directory, for everybody who signs in; each organization's administrators keep its own entries here. */
export function directoryRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  const { parts } = workspace;
  app.use('/directory/*', room(workspace, '/directory'));
  app.route('/', keepingRoutes());

  app.get('/directory', async c =>
    listPage(c, { service: c.req.query('service'), near: c.req.query('near') }),
  );
  app.post('/directory', async c => {
    const { service = '', near = '', text = '' } = await fieldsOf(c);
    const place = near.trim() ? await placeCalled(c.var.room.repository, near, c.var.room.now) : undefined;
    const known = near.trim() === '' || place !== undefined;
    if (text.trim() || !known) return listPage(c, { service, near, text: text.trim() });
    const query = new URLSearchParams({
      ...(service ? { service } : {}),
      ...(place ? { near: place.postalCode } : {}),
    });
    return c.redirect(query.size > 0 ? `/directory?${query}` : '/directory', 303);
  });
  app.get('/directory/:id', c => servicePage(c, c.req.param('id')));

  const operation = (path: string, said: keyof typeof done, run: Operation) =>
    app.post(`/directory/:id/${path}`, async c => {
      const id = c.req.param('id');
      const { return: to, ...fields } = await fieldsOf(c);
      const stated = ['status', 'slots', 'wait-days', 'first-opening'].flatMap(name =>
        fields[name] ? [[name, fields[name]] as [string, string]] : [],
      );
      try {
        const { repository } = c.var.room;
        const query = new URLSearchParams(stated);
        await run.run({ parts, repository, type: 'HealthcareService', id, query });
      } catch (error) {
        return servicePage(c, id, mendableHere(error));
      }
      return doneAt(c, localPath(to) ?? `/directory/${id}`, said);
    });
  operation('capacity', 'room', stateCapacity);
  operation('confirm', 'right', confirmEntry);

  async function listPage(
    c: RoomContext,
    asked: { service?: string | undefined; near?: string | undefined; text?: string },
  ) {
    const { repository, actor, now } = c.var.room;
    const place = asked.near?.trim() ? await placeCalled(repository, asked.near, now) : undefined;
    const problem = asked.near?.trim() && !place ? unknownPlace() : undefined;
    const [found, kinds, own] = await Promise.all([
      findServices(repository, { ...asked, place }, now),
      offeredKinds(repository),
      keepsEntries(c.var.room) ? servicesOf(repository, actor.organization, now) : [],
    ]);
    return show(
      c,
      { title: 'Directory', done, problem },
      <ListPage
        {...{ kinds, asked, place: place?.words, found, own, problem }}
        keeps={keepsEntries(c.var.room)}
        room={c.var.room}
      />,
    );
  }

  async function servicePage(c: RoomContext, id: string, problem?: HubError) {
    const { repository, now } = c.var.room;
    const entry = await readService(repository, id, now);
    if (!entry)
      throw new HubError('not-found', 'This is not in the directory (any more). All of it is at /directory.');
    const own = entry.facts.organization === repository.actor.organization;
    const keeps = own && keepsEntries(c.var.room);
    return show(
      c,
      { title: entry.service.name ?? 'A service', done, problem },
      <ServicePage {...{ entry, own, keeps, problem }} room={c.var.room} />,
    );
  }

  return app;
}

const unknownPlace = (): HubError =>
  new HubError('invalid', {
    text: 'The directory knows nobody there. Try a ZIP code, or a town nearby.',
    expression: 'near',
  });
