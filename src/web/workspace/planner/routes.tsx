import { Hono } from 'hono';
import type { RoomEnv, Workspace } from '../room.ts';
import { emergencyRoutes } from './emergency/routes.tsx';
import { leavingRoutes } from './leaving/routes.tsx';
import { personRoutes } from './person/routes.tsx';
import { registerRoutes } from './register/routes.tsx';
import { newStayRoutes } from './stay/new-routes.tsx';
import { stayRoutes } from './stay/routes.tsx';

/** What discharge planners work with: who leaves soon, people and their stays. */
export function plannerRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  for (const routes of [
    leavingRoutes,
    registerRoutes,
    emergencyRoutes,
    personRoutes,
    newStayRoutes,
    stayRoutes,
  ])
    app.route('/', routes(workspace));
  return app;
}
