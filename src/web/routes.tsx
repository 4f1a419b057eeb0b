import { Hono } from 'hono';
import type { Logger } from 'pino';
import { HubError } from '../errors.ts';
import type { Parts } from '../fhir/parts.ts';
import { assetRoutes } from './assets.ts';
import { designRoutes } from './design/routes.tsx';
import { guideRoutes } from './guide/routes.tsx';
import { page, secured } from './page.ts';
import { ProblemPage } from './problem-page.tsx';

export interface WebOptions {
  parts: Parts;
  log: Pick<Logger, 'error'>;
}

/** What is open to everybody: the guide, the page of the components, what pages load; and where there is no page. */
export function webRoutes({ parts, log }: WebOptions): Hono {
  const app = new Hono();
  app.use('/assets/*', secured);
  app.route('/', assetRoutes());
  app.route('/', guideRoutes(parts.baseUrl));
  app.route('/', designRoutes(parts.clock));

  // The last of all routes: a browser at a wrong address is shown a page, any other client an OperationOutcome.
  app.get('*', secured, (c, next) => {
    if (!c.req.header('accept')?.includes('text/html')) return next();
    throw new HubError(
      'not-found',
      'There is no page at this address. Nothing was lost; begin again at the top.',
    );
  });

  app.onError((error, c) => {
    const known = error instanceof HubError;
    if (!known) log.error({ err: error }, 'a page failed');
    const text = known ? error.message : 'The hub failed to answer. The operator finds the cause in the log.';
    const title = known && error.kind === 'not-found' ? 'Not found' : 'This did not work';
    return c.html(page(<ProblemPage title={title} text={text} />), known ? (error.status as 400 | 404) : 500);
  });
  return app;
}
