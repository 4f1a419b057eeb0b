import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import type { Child } from 'hono/jsx';
import type { Logger } from 'pino';
import type { Audit } from '../../audit/audit.ts';
import type { Accounts } from '../../auth/accounts/people.ts';
import type { Clients } from '../../auth/clients.ts';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { isSeeded } from '../../demo/place.ts';
import { HubError } from '../../errors.ts';
import type { Parts } from '../../fhir/parts.ts';
import { FrontPage } from '../front-page.tsx';
import { packetRoutes } from '../packet/routes.tsx';
import { page, secured } from '../page.ts';
import { whatWentWrong } from '../went-wrong.tsx';
import { homeOf } from '../workspace/areas.ts';
import type { Operations } from '../workspace/room.ts';
import { workspacePaths, workspaceRoutes } from '../workspace/routes.tsx';
import { accountRoutes } from './account-routes.tsx';
import { clientsRoutes } from './clients-routes.tsx';
import { type DemoOrganization, demoOrganizations } from './demo-people.ts';
import { type Came, desk, type Env, requirePerson } from './desk.ts';
import { networkNames } from './network-names.ts';
import { passwordRoutes } from './password-routes.tsx';
import { peopleRoutes } from './people-routes.tsx';
import { RolesPage } from './roles-page.tsx';
import { signInRoutes } from './sign-in-routes.tsx';
import { Who } from './who.tsx';

/** What the pages of people are made of. */
export interface PeoplePages {
  people: Accounts;
  /** The systems and apps that sign in. */
  clients: Clients;
  /** Writes into the audit. */
  record: Audit['record'];
  clock: Clock;
  hubOrganization: string;
  /** What an organization is called. */
  nameOf(organization: string): Promise<string>;
  /** All of the network, by name. */
  organizations(): Promise<{ id: string; name: string }[]>;
  /** Those one can look around in without an account. */
  demo(): Promise<readonly DemoOrganization[]>;
  /** The line above a page that says who is signed in. */
  who(c: Came & { req: { path: string } }): Promise<Child>;
}

export interface PeopleOptions {
  config: Pick<Config, 'env' | 'maxDocumentBytes'>;
  parts: Parts;
  people: Accounts;
  clients: Clients;
  operations: Operations;
  log: Pick<Logger, 'error'>;
}

const paths = [
  '/sign-in',
  '/sign-out',
  '/invitation',
  '/password',
  '/account',
  '/people',
  '/clients',
  '/roles',
];

/** The largest form has a few public keys. */
const maxBody = 16 * 1024;

/** A file, and the fields beside it. */
const upload = /^\/(referrals\/[^/]+\/documents|refer\/[^/]+\/packet)$/;

function formLimit(maxFile: number): MiddlewareHandler {
  const form = bodyLimit({ maxSize: maxBody });
  const file = bodyLimit({
    maxSize: maxFile + maxBody,
    onError: () => {
      const most = Math.floor(maxFile / 1024 / 1024);
      throw new HubError(
        'too-large',
        `The file is too large: at most ${most} MB are taken. Nothing was changed.`,
      );
    },
  });
  return (c, next) => (upload.test(c.req.path) ? file : form)(c, next);
}

/** The pages by which people sign in and manage accounts; and `/`, for who is signed in. */
export function peopleWeb({ config, parts, people, clients, operations, log }: PeopleOptions): Hono<Env> {
  const app = new Hono<Env>();
  const { nameOf, organizations } = networkNames(parts);
  const pages: PeoplePages = {
    people,
    clients,
    record: entry => parts.audit.record(entry),
    clock: parts.clock,
    hubOrganization: parts.hubOrganization,
    nameOf,
    organizations,
    demo: async () =>
      people.demo && config.env !== 'production' && (await isSeeded(parts.store))
        ? demoOrganizations(parts.hubOrganization)
        : [],
    async who(c) {
      const { person, visitor } = requirePerson(c);
      const organization = await nameOf(person.organization);
      const { token } = c.var.desk;
      return (
        <Who person={person} visitor={visitor} organization={organization} token={token} at={c.req.path} />
      );
    },
  };
  const guards = [
    secured,
    csrf({ origin: new URL(parts.baseUrl).origin }),
    formLimit(config.maxDocumentBytes),
    desk(people),
  ];
  for (const path of [...paths, ...workspacePaths]) app.use(`${path}/*`, ...guards);

  app.get('/', secured, desk(people), async c => {
    const person = c.var.desk.visitor?.person;
    if (person) return c.redirect(homeOf(person.role), 303);
    return c.html(page(<FrontPage token={c.var.desk.token} demo={await pages.demo()} />));
  });
  app.get('/roles', c => c.html(page(<RolesPage />)));
  for (const routes of [signInRoutes, passwordRoutes, accountRoutes, peopleRoutes, clientsRoutes])
    app.route('/', routes(pages));
  app.route('/', packetRoutes(parts, pages));

  app.route('/', workspaceRoutes({ parts, pages, operations, log, maxDocument: config.maxDocumentBytes }));
  app.onError((error, c) => whatWentWrong(c, error, log));
  return app;
}
