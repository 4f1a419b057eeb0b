import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import type { Logger } from 'pino';
import type { Accounts } from '../auth/accounts/people.ts';
import type { Authorization } from '../auth/authorization.ts';
import type { Config } from '../config.ts';
import type { LinkService } from '../exchange/links/link-service.ts';
import { capabilityStatement } from '../fhir/capabilities.ts';
import type { Parts } from '../fhir/parts.ts';
import { createRateLimit } from '../rate-limit.ts';
import { version } from '../version.ts';
import { authorizeRoutes } from '../web/authorize/routes.tsx';
import { linkRoutes } from '../web/link/routes.tsx';
import { webRoutes } from '../web/routes.tsx';
import { peopleWeb } from '../web/sign-in/routes.tsx';
import type { Operations } from '../web/workspace/room.ts';
import { gatherHeaders } from './answer.ts';
import { cors } from './cors.ts';
import { type FhirRoutes, fhirRoutes } from './fhir.ts';
import { launchRoutes } from './launch.ts';
import { outcomeFor, sendOutcome } from './outcome.ts';

export interface AppOptions {
  config: Config;
  parts: Parts;
  authorization: Authorization;
  people: Accounts;
  linkService: LinkService;
  log: Logger;
  /** See Workspace. */
  operations: Operations;
  /** See FhirRoutes. */
  headersOfCreated: FhirRoutes['headersOfCreated'];
}

/** Every route of the hub and the order of its middleware. */
export function createApp({
  config,
  parts,
  authorization,
  people,
  linkService,
  log,
  operations,
  headersOfCreated,
}: AppOptions): Hono {
  const app = new Hono<{ Bindings: HttpBindings }>({ strict: false });
  const oauth = parts.baseUrl.replace(/\/fhir$/, '/oauth');
  const secure = parts.baseUrl.startsWith('https:');
  const statement = once(() => capabilityStatement(parts, { version, started: parts.clock.now(), oauth }));

  const always = {
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    ...(secure ? strictTransport : {}),
  };
  app.use((c, next) => {
    if (c.req.path.startsWith('/fhir')) gatherHeaders(c, always);
    else for (const [name, value] of Object.entries(always)) c.header(name, value);
    return next();
  });
  app.get('/healthz', async c => {
    await parts.store.ping();
    return c.json({ status: 'ok' });
  });
  for (const path of ['/fhir/*', '/oauth/*', '/.well-known/*'])
    app.use(path, cors(authorization.clients, parts.clock));
  app.route('/oauth/launch', launchRoutes({ parts, people, authorization }));
  app.route(
    '/oauth/interaction',
    authorizeRoutes({ parts, people, consents: authorization.consents, log }) as unknown as Hono<{
      Bindings: HttpBindings;
    }>,
  );
  app.all('/oauth/*', async c => {
    // The authorization server writes its answer past Hono, and all of its headers but this one.
    for (const [name, value] of Object.entries(secure ? strictTransport : {}))
      c.env.outgoing.setHeader(name, value);
    await authorization.handler(c.env.incoming, c.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  });
  app.get('/.well-known/oauth-authorization-server/oauth', c => c.json(authorization.metadata()));
  app.route(
    '/fhir',
    fhirRoutes({
      parts,
      log,
      maxBodyBytes: config.maxBodyBytes,
      limit: createRateLimit(config.rateLimit),
      authenticate: header => authorization.authenticate(header),
      capabilities: statement,
      smartConfiguration: () => authorization.smartConfiguration(),
      headersOfCreated,
    }) as unknown as Hono<{ Bindings: HttpBindings }>,
  );
  app.use(compress({ threshold: 2048 }));
  app.route('/', linkRoutes({ desk: linkService.desk, network: linkService.network, secure, log }));
  app.route(
    '/',
    peopleWeb({ config, parts, people, clients: authorization.clients, operations, log }) as unknown as Hono<{
      Bindings: HttpBindings;
    }>,
  );
  app.route('/', webRoutes({ parts, log }));
  app.onError((error, c) => {
    const { status, outcome } = outcomeFor(error, log);
    return sendOutcome(c, status, outcome);
  });
  app.notFound(c => sendOutcome(c, 404, notHere));
  return app as unknown as Hono;
}

const strictTransport = { 'Strict-Transport-Security': 'max-age=31536000' };

const notHere = {
  resourceType: 'OperationOutcome' as const,
  issue: [
    {
      severity: 'error' as const,
      code: 'not-found' as const,
      details: { text: 'There is nothing at this address; the FHIR API is at /fhir.' },
    },
  ],
};

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
