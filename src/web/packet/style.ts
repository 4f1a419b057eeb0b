import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The look of a packet, also in the page itself: what is saved or printed stays readable without the hub. */
export const style = (): string => readFileSync(new URL('packet.css', import.meta.url), 'utf8');

/** Nothing runs in the page, nothing is fetched by it, and this one style is used. */
export const policyFor = (css: string): string =>
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
