import { hash } from 'node:crypto';

/** What the database keeps of a session, a link or a device: 256 random bits need no slow hash. */
export const digestOf = (kind: string, secret: string): string =>
  hash('sha256', `${kind}\n${secret}`, 'base64url');
