import { Hono } from 'hono';
import { hasArea } from '../areas.ts';
import { type RoomEnv, room, type Workspace } from '../room.ts';
import { show } from '../show.tsx';
import { readFilter } from './board.ts';
import { BoardPage } from './board-page.tsx';
import { boardRows } from './board-rows.ts';

/** The board, the inbox, and the page of one referral. */
export function referralRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  app.use('/referrals/*', room(workspace, '/referrals'));

  app.get('/referrals', async c => {
    const { repository, now, zone, organization, person } = c.var.room;
    const filter = readFilter(c.req.query());
    const from = c.req.query('from');
    const board = await boardRows(repository, { finished: filter.group === 'finished', from });
    const props = { board, filter, now, zone, organization, from };
    return show(
      c,
      { title: 'Referrals' },
      <BoardPage {...props} refers={hasArea(person.role, '/leaving')} />,
    );
  });
  return app;
}
