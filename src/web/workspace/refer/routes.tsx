import { Hono } from 'hono';
import type { RoomEnv, Workspace } from '../room.ts';
import { room } from '../room.ts';
import { packetRoutes } from './packet-routes.tsx';
import { placesRoutes } from './places-routes.tsx';
import { questionnaireRoutes } from './questionnaire-routes.tsx';
import { sendRoutes } from './send-routes.tsx';
import { startRoutes } from './start-routes.tsx';

/** A referral from the choice of the person to its sending; every step is kept as a draft. */
export function referRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  app.use('/refer/*', room(workspace, '/refer'));
  for (const routes of [startRoutes, placesRoutes, packetRoutes, questionnaireRoutes, sendRoutes])
    app.route('/', routes(workspace));
  return app;
}
