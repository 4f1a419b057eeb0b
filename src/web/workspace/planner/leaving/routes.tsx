import { Hono } from 'hono';
import { allows } from '../../../../access/actor.ts';
import { type RoomEnv, room, type Workspace } from '../../room.ts';
import { show } from '../../show.tsx';
import { leaversOf } from './gather.ts';
import { LeavingPage } from './page.tsx';

/** Who leaves soon. */
export function leavingRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  app.use('/leaving', room(workspace, '/leaving'));
  app.get('/leaving', async c => {
    const { repository, actor, now } = c.var.room;
    const leavers = await leaversOf(repository, now);
    const plans = allows(actor, 'create', 'Patient') && allows(actor, 'create', 'Encounter');
    return show(
      c,
      { title: 'Leaving soon', done },
      <LeavingPage leavers={leavers} now={now} plans={plans} />,
    );
  });
  return app;
}

const done = { discharged: 'The discharge is recorded.' };
