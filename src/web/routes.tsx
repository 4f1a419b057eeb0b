import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Actor } from '../access/actor.ts';
import type { Clients } from '../auth/clients.ts';
import { parseScopes } from '../auth/scopes.ts';
import type { Config } from '../config.ts';
import { demoClients } from '../demo/clients.ts';
import { isSeeded } from '../demo/place.ts';
import { HubError } from '../errors.ts';
import { createRepository } from '../fhir/create-repository.ts';
import type { Parts } from '../fhir/parts.ts';
import { requestOf } from '../http/request.ts';
import { assetRoutes } from './assets.ts';
import { designRoutes } from './design/routes.tsx';
import { guideRoutes } from './guide/routes.tsx';
import { page, secured } from './page.ts';
import { AboutPage, type Choice, ChoosePage, ProblemPage, ReferralsPage } from './pages.tsx';
import { referralsOf } from './referrals.ts';

export interface WebOptions {
  config: Pick<Config, 'env'>;
  parts: Parts;
  clients: Pick<Clients, 'list'>;
  log: Pick<Logger, 'error'>;
}

/** The pages for people: one, at `/`. Nobody signs in to it, so it shows the demo network and nothing else. */
export function webRoutes({ config, parts, clients, log }: WebOptions): Hono {
  const app = new Hono();
  app.use('/', secured);
  app.use('/assets/*', secured);

  app.route('/', assetRoutes());

  app.get('/', async c => {
    if (config.env === 'production' || !(await isSeeded(parts.store))) return c.html(page(<AboutPage />));
    const actors = await demoActors(clients);
    const choices = actors.map(({ choice }) => choice);
    const wanted = c.req.query('as');
    if (!wanted) return c.html(page(<ChoosePage choices={choices} />));
    const chosen = actors.find(({ choice }) => choice.id === wanted);
    if (!chosen) throw new HubError('not-found', `There is no demo organization “${wanted.slice(0, 64)}”.`);
    const referrals = await referralsOf(createRepository(parts, chosen.actor, requestOf(c)), {
      from: c.req.query('from'),
    });
    const now = parts.clock.now();
    return c.html(
      page(<ReferralsPage choices={choices} organization={chosen.choice} referrals={referrals} now={now} />),
    );
  });

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

/** The demo organizations whose API clients may sign in, each as that client. */
async function demoActors(clients: WebOptions['clients']): Promise<{ choice: Choice; actor: Actor }[]> {
  const registered = new Map((await clients.list()).map(client => [client.clientId, client]));
  return demoClients.flatMap(({ clientId, name }) => {
    const client = registered.get(clientId);
    if (!client || client.suspended) return [];
    const { organization, scope } = client;
    const actor: Actor = { kind: 'client', id: clientId, organization, scopes: parseScopes(scope) };
    return [{ choice: { id: clientId, name }, actor }];
  });
}
