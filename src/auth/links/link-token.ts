import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { randomSecret } from '../secrets.ts';

/** What the address of a link ends in: the link's id, and 256 random bits. */
export interface LinkToken {
  id: string;
  secret: string;
}

const form = /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})$/;

export const newLinkToken = (): LinkToken => ({
  id: randomBytes(12).toString('base64url'),
  secret: randomSecret(),
});

export const formatLinkToken = ({ id, secret }: LinkToken): string => `${id}.${secret}`;

/** Undefined for anything that is not in the form of a token. */
export function parseLinkToken(text: string): LinkToken | undefined {
  const [, id, secret] = form.exec(text) ?? [];
  return id && secret ? { id, secret } : undefined;
}

export const hashOf = (secret: string): string => hash('sha256', secret, 'base64url');

/** Takes as long whatever differs. */
export function isSecretOf(secret: string, secretHash: string): boolean {
  const [given, expected] = [hashOf(secret), secretHash].map(text => Buffer.from(text, 'base64url'));
  return given !== undefined && expected !== undefined && given.length === expected.length
    ? timingSafeEqual(given, expected)
    : false;
}
