import { Hono } from 'hono';
import { page } from '../page.ts';
import { AccountPage, type AccountProblem } from './account-page.tsx';
import {
  type Env,
  fieldsOf,
  forgetPages,
  mendable,
  type PageContext,
  requirePerson,
  setHubCookie,
} from './desk.ts';
import { EnrolPage } from './enrol-pages.tsx';
import type { PeoplePages } from './routes.tsx';
import { pictureOf } from './sign-in-routes.tsx';
import { again, wrongPassword } from './words.ts';

const notices: Record<string, string> = {
  password: 'Your password is changed, and you are signed out everywhere else.',
  session: 'That session is ended.',
  notices: 'From now on you are told as you wish.',
};

/** A person’s own account: how they are told, sessions, password, second factor. */
export function accountRoutes({ people, nameOf, clock, who }: PeoplePages): Hono<Env> {
  const app = new Hono<Env>();

  const accountPage = async (c: PageContext, problem?: AccountProblem) => {
    const { visitor, person } = requirePerson(c);
    const [posts, sessions, recoveryLeft, wishes, header] = await Promise.all([
      Promise.all(visitor.posts.map(async post => ({ ...post, name: await nameOf(post.organization) }))),
      people.sessions.list(visitor.account.id),
      people.recoveryLeft(visitor.account.id),
      people.wishes.of(person),
      who(c),
    ]);
    const { token } = c.var.desk;
    const notice = notices[c.req.query('notice') ?? ''];
    const known = { visitor, posts, sessions, recoveryLeft, wishes };
    const props = { ...known, token, notice, problem, now: clock.now() };
    return page(<AccountPage who={header} {...props} />);
  };

  app.get('/account', async c => c.html(await accountPage(c)));
  app.post('/account/notices', async c => {
    const { person } = requirePerson(c);
    try {
      await people.wishes.change(person, await fieldsOf(c));
    } catch (error) {
      return c.html(await accountPage(c, { of: 'notices', error: mendable(error) }), 422);
    }
    return c.redirect('/account?notice=notices', 303);
  });
  app.post('/account/password', async c => {
    const { visitor } = requirePerson(c);
    const { current = '', password = '' } = await fieldsOf(c);
    try {
      const changed = await people.anew.change(visitor, { current, password }, c.var.desk.origin);
      if ('wait' in changed) {
        const error = changed.wait > 0 ? again(changed.wait) : wrongPassword;
        return c.html(await accountPage(c, { of: 'password', error }), changed.wait > 0 ? 429 : 403);
      }
      setHubCookie(c, people, people.cookies.session, changed.session);
      return c.redirect('/account?notice=password', 303);
    } catch (error) {
      return c.html(await accountPage(c, { of: 'password', error: mendable(error) }), 422);
    }
  });
  app.post('/account/second-factor', async c => {
    const { visitor } = requirePerson(c);
    const { current = '' } = await fieldsOf(c);
    const confirmed = await people.passwords.confirm(visitor.account, current, c.var.desk.origin);
    if (confirmed !== 'right') {
      const error = confirmed.wait > 0 ? again(confirmed.wait) : wrongPassword;
      return c.html(await accountPage(c, { of: 'second-factor', error }), confirmed.wait > 0 ? 429 : 403);
    }
    const offer = await people.secondFactor.offer(visitor);
    const qr = await pictureOf(offer.uri);
    return c.html(page(<EnrolPage token={c.var.desk.token} to="/account" offer={offer} qr={qr} />));
  });
  app.post('/account/sessions/end', async c => {
    const { visitor } = requirePerson(c);
    const { session = '' } = await fieldsOf(c);
    await people.endSession(visitor, session, c.var.desk.origin.address);
    return c.redirect('/account?notice=session', 303);
  });
  app.post('/account/sign-out-everywhere', async c => {
    const { visitor } = requirePerson(c);
    await people.signOutEverywhere(visitor, c.var.desk.origin.address);
    forgetPages(c);
    return c.redirect('/sign-in', 303);
  });
  return app;
}
