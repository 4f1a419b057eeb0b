import type { Context, MiddlewareHandler } from 'hono';
import { setCookie } from 'hono/cookie';
import { cookieIn } from '../../auth/accounts/cookies.ts';
import type { Accounts } from '../../auth/accounts/people.ts';
import { digestOf } from '../../auth/accounts/secret-hash.ts';
import type { Origin } from '../../auth/accounts/sessions.ts';
import type { Visitor } from '../../auth/accounts/visitor.ts';
import type { SignedInPerson } from '../../auth/people.ts';
import { randomSecret } from '../../auth/secrets.ts';
import { type ErrorKind, HubError } from '../../errors.ts';
import { requestOf } from '../../http/request.ts';

/** What the pages of people know of a request. */
export interface Desk {
  origin: Origin;
  visitor: Visitor | undefined;
  /** What each form of this browser and session carries. */
  token: string;
}

export type Env = { Variables: { desk: Desk } };
export type PageContext = Context<Env>;
/** As much of a request as says who comes. */
export type Came = { var: { desk: Desk } };

/** The name of the field that holds the token of a form. */
export const tokenField = 'form-token';

/**
 * Finds out who comes. A form is taken only with the token that this browser was given for this session
 * (https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
 */
export function desk(people: Accounts): MiddlewareHandler<Env> {
  return async (c, next) => {
    const cookie = c.req.header('cookie');
    const form = cookieIn(cookie, people.cookies.form) ?? newForm(c, people);
    const session = cookieIn(cookie, people.cookies.session) ?? '';
    const token = digestOf('form', `${form} ${session}`);
    const { address } = requestOf(c);
    const origin = { cookie, address, browser: c.req.header('user-agent') };
    c.set('desk', { origin, token, visitor: await people.sessions.visitor(cookie) });
    if (c.req.method === 'POST' && (await fieldsOf(c))[tokenField] !== token) throw foreign();
    await next();
  };
}

const foreign = (): HubError =>
  new HubError(
    'forbidden',
    'This form is not from this browser’s present session, so nothing was done. Go back, load the page again, and send it once more.',
  );

function newForm(c: Context, people: Accounts): string {
  const secret = randomSecret();
  setHubCookie(c, people, people.cookies.form, secret);
  return secret;
}

/** The fields of a form, each a text. */
export async function fieldsOf(c: Context): Promise<Record<string, string>> {
  const fields = await c.req.parseBody();
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** A cookie that scripts and other sites do not get. Without `days` it ends with the browser. */
export function setHubCookie(
  c: Context,
  { cookies }: Accounts,
  name: string,
  value: string,
  days?: number,
): void {
  setCookie(c, name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: cookies.secure,
    ...(days === undefined ? {} : { maxAge: days * 86_400 }),
  });
}

/** Has the browser forget what it keeps of pages (https://www.w3.org/TR/clear-site-data/): the next to sit there is somebody else. */
export const forgetPages = (c: Context): void => c.header('Clear-Site-Data', '"cache"');

/** The person, or HubError('unauthorized'), which leads to the sign-in. */
export function requirePerson(c: Came): { person: SignedInPerson; visitor: Visitor } {
  const { visitor } = c.var.desk;
  if (visitor?.person) return { person: visitor.person, visitor };
  throw new HubError('unauthorized', 'Sign in to see this page.');
}

/** A path of this hub, or nothing: nobody is sent elsewhere after the sign-in. */
export function localPath(text: string | undefined): string | undefined {
  if (text === undefined || !/^\/(?![/\\])[\x21-\x7e]{0,2000}$/.test(text) || text.includes('\\'))
    return undefined;
  const { origin, pathname, search } = new URL(text, 'http://hub.invalid');
  return origin === 'http://hub.invalid' ? `${pathname}${search}` : undefined;
}

/** The address of a page that goes on to `to` in the end. */
export const withReturn = (path: string, to: string | undefined): string =>
  to === undefined ? path : `${path}?return=${encodeURIComponent(to)}`;

const mendableKinds: readonly ErrorKind[] = [
  'invalid',
  'unprocessable',
  'too-large',
  'conflict',
  'precondition-failed',
  'forbidden',
  'unavailable',
  'not-found',
];

/** What to tell of an error that the person can mend on the page they are on; others are thrown on. */
export function mendable(error: unknown): HubError {
  if (error instanceof HubError && mendableKinds.includes(error.kind)) return error;
  throw error;
}
