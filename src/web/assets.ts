import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Hono } from 'hono';

/** What pages load from the hub itself, by the name that a page asks for it with. */
const files = {
  'page.css': { type: 'text/css; charset=utf-8', read: styles },
  'page.js': { type: 'text/javascript; charset=utf-8', read: scripts },
  'guide.css': { type: 'text/css; charset=utf-8', read: () => own('guide/guide.css') },
  'link.css': { type: 'text/css; charset=utf-8', read: () => own('link/link.css') },
  'packet.css': { type: 'text/css; charset=utf-8', read: () => own('packet/packet.css') },
  'icon.svg': { type: 'image/svg+xml', read: () => own('icon.svg') },
} as const;

export type AssetName = keyof typeof files;

interface Asset {
  path: string;
  type: string;
  body: string;
}

const made = new Map<string, Asset>();

/** The address of an asset. It changes with its content, so that a browser keeps it for as long as it likes. */
export const asset = (name: AssetName): string => assetOf(name).path;

function assetOf(name: AssetName): Asset {
  const known = made.get(name);
  if (known) return known;
  const { type, read } = files[name];
  const body = read();
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 12);
  const asset = { path: `/assets/${digest}/${name}`, type, body };
  made.set(name, asset);
  return asset;
}

/** Serves them. An address without a digest, or with that of an earlier version, leads to the present one. */
export function assetRoutes(): Hono {
  const app = new Hono();
  app.on('GET', ['/assets/:name', '/assets/:digest/:name'], (c, next) => {
    const name = c.req.param('name') ?? '';
    if (!isAsset(name)) return next();
    const { path, type, body } = assetOf(name);
    if (c.req.path !== path) return c.redirect(path, 302);
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    return c.body(body, 200, { 'Content-Type': type });
  });
  return app;
}

const isAsset = (name: string): name is AssetName => Object.hasOwn(files, name);

const own = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

const require = createRequire(import.meta.url);
const ofPackage = (name: string): string => readFileSync(require.resolve(name), 'utf8');

/** What all pages share comes first, paper last; between them a sheet for each group of pages. */
function sheets(): string[] {
  const first = ['tokens.css', 'base.css', 'shell.css', 'components.css'];
  const all = readdirSync(new URL('styles', import.meta.url)).sort();
  const groups = all.filter(name => !first.includes(name) && name !== 'print.css');
  return [...first, ...groups, 'print.css'];
}

/** The library's rules stand in a layer, so that any rule of our own wins over them, however plain its selector. */
function styles(): string {
  const library = ofPackage('@picocss/pico/css/pico.min.css').replace(/^@charset "UTF-8";/, '');
  const ours = sheets()
    .map(name => own(`styles/${name}`))
    .join('\n');
  return `@layer library {\n${library}\n}\n${ours}`;
}

/** htmx, its part for events from the server, and the few lines of our own, in one file. */
function scripts(): string {
  const library = ['htmx.org/dist/htmx.min.js', 'htmx.org/dist/ext/hx-sse.min.js'].map(ofPackage);
  return [...library, own('page.js')].join('\n;\n');
}
