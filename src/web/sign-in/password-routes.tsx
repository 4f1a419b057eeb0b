import { Hono } from 'hono';
import type { StoredLink } from '../../store/accounts/types.ts';
import { page } from '../page.ts';
import { type Env, fieldsOf, mendable, type PageContext, setHubCookie } from './desk.ts';
import { ChoosePasswordPage, DeadLinkPage, ForgotPage } from './password-pages.tsx';
import type { PeoplePages } from './routes.tsx';

/** Where the links in mails lead. Opening one does nothing: mail scanners do so too. */
export function passwordRoutes({ people }: PeoplePages): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/password/forgot', c => c.html(page(<ForgotPage token={c.var.desk.token} />)));
  app.post('/password/forgot', async c => {
    const { email = '' } = await fieldsOf(c);
    people.anew.askReset(email, c.var.desk.origin);
    return c.html(page(<ForgotPage token={c.var.desk.token} sent />));
  });

  const show = async (c: PageContext, purpose: StoredLink['purpose']) => {
    const secret = c.req.param('secret') ?? '';
    const person = await people.links.whose(secret, purpose);
    if (!person) return c.html(page(<DeadLinkPage />), 410);
    const { token } = c.var.desk;
    return c.html(
      page(<ChoosePasswordPage token={token} action={c.req.path} purpose={purpose} person={person} />),
    );
  };
  const choose = async (
    c: PageContext,
    purpose: StoredLink['purpose'],
    done: (secret: string, password: string) => Promise<Response>,
  ) => {
    const secret = c.req.param('secret') ?? '';
    const person = await people.links.whose(secret, purpose);
    if (!person) return c.html(page(<DeadLinkPage />), 410);
    const { password = '' } = await fieldsOf(c);
    try {
      return await done(secret, password);
    } catch (error) {
      const how = { token: c.var.desk.token, action: c.req.path, purpose, person, problem: mendable(error) };
      return c.html(page(<ChoosePasswordPage {...how} />), 422);
    }
  };

  app.get('/invitation/:secret', c => show(c, 'invitation'));
  app.post('/invitation/:secret', c =>
    choose(c, 'invitation', async (secret, password) => {
      const { session } = await people.anew.accept(secret, password, c.var.desk.origin);
      setHubCookie(c, people, people.cookies.session, session);
      return c.redirect('/sign-in/continue', 303);
    }),
  );
  app.get('/password/:secret', c => show(c, 'reset'));
  app.post('/password/:secret', c =>
    choose(c, 'reset', async (secret, password) => {
      await people.anew.reset(secret, password, c.var.desk.origin);
      return c.redirect('/sign-in?notice=new-password', 303);
    }),
  );
  return app;
}
