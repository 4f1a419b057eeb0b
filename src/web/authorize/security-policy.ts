import type { Context } from 'hono';

/** What the page to allow an app needs beside what every page has: nothing runs in it, and all of it is from here. */
export function consentPolicy(
  c: Pick<Context, 'header'>,
  { formsTo = [], frameAncestors = [] }: { formsTo?: readonly string[]; frameAncestors?: readonly string[] },
): void {
  const directives = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    `form-action ${["'self'", ...formsTo].join(' ')}`,
    "base-uri 'none'",
    `frame-ancestors ${frameAncestors.length > 0 ? frameAncestors.join(' ') : "'none'"}`,
  ];
  c.header('Content-Security-Policy', directives.join('; '));
  c.header('Referrer-Policy', 'no-referrer');
}
