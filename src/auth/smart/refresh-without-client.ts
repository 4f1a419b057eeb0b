import { Readable } from 'node:stream';
import type { Context } from 'oidc-provider/lib/provider.js';
import { routes } from '../endpoints.ts';

const longest = 56 * 1024;

/**
 * A public app refreshes with the token alone: SMART asks for no `client_id` there
 * (https://hl7.org/fhir/smart-app-launch/app-launch.html#request-6), and oidc-provider for one always. Whose token it
 * is, is known; that the client is a public one has been looked at.
 */
export function refreshWithoutClient(publicHolder: (refreshToken: string) => Promise<string | undefined>) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const form = ctx.get('content-type').startsWith('application/x-www-form-urlencoded');
    if (ctx.path !== routes.token || ctx.method !== 'POST' || !form || ctx.get('authorization') !== '')
      return next();
    const text = await bodyOf(ctx.req);
    if (text === undefined) {
      ctx.status = 413;
      ctx.body = { error: 'invalid_request', error_description: `a request has at most ${longest} bytes` };
      return;
    }
    const body = Buffer.from(await completed(text, publicHolder));
    ctx.req.headers['content-length'] = String(body.length);
    const { headers, url } = ctx.req;
    ctx.req = Object.assign(Readable.from([body], { objectMode: false }), { headers, url });
    await next();
  };
}

async function completed(
  text: string,
  publicHolder: (token: string) => Promise<string | undefined>,
): Promise<string> {
  const fields = new URLSearchParams(text);
  const token = fields.get('refresh_token');
  const names = ['client_id', 'client_assertion', 'client_secret'];
  if (fields.get('grant_type') !== 'refresh_token' || token === null || names.some(name => fields.has(name)))
    return text;
  const client = await publicHolder(token);
  return client === undefined ? text : `${text}&${new URLSearchParams({ client_id: client })}`;
}

async function bodyOf(stream: AsyncIterable<Buffer>): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > longest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
