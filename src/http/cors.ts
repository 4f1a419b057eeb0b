import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Clients } from '../auth/clients.ts';
import type { Clock } from '../clock.ts';
import { setHeader } from './answer.ts';

/** Milliseconds for which the origins of the apps are taken as they are. */
const remembered = 5000;

/** What a browser may send and read; credentials play no part, since the API knows no cookie. */
const preflight = {
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, Accept, If-Match, If-None-Match, If-None-Exist, If-Modified-Since, Prefer, X-Request-Id, X-Requested-With',
  'Access-Control-Max-Age': '600',
};
const readable =
  'ETag, Last-Modified, Location, Content-Location, X-Request-Id, Retry-After, WWW-Authenticate';

/**
 * https://fetch.spec.whatwg.org/#http-cors-protocol : pages of the apps that are registered may call from a browser,
 * known by the origins of their redirect URIs; to all others it is as if the hub had never heard of it.
 */
export function cors(
  clients: Pick<Clients, 'origins'>,
  clock: Clock,
): MiddlewareHandler<{ Bindings: HttpBindings }> {
  let known: { origins: ReadonlySet<string>; until: number } | undefined;
  const isKnown = async (origin: string) => {
    const now = clock.now().getTime();
    if (!known || now >= known.until) known = { origins: await clients.origins(), until: now + remembered };
    return known.origins.has(origin);
  };
  return async (c, next) => {
    vary(c);
    const origin = c.req.header('origin');
    if (origin === undefined || !(await isKnown(origin))) return next();
    set(c, 'Access-Control-Allow-Origin', origin);
    if (c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined) {
      for (const [name, value] of Object.entries(preflight)) c.header(name, value);
      c.header('Access-Control-Allow-Origin', origin);
      return c.body(null, 204);
    }
    set(c, 'Access-Control-Expose-Headers', readable);
    return next();
  };
}

const vary = (c: Context): void => set(c, 'Vary', 'Origin');

/** The authorization server writes its answer itself, past Hono. */
function set(c: Context, name: string, value: string): void {
  setHeader(c, name, value);
  const env: Partial<HttpBindings> | undefined = c.env;
  if (c.req.path.startsWith('/oauth/')) env?.outgoing?.setHeader(name, value);
}
