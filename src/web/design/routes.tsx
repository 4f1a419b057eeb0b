import { Hono } from 'hono';
import { page, secured } from '../page.ts';
import { DesignPage } from './page.tsx';

/** The components of the pages, open to everyone: it shows nothing of anybody. */
export function designRoutes(clock: { now(): Date }): Hono {
  const app = new Hono();
  app.get('/design', secured, c => c.html(page(<DesignPage now={clock.now()} />)));
  return app;
}
