import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import type { Child } from 'hono/jsx';
import type { Logger } from 'pino';
import { allows } from '../../access/actor.ts';
import { actorOf } from '../../access/roles.ts';
import type { Audit } from '../../audit/audit.ts';
import type { Accounts } from '../../auth/accounts/people.ts';
import type { Clients } from '../../auth/clients.ts';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { isSeeded } from '../../demo/place.ts';
import { HubError } from '../../errors.ts';
import { createRepository } from '../../fhir/create-repository.ts';
import type { Parts } from '../../fhir/parts.ts';
import { requestOf } from '../../http/request.ts';
import { packetRoutes } from '../packet/routes.tsx';
import { page, secured } from '../page.ts';
import { ProblemPage } from '../pages.tsx';
import { referralsOf } from '../referrals.ts';
import { accountRoutes } from './account-routes.tsx';
import { clientsRoutes } from './clients-routes.tsx';
import { type DemoOrganization, demoOrganizations } from './demo-people.ts';
import { desk, type Env, localPath, type PageContext, requirePerson, withReturn } from './desk.ts';
import { PersonHome } from './home.tsx';
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
  who(c: PageContext): Promise<Child>;
}

export interface PeopleOptions {
  config: Pick<Config, 'env'>;
  parts: Parts;
  people: Accounts;
  clients: Clients;
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
  '/referrals',
];

/** The largest form has a few public keys. */
const maxBody = 16 * 1024;

/** The pages by which people sign in and manage accounts; and `/`, for who is signed in. */
export function peopleWeb({ config, parts, people, clients, log }: PeopleOptions): Hono<Env> {
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
      return <Who person={person} visitor={visitor} organization={organization} token={c.var.desk.token} />;
    },
  };
  const guards = [
    secured,
    csrf({ origin: new URL(parts.baseUrl).origin }),
    bodyLimit({ maxSize: maxBody }),
    desk(people),
  ];
  for (const path of paths) app.use(`${path}/*`, ...guards);

  app.get('/', secured, desk(people), (c, next) =>
    c.var.desk.visitor?.person ? home(c, parts, pages) : next(),
  );
  app.get('/roles', c => c.html(page(<RolesPage />)));
  for (const routes of [signInRoutes, passwordRoutes, accountRoutes, peopleRoutes, clientsRoutes])
    app.route('/', routes(pages));
  app.route('/', packetRoutes(parts, pages));

  app.onError((error, c) => {
    if (error instanceof HubError && error.kind === 'unauthorized' && c.req.method === 'GET')
      return c.redirect(withReturn('/sign-in', localPath(c.req.path)), 303);
    const { status, text } = told(error, log);
    return c.html(page(<ProblemPage title="This did not work" text={text} />), status as 400);
  });
  return app;
}

function told(error: unknown, log: Pick<Logger, 'error'>): { status: number; text: string } {
  if (error instanceof HubError) return { status: error.status, text: error.message };
  if (error instanceof HTTPException)
    return {
      status: error.status,
      text: 'This form was not sent from a page of the hub, so nothing was done. Open the page here, and send it again.',
    };
  log.error({ err: error }, 'a page failed');
  return { status: 500, text: 'The hub failed to answer. The operator finds the cause in the log.' };
}

/** What a person sees first: their organization’s referrals, where their role includes them. */
async function home(c: PageContext, parts: Parts, pages: PeoplePages): Promise<Response> {
  const { person } = requirePerson(c);
  const actor = actorOf(person);
  const referrals = allows(actor, 'search', 'Task')
    ? await referralsOf(createRepository(parts, actor, requestOf(c)), c.req.query('from'))
    : undefined;
  const [who, organization] = await Promise.all([pages.who(c), pages.nameOf(person.organization)]);
  const props = { organization, role: person.role, referrals, now: parts.clock.now() };
  return c.html(page(<PersonHome who={who} {...props} />));
}
