import { secureHeaders } from 'hono/secure-headers';

/** Everything a page needs comes from here, and nothing runs in it. */
export const secured = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  strictTransportSecurity: false,
});

/** A whole document. */
export const page = (content: { toString(): unknown }): string => `<!doctype html>\n${content}`;
