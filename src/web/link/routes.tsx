import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import type { Logger } from 'pino';
import { browserLifetime } from '../../auth/links/confirmation.ts';
import type { LinkDesk, OpenedEntry, OpenedReferral } from '../../auth/links/link-desk.ts';
import type { Closed } from '../../auth/links/link-entrance.ts';
import { filled, isLanguage, languages, type Words } from '../../auth/links/words/words.ts';
import { HubError } from '../../errors.ts';
import { requestOf } from '../../http/request.ts';
import type { NetworkFacts } from '../../network.ts';
import { ClosedPage } from './closed-page.tsx';
import { CodePage } from './code-page.tsx';
import { numberField, readEntryForm } from './entry-form.ts';
import { EntryPage } from './entry-page.tsx';
import { languageOf } from './language.ts';
import { readLinkForm } from './link-form.ts';
import { ReferralPage } from './referral-page.tsx';

/** Where links are: `/l/{token}`. */
export const linkPath = '/l';

export interface LinkRoutes {
  desk: LinkDesk;
  network(): Promise<NetworkFacts>;
  /** Clients reach the hub by https. */
  secure: boolean;
  log: Pick<Logger, 'error'>;
}

/** The page behind a link. GET and HEAD show and change nothing: programs that check mails open them. */
export function linkRoutes({ desk, network, secure, log }: LinkRoutes): Hono {
  const app = new Hono();
  app.use(`${linkPath}/*`, secured, async (c, next) => {
    c.header('X-Robots-Tag', 'noindex, nofollow');
    c.header('Cache-Control', 'no-store');
    await next();
  });

  app.get(`${linkPath}/:token`, async c => {
    const opened = await desk.open(visitOf(c));
    if (opened.state !== 'valid') return closed(c, opened);
    const done = c.req.query('done') === '';
    const { done: thanks, entry } = wordsOf(c);
    const text = opened.shows === 'entry' ? entry.done : thanks;
    return shown(c, opened, done ? { good: true, text } : undefined);
  });

  app.post(`${linkPath}/:token`, limited, async c => {
    refuseForeign(c);
    const words = wordsOf(c);
    const form = new URLSearchParams(await c.req.text());
    const ofEntry = readEntryForm(form);
    if (ofEntry) {
      const said = await desk.answerEntry(visitOf(c), ofEntry);
      return said === 'done' ? c.redirect(again(c, true), 303) : closed(c, said.opened);
    }
    const { wanted, code, fields } = readLinkForm(form);
    const result = await desk.answer(visitOf(c), wanted, code);
    if (result.outcome === 'closed') return closed(c, result.opened);
    if (result.outcome === 'code-asked') return askCode(c, result.opened, fields);
    if (result.outcome === 'code-wrong') {
      const left = result.triesLeft;
      const wrong = left > 0 ? filled(words.code.wrong, { left: String(left) }) : words.code.spent;
      return askCode(c, result.opened, fields, wrong);
    }
    if (result.browser) remember(c, result.browser);
    if (result.outcome === 'moved') return refused(c, words.failed.moved, 409);
    return c.redirect(again(c, wanted !== 'show'), 303);
  });

  app.onError(async (error, c) => {
    const words = wordsOf(c);
    if (error instanceof HubError) {
      const text = said(error, words);
      if (text) return refused(c, text, error.status);
    } else log.error({ err: error }, 'the page of a link failed');
    const status = error instanceof HubError ? error.status : 500;
    return c.html(page(<ClosedPage words={words} network={(await network()).name} why="unknown" />), {
      status: status as 400,
    });
  });

  /** The page again, with what was wrong: reading it is a use like any other. */
  async function refused(c: Context, text: string, status: number): Promise<Response> {
    const opened = await desk.open(visitOf(c));
    return opened.state === 'valid' ? shown(c, opened, { good: false, text }, status) : closed(c, opened);
  }

  async function shown(
    c: Context,
    opened: OpenedReferral | OpenedEntry,
    said?: { good: boolean; text: string },
    status = 200,
  ): Promise<Response> {
    if (opened.shows === 'referral') return referral(c, opened, said, status);
    const props = { words: wordsOf(c), network: (await network()).name, opened, ...(said ? { said } : {}) };
    return c.html(page(<EntryPage {...props} />), { status: status as 200 });
  }

  async function referral(
    c: Context,
    opened: OpenedReferral,
    said?: { good: boolean; text: string },
    status = 200,
  ): Promise<Response> {
    const { name, timeZone } = await network();
    const props = { words: wordsOf(c), network: name, timeZone, opened, ...(said ? { said } : {}) };
    return c.html(page(<ReferralPage {...props} />), { status: status as 200 });
  }

  async function askCode(
    c: Context,
    opened: OpenedReferral,
    fields: Record<string, string>,
    wrong?: string,
  ): Promise<Response> {
    const { name } = await network();
    const content = (
      <CodePage words={wordsOf(c)} network={name} opened={opened} fields={fields} wrong={wrong} />
    );
    return c.html(page(content), wrong ? 403 : 200);
  }

  async function closed(c: Context, opened: Closed): Promise<Response> {
    const { name, phone } = await network();
    const words = wordsOf(c);
    const frame = { words, network: name };
    if (opened.state === 'unknown') {
      const asker = phone ? { name, phone } : undefined;
      if (opened.wait === 0) return c.html(page(<ClosedPage {...frame} why="unknown" asker={asker} />), 404);
      c.header('Retry-After', String(opened.wait));
      const values = { seconds: String(opened.wait) };
      return c.html(page(<ClosedPage {...frame} why="waiting" asker={asker} values={values} />), 429);
    }
    return c.html(page(<ClosedPage {...frame} why={opened.state} asker={opened.asker} />), 410);
  }

  function remember(c: Context, browser: string): void {
    setCookie(c, cookieName(secure), browser, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure,
      maxAge: browserLifetime / 1000,
    });
  }

  function visitOf(c: Context) {
    return {
      token: c.req.param('token') ?? '',
      browser: getCookie(c, cookieName(secure)),
      request: requestOf(c),
    };
  }

  return app;
}

/** `__Host-` ties a cookie to this host and to https: https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2 */
const cookieName = (secure: boolean): string => (secure ? '__Host-hub-link' : 'hub-link');

const wordsOf = (c: Context): Words =>
  languages[languageOf(c.req.query('lang'), c.req.header('accept-language'))];

/** The same page by GET, in the language that was chosen: relative, so that it holds behind any proxy. */
function again(c: Context, done: boolean): string {
  const lang = c.req.query('lang');
  const query = [...(isLanguage(lang) ? [`lang=${lang}`] : []), ...(done ? ['done='] : [])];
  return `?${query.join('&')}`;
}

const limited = bodyLimit({
  maxSize: 16 * 1024,
  onError: () => {
    throw new HubError('too-large', 'The form is too large.');
  },
});

/** A browser says where a form was sent from. Without a referrer the Origin is null even on the page itself. */
function refuseForeign(c: Context): void {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new HubError('forbidden', 'The form was sent from another site.');
}

/** What a person can do about it. */
function said(error: HubError, words: Words): string | undefined {
  if (error.kind === 'conflict') return words.failed.moved;
  if (error.kind === 'too-many-requests') return words.code.tooMany;
  if (error.kind === 'unavailable') return words.failed.notSent;
  const [problem] = error.problems;
  if (error.kind === 'precondition-failed') return words.entry.moved;
  if (problem?.expression === numberField) return words.entry.number;
  if (problem?.expression?.startsWith('Parameters.parameter')) return words.entry.contradicts;
  if (problem?.expression === 'Task.statusReason') return words.failed.chooseReason;
  return problem?.expression === 'Task.statusReason.text' ? words.failed.sayOther : undefined;
}

const secured = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: false,
});

const page = (content: { toString(): unknown }): string => `<!doctype html>\n${content}`;
