import { Hono } from 'hono';
import { may } from '../../../access/abilities.ts';
import { allows } from '../../../access/actor.ts';
import { HubError } from '../../../errors.ts';
import { fieldsOf } from '../../sign-in/desk.ts';
import { type Room, type RoomEnv, room, type Workspace } from '../room.ts';
import { show } from '../show.tsx';
import { find } from './find.ts';
import { SearchPage } from './page.tsx';

/** The one search box. It is posted: what somebody looks for stands in no address. */
export function searchRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  app.use('/search', room(workspace));
  app.get('/search', c => show(c, { title: 'Search' }, <SearchPage opens={opensFor(c.var.room)} />));
  app.post('/search', async c => {
    const { repository } = c.var.room;
    const opens = opensFor(c.var.room);
    if (!opens.people) throw new HubError('forbidden', 'Your role does not include looking for people.');
    const text = ((await fieldsOf(c)).text ?? '').trim();
    if (!text) return show(c, { title: 'Search' }, <SearchPage opens={opens} />);
    const findings = await find(repository, text);
    return show(c, { title: 'Search' }, <SearchPage text={text} findings={findings} opens={opens} />);
  });
  return app;
}

const opensFor = ({ actor }: Room) => ({
  people: allows(actor, 'search', 'Patient'),
  referrals: allows(actor, 'search', 'Task'),
  emergency: may(actor, 'break-glass'),
});
