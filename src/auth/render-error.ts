import type { Context } from 'oidc-provider/lib/provider.js';

/** Routes of oidc-provider that a person opens. */
const pages = new Set(['authorization', 'resume']);

/**
 * What a browser shows when a request to authorize cannot be answered to an app: it named none that is registered, or
 * an address that is not the app's, to which nothing is sent then. Machines get JSON.
 */
export async function renderAuthorizationError(
  ctx: Context,
  out: { error: string; error_description?: string },
): Promise<void> {
  const person = pages.has(ctx.oidc?.route ?? '') && ctx.get('accept').includes('text/html');
  if (!person) {
    ctx.type = 'json';
    ctx.body = out;
    return;
  }
  ctx.set('Content-Security-Policy', "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
  ctx.type = 'html';
  ctx.body = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>The app could not be opened</title><link rel="stylesheet" href="/assets/page.css"></head>
<body><main><h1>The app could not be opened</h1>
<p>It asked for something that this hub does not do: ${escaped(out.error_description ?? out.error)}.</p>
<p>Open the app again from where you started. If that does not help, tell who runs the app: <code>${escaped(out.error)}</code>.</p>
</main></body></html>`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, found => `&#${found.charCodeAt(0)};`);
