import { secureHeaders } from 'hono/secure-headers';

/** Everything a page needs comes from here. What runs in it is one file; nothing in the page itself runs. */
export const secured = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    connectSrc: ["'self'"],
    styleSrc: ["'self'"],
    // The stylesheet holds the marks of checkboxes and selects as data.
    imgSrc: ["'self'", 'data:'],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  strictTransportSecurity: false,
});

/** A whole document. */
export const page = (content: { toString(): unknown }): string => `<!doctype html>\n${content}`;
