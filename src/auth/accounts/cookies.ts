import { parse } from 'hono/utils/cookie';

/**
 * The cookies of people. Behind TLS their names begin with `__Host-`, so that no other host or plain connection can
 * set them (https://www.rfc-editor.org/rfc/rfc6265bis).
 */
export interface CookieNames {
  /** The session. */
  session: string;
  /** A device on which its owner has signed in. */
  device: string;
  /** What forms are bound to before there is a session. */
  form: string;
  secure: boolean;
}

export function cookieNames(secure: boolean): CookieNames {
  const prefix = secure ? '__Host-' : '';
  return {
    session: `${prefix}hub-session`,
    device: `${prefix}hub-device`,
    form: `${prefix}hub-form`,
    secure,
  };
}

/** A cookie's value from the `Cookie` header of a request; undefined for what the hub would not have set. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  const value = header === undefined ? undefined : parse(header, name)[name];
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
}
