import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { actorOf } from '../../access/roles.ts';
import type { Accounts } from '../../auth/accounts/people.ts';
import type { Consents, Question } from '../../auth/smart/consents.ts';
import { HubError } from '../../errors.ts';
import { createRepository } from '../../fhir/create-repository.ts';
import type { Parts } from '../../fhir/parts.ts';
import { requestOf } from '../../http/request.ts';
import { page } from '../page.ts';
import { ProblemPage } from '../problem-page.tsx';
import { desk, type Env, fieldsOf } from '../sign-in/desk.ts';
import { networkNames } from '../sign-in/network-names.ts';
import { ConsentPage } from './consent-page.tsx';
import { choosePatient, findPatients } from './patients.ts';
import { consentPolicy } from './security-policy.ts';

export interface AuthorizeOptions {
  parts: Parts;
  people: Accounts;
  consents: Consents;
  log: Pick<Logger, 'error'>;
}

type PageEnv = Env & { Bindings: HttpBindings };

/** The page on which a person allows an app, between the app's request and its code. */
export function authorizeRoutes({ parts, people, consents, log }: AuthorizeOptions): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  const { nameOf } = networkNames(parts);
  const visitOf = (c: Context<PageEnv>) => ({ req: c.env.incoming, res: c.env.outgoing });

  async function ask(c: Context<PageEnv>, name = '', problem?: HubError): Promise<Response> {
    const question = await consents.question(visitOf(c));
    if (question === 'nobody') return signIn(c);
    const repository = createRepository(parts, actorOf(question.person), requestOf(c));
    const { patient: id, needsPatient, impossible } = question;
    const open = impossible === undefined;
    const patient = open && id !== undefined ? await choosePatient(repository, id) : undefined;
    const search = open && needsPatient ? await findPatients(repository, name.slice(0, 100)) : undefined;
    const organization = await nameOf(question.person.organization);
    allowAnswer(c, question);
    const props = { question, organization, token: c.var.desk.token, patient, search, problem };
    return c.html(page(<ConsentPage {...props} />), problem ? (problem.status as 400) : 200);
  }

  const origin = new URL(parts.baseUrl).origin;
  app.use('/:uid', csrf({ origin }), bodyLimit({ maxSize: 16 * 1024 }), desk(people));
  app.get('/:uid', c => ask(c));
  app.post('/:uid', async c => {
    const { decision, patient, name } = await fieldsOf(c);
    const visit = visitOf(c);
    if (decision === 'deny') return answer(c, await consents.deny(visit));
    if (decision === 'search') return ask(c, name);
    if (decision !== 'allow') throw new HubError('invalid', 'Say whether the app is allowed or not.');
    const question = await consents.question(visit);
    if (question === 'nobody') return signIn(c);
    const about = question.patient ?? patient;
    try {
      if (about !== undefined && question.impossible === undefined) {
        await choosePatient(createRepository(parts, actorOf(question.person), requestOf(c)), about);
      }
      return answer(c, await consents.allow(visit, patient));
    } catch (error) {
      if (!(error instanceof HubError) || error.kind !== 'invalid' || question.patient !== undefined)
        throw error;
      return ask(c, name, error);
    }
  });
  app.onError((error, c) => {
    const { status, text } = told(error, log);
    consentPolicy(c, {});
    return c.html(page(<ProblemPage title="This did not work" text={text} />), status as 400);
  });
  return app;
}

function told(error: unknown, log: Pick<Logger, 'error'>): { status: number; text: string } {
  if (error instanceof HubError) return { status: error.status, text: error.message };
  if (error instanceof HTTPException)
    return { status: error.status, text: 'This was not sent from the page of the hub, so nothing was done.' };
  log.error({ err: error }, 'the page to allow an app failed');
  return { status: 500, text: 'The hub failed to answer. The operator finds the cause in the log.' };
}

/** The browser goes from the form to the hub and on to the app: its policy has to let it. */
function allowAnswer(c: Context<PageEnv>, { redirectUri, client }: Question): void {
  const { frameAncestors = [] } = client;
  consentPolicy(c, { formsTo: [new URL(redirectUri).origin], frameAncestors });
}

const answer = (c: Context<PageEnv>, to: string): Response => {
  consentPolicy(c, {});
  return c.redirect(to, 303);
};

const signIn = (c: Context<PageEnv>): Response =>
  c.redirect(`/sign-in?${new URLSearchParams({ return: `/oauth/interaction/${c.req.param('uid')}` })}`, 303);
