import { Hono } from 'hono';
import { toString as qrCode } from 'qrcode';
import { isRole } from '../../access/roles.ts';
import { HubError } from '../../errors.ts';
import { page } from '../page.ts';
import {
  type Env,
  fieldsOf,
  forgetPages,
  localPath,
  mendable,
  type PageContext,
  setHubCookie,
  withReturn,
} from './desk.ts';
import { EnrolPage, RecoveryPage } from './enrol-pages.tsx';
import type { PeoplePages } from './routes.tsx';
import { OrganizationPage, SecondFactorPage, SignInPage } from './sign-in-pages.tsx';
import { again, wrong } from './words.ts';

const days = 365;

/** Signing in, step by step, choosing the organization, and signing out. */
export function signInRoutes({ people, demo, nameOf }: PeoplePages): Hono<Env> {
  const app = new Hono<Env>();
  const begin = (c: PageContext, session: string) => setHubCookie(c, people, people.cookies.session, session);
  const goOn = (c: PageContext, to: string | undefined) =>
    c.redirect(withReturn('/sign-in/continue', to), 303);

  const signInPage = async (
    c: PageContext,
    how: { problem?: HubError; email?: string; to?: string | undefined },
  ) => {
    const notice =
      c.req.query('notice') === 'new-password' ? 'Your password is changed: sign in with it.' : undefined;
    const to = how.to ?? localPath(c.req.query('return'));
    return page(<SignInPage {...how} to={to} notice={notice} token={c.var.desk.token} demo={await demo()} />);
  };

  app.get('/sign-in', async c => {
    if (c.var.desk.visitor) return goOn(c, localPath(c.req.query('return')));
    return c.html(await signInPage(c, {}));
  });
  app.post('/sign-in', async c => {
    const { email = '', password = '', return: to } = await fieldsOf(c);
    const signedIn = await people.passwords.signIn({ email, password }, c.var.desk.origin);
    if ('session' in signedIn) {
      begin(c, signedIn.session);
      return goOn(c, localPath(to));
    }
    const { wait } = signedIn;
    const problem = wait > 0 ? again(wait) : wrong;
    if (wait > 0) c.header('Retry-After', String(wait));
    return c.html(await signInPage(c, { problem, email, to: localPath(to) }), wait > 0 ? 429 : 403);
  });
  app.post('/sign-in/demo', async c => {
    const { organization = '', role = '', return: to } = await fieldsOf(c);
    const offered = (await demo()).find(one => one.id === organization)?.people ?? [];
    if (!people.demo || !isRole(role) || !offered.includes(role))
      throw new HubError('not-found', 'There is no such person in the demo network.');
    const session = await people.demo(organization, role, c.var.desk.origin);
    if (session === undefined)
      throw new HubError('forbidden', 'An administrator has suspended this person: choose another one.');
    begin(c, session);
    return goOn(c, localPath(to));
  });

  app.get('/sign-in/continue', async c => {
    const to = localPath(c.req.query('return'));
    const { visitor, origin } = c.var.desk;
    if (!visitor) return c.redirect(withReturn('/sign-in', to), 303);
    if (visitor.owes === 'second-factor') return c.redirect(withReturn('/sign-in/second-factor', to), 303);
    if (visitor.owes === 'enrolment') return c.redirect(withReturn('/sign-in/enrol', to), 303);
    const device = await people.passwords.rememberDevice(visitor.account.id, origin.cookie);
    if (device !== undefined) setHubCookie(c, people, people.cookies.device, device, days);
    if (visitor.owes === 'organization') return c.redirect(withReturn('/sign-in/organization', to), 303);
    return c.redirect(to ?? '/', 303);
  });

  app.get('/sign-in/second-factor', c => {
    const to = localPath(c.req.query('return'));
    if (c.var.desk.visitor?.owes !== 'second-factor') return goOn(c, to);
    return c.html(page(<SecondFactorPage token={c.var.desk.token} to={to} />));
  });
  app.post('/sign-in/second-factor', async c => {
    const { code = '', return: to } = await fieldsOf(c);
    const { visitor, origin, token } = c.var.desk;
    if (visitor?.owes !== 'second-factor') return goOn(c, localPath(to));
    const given = await people.secondFactor.give(visitor, code, origin.address);
    if ('session' in given) {
      begin(c, given.session);
      return goOn(c, localPath(to));
    }
    const problem = given.wait > 0 ? again(given.wait) : wrongCode;
    return c.html(
      page(<SecondFactorPage token={token} to={localPath(to)} problem={problem} />),
      given.wait > 0 ? 429 : 403,
    );
  });

  app.get('/sign-in/enrol', async c => {
    const { visitor, token } = c.var.desk;
    const to = localPath(c.req.query('return'));
    if (visitor?.owes !== 'enrolment') return goOn(c, to);
    const offer = await people.secondFactor.offer(visitor);
    return c.html(page(<EnrolPage token={token} to={to} offer={offer} qr={await pictureOf(offer.uri)} />));
  });
  app.post('/sign-in/enrol', async c => {
    const { code = '', offer: sealed = '', return: to } = await fieldsOf(c);
    const { visitor, origin, token } = c.var.desk;
    if (!visitor) return goOn(c, localPath(to));
    try {
      const { session, recovery } = await people.secondFactor.enrol(
        visitor,
        { sealed, code },
        origin.address,
      );
      begin(c, session);
      const on = withReturn('/sign-in/continue', localPath(to));
      return c.html(page(<RecoveryPage codes={recovery} on={on} />));
    } catch (error) {
      const problem = mendable(error);
      const offer = await people.secondFactor.reopen(visitor, sealed);
      if (!offer) return goOn(c, localPath(to));
      const qr = await pictureOf(offer.uri);
      return c.html(
        page(<EnrolPage token={token} to={localPath(to)} offer={offer} qr={qr} problem={problem} />),
        422,
      );
    }
  });

  app.get('/sign-in/organization', async c => {
    const to = localPath(c.req.query('return'));
    const { visitor, token } = c.var.desk;
    if (!visitor || (visitor.owes && visitor.owes !== 'organization')) return goOn(c, to);
    const posts = await Promise.all(
      visitor.posts.map(async post => ({ ...post, name: await nameOf(post.organization) })),
    );
    return c.html(
      page(<OrganizationPage token={token} to={to} posts={posts} present={visitor.person?.organization} />),
    );
  });
  app.post('/sign-in/organization', async c => {
    const { organization = '', return: to } = await fieldsOf(c);
    const { visitor, origin } = c.var.desk;
    if (!visitor || (visitor.owes && visitor.owes !== 'organization')) return goOn(c, localPath(to));
    const session = await people.chooseOrganization(visitor, organization, origin.address);
    if (session === undefined) throw new HubError('forbidden', 'You do not act for this organization.');
    begin(c, session);
    return goOn(c, localPath(to));
  });

  app.post('/sign-out', async c => {
    const { visitor, origin } = c.var.desk;
    if (visitor) await people.signOut(visitor, origin.address);
    forgetPages(c);
    return c.redirect('/sign-in', 303);
  });
  return app;
}

const wrongCode = new HubError(
  'forbidden',
  'This code is not right, or was used already. Wait for the next one.',
);

/** Without a style, as the pages’ policy asks. */
export const pictureOf = (uri: string): Promise<string> =>
  qrCode(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
