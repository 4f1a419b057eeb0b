import { Hono } from 'hono';
import { directoryRoutes } from './directory/routes.tsx';
import { liveRoutes } from './live.ts';
import { operatorRoutes } from './operator/routes.tsx';
import { plannerRoutes } from './planner/routes.tsx';
import { privacyRoutes } from './privacy/routes.tsx';
import { referRoutes } from './refer/routes.tsx';
import { referralRoutes } from './referral/routes.tsx';
import type { RoomEnv, Workspace } from './room.ts';
import { searchRoutes } from './search/routes.tsx';

/** What the workspace answers at and below; the same guards stand before all of it. */
export const workspacePaths = [
  '/live',
  '/search',
  '/leaving',
  '/inbox',
  '/referrals',
  '/refer',
  '/patients',
  '/network',
  '/bots',
  '/deliveries',
  '/audit',
  '/disclosures',
  '/emergencies',
  '/directory',
] as const;

/** The pages that people work in. */
export function workspaceRoutes(workspace: Workspace): Hono<RoomEnv> {
  const app = new Hono<RoomEnv>();
  for (const routes of [
    liveRoutes,
    searchRoutes,
    referRoutes,
    plannerRoutes,
    referralRoutes,
    operatorRoutes,
    directoryRoutes,
    privacyRoutes,
  ])
    app.route('/', routes(workspace));
  return app;
}
